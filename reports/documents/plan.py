"""« Plan d'actions » : what was decided, action by action, for a committee or for the public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from actionplan.documents import action_state, amount
from actionplan.models import Action, ActionStatus, Orientation
from actionplan.one_page import measure_words, next_step, one_page, sheet_title
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Content,
    Contents,
    Heading,
    Missing,
    Section,
    Table,
)
from core.documents.declaration import registry
from core.errors import DomainError
from reports import queries
from reports.budget import PlanMoney, plan_money
from reports.documents import money_blocks, parts
from reports.documents.base import Document, Request, chosen_orientations
from reports.plan_chart import timelines
from reports.plan_sections import KEYS, PLAN_SECTIONS, chosen


@dataclass(frozen=True)
class Facts:
    """What every chapter is told from, read once."""

    request: Request
    orientations: list[Orientation]
    actions: list[Action]
    money: PlanMoney | None
    audience: Audience

    @property
    def label(self) -> str:
        return self.request.agreement.orientation_label

    @property
    def with_money(self) -> bool:
        return self.money is not None

    def of(self, orientation: Orientation) -> list[Action]:
        return [a for a in self.actions if a.orientation_id == orientation.pk]

    @property
    def progress(self) -> list[queries.OrientationProgress]:
        on = self.request.on
        return [
            queries.OrientationProgress(
                row,
                Counter(action.status for action in self.of(row)),
                sum(action.is_late_on(on) for action in self.of(row)),
            )
            for row in self.orientations
        ]


@registry.register
class PlanDocument(Document):
    identifier = "plan-actions"
    title = "Plan d'actions"
    description = "Le plan à lire ou à annexer : synthèse, tableau, calendrier, mesures, budget, une page par action."
    audience = Audience.COMMITTEE
    section_keys = KEYS
    needs_orientations = True
    prepare_page = "reports:plan_prepare"

    def missing(self, context: Request) -> str:
        if not Action.objects.filter(agreement=context.agreement).active().exists():
            return "Écrivez d'abord une action au plan."
        return ""

    def build(self, context: Request) -> Content:
        unknown = [key for key in context.sections if key not in KEYS]
        if unknown:
            raise DomainError(f"Chapitre inconnu : {', '.join(unknown)}.", field="sections")
        facts = gather(context)
        asked = chosen(context.sections, with_money=facts.with_money)
        if not asked:
            raise DomainError(
                "Ce chapitre ne contient que des montants : choisissez une édition avec les montants.",
                field="sections",
            )
        sections = [part for row in asked for part in CHAPTERS[row.key](facts)]
        meta = parts.meta(context.agreement, context.on)
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=subtitle(facts),
            audience=facts.audience,
            sections=(Section("", (Contents(),), numbered=False, identifier="sommaire"), *sections),
            meta=replace(meta, extra_lines=(*meta.extra_lines, *choices_told(facts, len(asked)))),
        )


def gather(request: Request) -> Facts:
    audience = Audience(request.audience or Audience.COMMITTEE)
    orientations = chosen_orientations(request)
    wanted = {row.pk for row in orientations}
    actions = [
        action
        for action in queries.full_actions(request.agreement)
        if action.orientation_id in wanted
    ]
    # A public document never has amounts, whatever was asked.
    with_money = request.with_money and audience != Audience.PUBLIC
    money = plan_money(request.agreement, wanted) if with_money else None
    return Facts(request, orientations, actions, money, audience)


def subtitle(facts: Facts) -> str:
    agreement = facts.request.agreement
    edition = "édition publique" if facts.audience == Audience.PUBLIC else "comité de pilotage"
    money = "" if facts.with_money else ", sans les montants"
    return f"CTG {agreement.period_label}, {edition}{money if facts.audience != Audience.PUBLIC else ''}"


def choices_told(facts: Facts, asked: int) -> tuple[str, ...]:
    """On the cover: a part must not be taken for the whole."""
    told = []
    everything = chosen((), with_money=facts.with_money)
    if asked < len(everything):
        told.append("Extrait : certains chapitres seulement.")
    if facts.request.orientations:
        titles = " ; ".join(fr.shortened(str(row), 60) for row in facts.orientations)
        told.append(
            f"{facts.label} retenue : {titles}."
            if len(facts.orientations) == 1
            else f"Retenu : {titles}."
        )
    return tuple(told)


# --- Chapters -------------------------------------------------------------------------------
def title_of(key: str) -> str:
    return next(row.title for row in PLAN_SECTIONS if row.key == key)


def summary(facts: Facts) -> list[Section]:
    rows = facts.progress
    late = [action for action in facts.actions if action.is_late_on(facts.request.on)]
    blocked = [a for a in facts.actions if a.status == ActionStatus.BLOCKED]
    counts: Counter[str] = Counter(action.status for action in facts.actions)
    sentence = parts.progress_sentence(counts, len(late))
    blocks: list[Block] = [parts.progress_told(rows, sentence), parts.progress_table(rows)]
    if blocked:
        blocks += [Heading("Ce qui est bloqué"), BulletList(tuple(parts.blocked_items(blocked)))]
    if late:
        blocks += [Heading("Ce qui est en retard"), BulletList(tuple(map(late_item, late)))]
    return [
        Section(
            title_of("synthese"), tuple(blocks), identifier="synthese", page_break=True,
            sheet="Avancement",
        )
    ]  # fmt: skip


def late_item(action: Action) -> str:
    lead = action.lead_organisation.short_name or str(action.lead_organisation)
    return f"**{action}** ({lead}), échéance du {fr.date_long(action.due_on)}."


def challenges(facts: Facts) -> list[Section]:
    """Each challenge with the actions that answer it, then those that answer none."""
    answered: dict[int, tuple[str, list[Action]]] = {}
    for action in facts.actions:
        for challenge in action.challenges.all():
            if not challenge.is_archived:
                answered.setdefault(challenge.pk, (challenge.title, []))[1].append(action)
    alone = [
        action
        for action in facts.actions
        if not any(not row.is_archived for row in action.challenges.all())
        and action.status != ActionStatus.DROPPED
    ]
    blocks: list[Block] = [
        Table(
            caption="Les enjeux et les actions qui y répondent",
            columns=(Column("Enjeu", width=4), Column("Actions", width=9)),
            rows=tuple(
                (title, " ; ".join(str(action) for action in rows))
                for title, rows in answered.values()
            ),
            empty="Aucune action n'est encore reliée à un enjeu.",
        )
    ]
    if alone:
        blocks += [
            Heading("Actions reliées à aucun enjeu"),
            BulletList(tuple(str(action) for action in alone)),
        ]
    return [Section(title_of("enjeux"), tuple(blocks), identifier="enjeux", sheet="Enjeux")]


def table(facts: Facts) -> list[Section]:
    """All the actions, on pages in landscape: a wide table is not cut."""
    label = facts.label
    money = (Column("Coût prévu", "keuros", width=4, total="sum"),) if facts.with_money else ()
    columns = (
        Column(label, width=6), Column("N°", width=3), Column("Action", width=14),
        Column("Pilote", width=7), Column("Échéance", "date", width=4), Column("Statut", "state", width=5),
        Column("Avanc.", "percent", width=3, decimals=0), *money,
    )  # fmt: skip
    rows = tuple(
        (
            str(action.orientation), action.code, action.title,
            action.lead_organisation.short_name or str(action.lead_organisation), action.due_on,
            action_state(action, facts.request.on),
            action.progress if action.has_begun else Missing("–"), *costs(facts, action),
        )
        for action in facts.actions
    )  # fmt: skip
    return [
        Section(
            title_of("tableau"),
            (
                Table(
                    caption=f"Les actions, par {label.lower()}", columns=columns, rows=rows, group_by=0,
                    total_row=facts.with_money, empty="Aucune action n'est encore écrite.", sheet="Actions",
                    note="Avancement : déclaré par le pilote ; rien n'est demandé d'une action qui n'a pas commencé.",
                ),
                whole_table(facts),
            ),
            landscape=True,
            identifier="tableau",
        )
    ]  # fmt: skip


def costs(facts: Facts, action: Action) -> tuple:
    return (amount(facts.money.cost(action=action)),) if facts.money else ()


def whole_table(facts: Facts) -> Table:
    """Every text of the sheets, for the workbook alone."""
    return Table(
        caption="Les fiches, champ par champ",
        columns=(
            Column("N°"), Column("Titre"), Column("En une phrase"), Column("Objectif"),
            Column("Structure pilote"), Column("Début", "date"), Column("Échéance", "date"),
            Column("Statut", "state"), Column("Avancement", "percent", decimals=0),
            Column("Où en est-on"), Column("Résultats attendus"), Column("Décision attendue"),
            Column("Thèmes"), Column("Enjeux"), Column("Partenaires"),
        ),
        rows=tuple(
            (
                action.code, action.title, action.summary, str(action.objective or ""),
                str(action.lead_organisation), action.starts_on or Missing("à fixer"), action.due_on,
                action_state(action, facts.request.on), action.progress if action.has_begun else Missing("–"),
                action.progress_note, action.expected_results, action.awaited_decision,
                " ; ".join(row.name for row in action.themes.all()),
                " ; ".join(row.title for row in action.challenges.all()),
                " ; ".join(str(row.organisation) for row in action.partners.all()),
            )
            for action in facts.actions
        ),
        sheet="Fiches",
        workbook_only=True,
    )  # fmt: skip


def calendar(facts: Facts) -> list[Section]:
    """The timeline of each orientation; then what comes next for each open action."""
    on = facts.request.on
    blocks: list[Block] = []
    for orientation in facts.orientations:
        actions = facts.of(orientation)
        for chart in timelines(str(orientation), facts.request.agreement, actions, on):
            frozen = chart.freeze()
            blocks.append(frozen)
            blocks.append(replace(Table.from_chart(frozen), sheet="Calendrier", workbook_only=True))
    steps = [
        (str(action.orientation), str(action), step.title if step else "aucune étape à venir",
         (step.due_on if step else None) or Missing("–"), action.due_on)
        for action in facts.actions
        if action.is_open
        for step in [next_step(action)]
    ]  # fmt: skip
    blocks.append(
        Table(
            caption="Prochaine étape de chaque action ouverte",
            columns=(
                Column(facts.label, width=6), Column("Action", width=8), Column("Prochaine étape", width=8),
                Column("Pour le", "date", width=3), Column("Échéance", "date", width=3),
            ),
            rows=tuple(steps), group_by=0, empty="Aucune action n'est ouverte.", sheet="Étapes",
        )
    )  # fmt: skip
    return [
        Section(title_of("calendrier"), tuple(blocks), identifier="calendrier", page_break=True)
    ]


def measures(facts: Facts) -> list[Section]:
    year = facts.request.year
    rows = [
        (str(action.orientation), action.code, measure.label, str(measure.get_kind_display()),
         measure_words(measure, year).removeprefix(f"{measure.label} : "))
        for action in facts.actions
        for measure in action.measures.all()
    ]  # fmt: skip
    return [
        Section(
            title_of("mesures"),
            (
                Table(
                    caption="Les mesures (indicateurs de suivi)",
                    columns=(
                        Column(facts.label, width=6), Column("Action", width=2), Column("Mesure", width=7),
                        Column("Nature", width=3), Column("Dernière valeur, cible, départ", width=9),
                    ),
                    rows=tuple(rows), group_by=0, empty="Aucune mesure n'est encore choisie.",
                    note="« pas encore de valeur » : la mesure n'a pas été relevée ; ce n'est pas un zéro.",
                    sheet="Mesures",
                ),
            ),
            identifier="mesures",
            page_break=True,
        )
    ]  # fmt: skip


def budget(facts: Facts) -> list[Section]:
    money = facts.money
    if money is None:
        return []
    return [
        Section(
            title_of("budget"),
            (
                *money_blocks.summary_blocks(money),
                money_blocks.by_year(money, sheet="Budget"),
                money_blocks.by_orientation(money, sheet="Budget"),
                money_blocks.by_funder(money, estimated=False, sheet="Financements"),
                *(
                    [money_blocks.by_funder(money, estimated=True, sheet="Financements")]
                    if money.brought(estimated=True) is not None
                    else []
                ),
            ),
            identifier="budget",
            page_break=True,
        )
    ]


def sheets(facts: Facts) -> list[Section]:
    """One page an action, after a page-less title that the table of contents needs."""
    with_people = facts.audience != Audience.PUBLIC
    return [
        Section(
            title_of("fiches"),
            (),
            identifier="fiches",
            page_break=True,
        ),
        *(
            Section(
                sheet_title(action),
                one_page(
                    action, facts.request.on, with_money=facts.with_money, with_people=with_people
                ),
                level=2,
                page_break=rank > 0,
                numbered=False,
                identifier=f"action-{action.pk}",
            )
            for rank, action in enumerate(facts.actions)
        ),
    ]


CHAPTERS: dict[str, Callable[[Facts], list[Section]]] = {
    "synthese": summary,
    "enjeux": challenges,
    "tableau": table,
    "calendrier": calendar,
    "mesures": measures,
    "budget": budget,
    "fiches": sheets,
}
