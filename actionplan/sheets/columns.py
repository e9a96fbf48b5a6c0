"""The sheets of the plan's workbook: their columns, and the names by which others call them.

The aliases are those read in published plans and in the tables that communes keep (« axe »,
« enjeu », « porteur », « échéance »…); the agreement's own level names come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from actionplan.models import (
    Action,
    ActionStatus,
    BudgetLine,
    Funding,
    FundingStage,
    Measure,
    StaffTime,
    Step,
)
from actionplan.sheets.known import ORGANISATION, PERSON, Known, shown
from agreements.models import Agreement
from core.formats import plain_key
from core.sheets import SheetColumn

PLAN, STEPS, BUDGET, STAFF = "Plan", "Étapes", "Budget", "Temps de travail"
FUNDINGS, MEASURES = "Financements", "Indicateurs de suivi"
ORDER = (PLAN, STEPS, BUDGET, STAFF, FUNDINGS, MEASURES)
MONEY = (BUDGET, STAFF, FUNDINGS)

STATUS_WORDS = {
    "a faire": ActionStatus.PLANNED, "a lancer": ActionStatus.PLANNED,
    "prevu": ActionStatus.PLANNED, "prevue": ActionStatus.PLANNED,
    "non demarre": ActionStatus.PLANNED, "non demarree": ActionStatus.PLANNED,
    "non commence": ActionStatus.PLANNED, "non commencee": ActionStatus.PLANNED,
    "a l'etude": ActionStatus.TO_DISCUSS, "en reflexion": ActionStatus.TO_DISCUSS,
    "en projet": ActionStatus.TO_DISCUSS,
    "engage": ActionStatus.IN_PROGRESS, "engagee": ActionStatus.IN_PROGRESS,
    "demarre": ActionStatus.IN_PROGRESS, "demarree": ActionStatus.IN_PROGRESS,
    "en cours de realisation": ActionStatus.IN_PROGRESS,
    "suspendu": ActionStatus.PAUSED, "suspendue": ActionStatus.PAUSED,
    "reporte": ActionStatus.PAUSED, "reportee": ActionStatus.PAUSED,
    "bloque": ActionStatus.BLOCKED,
    "realise": ActionStatus.DONE, "termine": ActionStatus.DONE, "terminee": ActionStatus.DONE,
    "acheve": ActionStatus.DONE, "achevee": ActionStatus.DONE, "fait": ActionStatus.DONE,
    "faite": ActionStatus.DONE,
    "abandonne": ActionStatus.DROPPED, "annule": ActionStatus.DROPPED,
    "annulee": ActionStatus.DROPPED,
}  # fmt: skip
"""Words met in other people's tables, beside ours."""


def parse_status(text: str) -> str:
    wanted = plain_key(text)
    for value, label in ActionStatus.choices:
        if plain_key(label) == wanted:
            return str(value)
    if wanted in STATUS_WORDS:
        return str(STATUS_WORDS[wanted].value)
    if wanted == "en retard":
        raise ValueError("le retard se calcule d'après l'échéance : choisissez un statut")
    raise ValueError(f"« {text} » n'est pas un statut de la liste")


LONG = 46


def _as_typed(text: str) -> str:
    return " ".join(text.split())


def _suggested(
    key: str,
    title: str,
    names: Iterable[str],
    parse: Callable[[str], Any] = _as_typed,
    **given: Any,
) -> SheetColumn:
    """A text with a list to pick from: what the list does not hold is weighed with all that the
    workbook brings."""
    choices = tuple((name, name) for name in names)
    return SheetColumn(key, title, "choice", choices=choices, parse=parse, show=str, **given)


def _several(key: str, title: str, parse: Callable[[str], Any], **given: Any) -> SheetColumn:
    return SheetColumn(key, title, parse=parse, show=shown, **given)


def _of(model: Any, name: str, kind: Any = "text", title: str = "", **given: Any) -> SheetColumn:
    """A column that holds a field as it is, under the name that the pages give it."""
    field = model._meta.get_field(name)
    label = title or str(field.verbose_name)
    length = field.max_length if kind == "text" else None
    return SheetColumn(name, label[0].upper() + label[1:], kind, max_length=length, **given)


def level_columns(agreement: Agreement, known: Known) -> list[SheetColumn]:
    told = "Numéro et intitulé : « 1. Petite enfance ». Seul sur sa ligne, il crée ou renomme le niveau."
    columns = [
        _suggested(
            "orientation", agreement.orientation_label, known.orientation_labels, width=30, help=told,
            aliases=(
                "axe", "enjeu", "orientation", "axe stratégique", "orientation stratégique",
                "libellé de l'axe", "intitulé de l'axe", "volet", "axes", "orientations", "enjeux",
            ),
        )
    ]  # fmt: skip
    if agreement.uses_objectives or known.objective_labels:
        columns.append(
            _suggested(
                "objective", agreement.objective_label, known.objective_labels, width=30, help=told,
                aliases=("objectif", "objectifs", "objectif stratégique", "objectif général", "sous-axe"),
            )
        )  # fmt: skip
    if agreement.uses_sub_objectives or known.sub_objective_labels:
        columns.append(
            _suggested(
                "sub_objective", agreement.sub_objective_label, known.sub_objective_labels, width=30,
                help=told, aliases=("objectif opérationnel", "sous-objectif", "objectif spécifique"),
            )
        )  # fmt: skip
    return columns


def plan_columns(agreement: Agreement, known: Known) -> tuple[SheetColumn, ...]:
    organisations, people = known.organisation_names, known.contact_names
    several = "Plusieurs valeurs : séparées par un point-virgule."
    return (
        *level_columns(agreement, known),
        _of(Action, "code", title="Numéro", width=9, help="Laissé vide, le numéro suivant est donné.", aliases=("n°", "n", "no", "num", "code", "numéro de l'action", "action_code", "n° action", "n° fiche", "numéro de fiche", "code action")),
        _of(Action, "title", title="Action", width=36, aliases=("intitulé", "intitulé de l'action", "titre", "titre de l'action", "nom de l'action", "libellé de l'action", "actions", "fiche action", "libellé", "action prévue")),
        _of(Action, "summary", title="En une phrase", width=40, help="Ce que l'action fait, pour qui. Lue par les élus.", aliases=("résumé", "en bref", "présentation", "phrase", "en quelques mots")),
        status_column(),
        _suggested("lead_organisation", "Structure pilote", organisations, known.read_organisation, creates=ORGANISATION, width=24, aliases=("pilote", "porteur", "structure", "structure porteuse", "porteur de projet", "porteur de l'action", "maître d'ouvrage", "pilote de l'action", "responsable", "service pilote", "structure responsable")),
        _suggested("lead_contact", "Personne pilote", people, known.read_person, creates=PERSON, width=20, aliases=("référent", "contact", "référent technique", "personne référente", "chef de projet", "agent référent")),
        _of(Action, "starts_on", "date", partial="first", width=12, aliases=("date de début", "debut", "début de l'action", "démarrage", "date de démarrage", "date début", "lancement")),
        _of(Action, "due_on", "date", partial="last", width=12, aliases=("fin", "date de fin", "délai", "échéances", "date fin", "date d'échéance", "terme", "pour le")),
        _of(Action, "progress", "percent", title="Avancement", width=15, help="De 0 à 100 %.", aliases=("% d'avancement", "taux d'avancement", "pourcentage", "% réalisé", "avancement (%)", "taux de réalisation")),
        *follow_up_columns(),
        _several("themes", "Thèmes", known.read_themes, width=22, help=several, aliases=("thème", "thématique", "thématiques")),
        _several("challenges", "Enjeux du diagnostic", known.read_challenges, width=30, help=several, aliases=("enjeux du territoire", "enjeu du diagnostic")),
        _several("partners", "Partenaires", known.read_partners, creates=ORGANISATION, width=30, help="Séparés par un point-virgule ; le rôle entre parenthèses : « MSA (financeur) ». Sans rôle : associé.", aliases=("partenaire", "partenariat", "partenariats", "partenaires associés", "acteurs", "partenaires mobilisés")),
        _suggested("elected_sponsor", "Élu référent", people, known.read_person, creates=PERSON, width=20, aliases=("élu", "élue", "élu référente", "élu(e) référent(e)", "élue référente")),
        _of(Action, "target_public", width=24, aliases=("public cible", "publics", "public visé", "cible", "bénéficiaires")),
        _of(Action, "area", width=22, aliases=("territoire", "secteur", "périmètre", "localisation")),
        _of(Action, "context", width=LONG, aliases=("constat", "constats", "contexte", "constat_ou_public", "diagnostic", "problématique", "besoins", "constat de départ")),
        _of(Action, "expected_results", width=LONG, aliases=("résultats", "résultat attendu", "effets attendus", "impacts attendus", "finalité")),
        _of(Action, "description", width=LONG, aliases=("descriptif", "contenu", "modalités", "mise en œuvre", "description de l'action", "détail")),
        _of(Action, "steering_body", width=24, aliases=("instance", "instances", "gouvernance", "instance de pilotage", "groupe de travail", "comité", "instance de gouvernance")),
        _of(Action, "human_means", width=LONG, aliases=("moyens", "ressources humaines", "rh")),
        _of(Action, "material_means", width=LONG, aliases=("moyens techniques", "moyens matériels et techniques")),
        _of(Action, "participation", width=LONG, aliases=("participation citoyenne", "place des habitants")),
        _of(Action, "awaited_decision", width=LONG, aliases=("arbitrage", "arbitrage attendu")),
        _of(Action, "legal_codes", width=16, help="Codes séparés par des points-virgules : « 2° ; 4° a »."),
        _of(Action, "origin", "choice", choices=tuple(Action.Origin.choices), width=14),
        _of(Action, "priority", "choice", choices=tuple(Action.Priority.choices), width=12, aliases=("niveau de priorité",)),
    )  # fmt: skip


def status_column() -> SheetColumn:
    labels = dict(ActionStatus.choices)
    return SheetColumn(
        "status", "Statut", "choice", choices=tuple(ActionStatus.choices), parse=parse_status,
        show=lambda value: labels.get(value, str(value)), width=14,
        help="À choisir dans la liste. Le retard se calcule, il ne s'écrit pas.",
        aliases=("état", "état d'avancement", "statut de l'action", "situation"),
    )  # fmt: skip


def follow_up_columns() -> tuple[SheetColumn, ...]:
    """What is said of an action as it goes, by its lead as by the coordinator."""
    return (
        _of(Action, "progress_note", title="Où en est-on", width=LONG, aliases=("commentaire", "commentaires", "observations", "point d'étape", "suivi", "bilan", "avancées", "dernier point", "remarques")),
        _of(Action, "difficulties", width=LONG, aliases=("difficultés", "freins", "freins et leviers", "leviers")),
        _of(Action, "blocked_cause", width=26, help="Nécessaire pour une action bloquée, avec les deux colonnes suivantes."),
        _of(Action, "unblock_condition", width=26),
        _of(Action, "blocked_review_on", "date", width=12),
        _of(Action, "dropped_reason", width=26, help="Nécessaire pour une action abandonnée."),
    )  # fmt: skip


def action_column(labels: Iterable[str]) -> SheetColumn:
    return _suggested(
        "action", "Action", labels, width=38, help="L'action, comme dans la feuille « Plan » : son numéro suffit.",
        aliases=("numéro de l'action", "action_code", "fiche action", "n° action"),
    )  # fmt: skip


YEAR_ALIASES = ("annee", "exercice", "an")


def step_columns(labels: Iterable[str], known: Known | None) -> tuple[SheetColumn, ...]:
    """``known`` None: nobody is named (a partner sees no list of people)."""
    columns = [
        action_column(labels),
        _of(Step, "title", width=44, aliases=("intitulé", "étapes", "jalon", "tâche")),
        _of(
            Step,
            "due_on",
            "date",
            partial="last",
            width=13,
            aliases=("échéance", "date prévue", "date"),
        ),
        _of(Step, "done_on", "date", width=13, aliases=("date de réalisation", "réalisée le")),
    ]
    if known is not None:
        columns.append(
            _suggested(
                "owner",
                "Responsable",
                known.contact_names,
                known.read_person,
                creates=PERSON,
                width=24,
                aliases=("porteur", "référent"),
            )
        )
    return tuple(columns)


def budget_columns(labels: Iterable[str]) -> tuple[SheetColumn, ...]:
    return (
        action_column(labels),
        _of(BudgetLine, "year", "integer", width=10, aliases=YEAR_ALIASES),
        _of(BudgetLine, "nature", "choice", choices=tuple(BudgetLine.Nature.choices), width=18),
        _of(BudgetLine, "label", width=34, aliases=("libellé", "poste de dépense", "objet")),
        _of(BudgetLine, "planned", "amount", width=16, aliases=("prévu", "prévisionnel", "montant prévu", "budget", "montant")),
        _of(BudgetLine, "spent", "amount", width=16, aliases=("dépensé", "réalisé", "réel")),
    )  # fmt: skip


def staff_columns(labels: Iterable[str]) -> tuple[SheetColumn, ...]:
    return (
        action_column(labels),
        _of(StaffTime, "year", "integer", width=10, aliases=YEAR_ALIASES),
        _of(StaffTime, "planned", "decimal", width=14, aliases=("etp", "etp prévu", "prévu")),
        _of(StaffTime, "spent", "decimal", width=14, aliases=("etp réalisé", "réalisé")),
    )


def funding_columns(labels: Iterable[str], known: Known) -> tuple[SheetColumn, ...]:
    return (
        action_column(labels),
        _suggested("funder", "Financeur", known.organisation_names, known.read_organisation, creates=ORGANISATION, width=26, aliases=("financeurs", "organisme")),
        _of(Funding, "scheme", width=24, aliases=("aide", "ligne", "appel à projets")),
        _of(Funding, "year", "integer", width=10, aliases=YEAR_ALIASES),
        _of(Funding, "stage", "choice", choices=tuple(FundingStage.choices), width=16, aliases=("état", "statut")),
        _of(Funding, "amount", "amount", width=16, aliases=("montant",)),
        _of(Funding, "stated_on", "date", width=13, aliases=("date",)),
        _of(Funding, "is_estimate", "choice", choices=YES_NO, width=13),
        _of(Funding, "basis", width=34),
    )  # fmt: skip


YES_NO = ((True, "oui"), (False, "non"))


def measure_columns(
    agreement: Agreement, labels: Iterable[str], *, whole: bool = True
) -> tuple[SheetColumn, ...]:
    """``whole`` False: what a lead partner sees and fills, the values of the years."""
    reason = "Demandé pour changer une cible ou une valeur déjà dite ; gardé dans l'historique."
    frame = (
        _of(Measure, "kind", "choice", choices=tuple(Measure.Kind.choices), width=14, aliases=("type",)),
        _of(Measure, "direction", "choice", choices=tuple(Measure.Direction.choices), width=18),
        _of(Measure, "decimals", "integer", width=11, help="Chiffres après la virgule."),
        _of(Measure, "baseline", "decimal", width=14, aliases=("valeur initiale", "état initial")),
        _of(Measure, "baseline_year", "integer", width=12),
        _of(Measure, "source", width=26, aliases=("source des données",)),
    )  # fmt: skip
    years = [
        column
        for year in agreement.years
        for column in (
            SheetColumn(f"target_{year}", f"Cible {year}", "decimal", width=12, aliases=(f"objectif {year}",)),
            SheetColumn(f"value_{year}", f"Valeur {year}", "decimal", width=12, aliases=(f"réalisé {year}", str(year))),
        )
    ]  # fmt: skip
    return (
        _suggested(
            "action", "Action ou niveau suivi", labels, width=38, aliases=("action", "numéro de l'action"),
            help="L'action que la mesure suit (son numéro suffit), ou une orientation du plan.",
        ),
        _of(Measure, "label", width=38, aliases=("indicateur", "indicateurs", "intitulé", "indicateur de suivi")),
        _of(Measure, "unit", width=14),
        *(frame if whole else ()),
        *years,
        SheetColumn("reason", "Motif du changement", width=34, max_length=300, help=reason),
    )  # fmt: skip


def foreign_columns() -> tuple[SheetColumn, ...]:
    """Read in other people's tables only: what they put in one cell, this workbook puts in rows."""
    return (
        SheetColumn("orientation_code", "Numéro du premier niveau", aliases=("axe_code", "n° axe", "numéro de l'axe", "code axe", "orientation_code", "n° orientation")),
        SheetColumn("objective_code", "Numéro du deuxième niveau", aliases=("objectif_code", "n° objectif", "code objectif")),
        SheetColumn("budget_total", "Budget en un seul total", aliases=("budget_eur", "budget", "coût", "budget total", "budget prévisionnel", "coût prévisionnel", "montant", "coût total", "budget (€)")),
        SheetColumn("funders", "Financeurs de l'action", aliases=("financeurs", "financeur", "financement", "financements", "cofinanceurs")),
        SheetColumn("measures", "Indicateurs de l'action", aliases=("indicateurs", "indicateur", "indicateurs de suivi", "indicateurs d'évaluation", "indicateur de résultat", "évaluation")),
        SheetColumn("period_start", "Début de la période du plan", aliases=("periode_debut", "début de période")),
        SheetColumn("period_end", "Fin de la période du plan", aliases=("periode_fin", "fin de période")),
    )  # fmt: skip
