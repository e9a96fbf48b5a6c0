"""Bilan annuel: the annual evaluation for the Caf, in PDF, workbook and Word.

Two editions from the same frame: provisoire (December COPIL, amounts planned or updated) and
définitive (spring, actual amounts). In the first year there is no previous year to compare with:
columns show « valeur de départ (année) ».
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from actionplan import documents as sheets
from actionplan.models import Action, FollowUpNote, Funding, Measure
from actionplan.queries import latest_fundings
from agreements.models import Agreement, Amendment, Competence, Signatory, Snapshot
from committees import queries as committees
from committees.models import Decision, Meeting
from core import formats as fr
from core.amounts import add
from core.documents.content import (
    Block,
    BulletList,
    Callout,
    Column,
    Content,
    Contents,
    Heading,
    KeyValues,
    Missing,
    Paragraph,
    Section,
    SignatureBlock,
    State,
    Table,
)
from core.documents.declaration import registry
from evaluation import queries as evaluation
from evaluation.models import EvaluationYear, Gap
from participation.models import Consultation
from reports import queries
from reports.documents import parts
from reports.documents.base import Document, Request, check_year
from territory.comparison import key_figures

FIGURES_SHOWN = 7
EDITIONS = dict(Snapshot.Edition.choices)
ANSWER_TONES = {"yes": "success", "partly": "warning", "no": "danger", "too_early": "neutral"}


@registry.register
class BilanAnnuel(Document):
    identifier = "bilan-annuel"
    title = "Bilan annuel"
    description = "L'évaluation de l'année, pour la Caf : avancement, offre, mesures, moyens, écarts. Le classeur porte les mêmes nombres, au centime."
    formats = ("pdf", "xlsx", "docx")
    needs_year = True

    def file_name(self, context: Request) -> str:
        return f"bilan-annuel-{context.year}"

    def build(self, context: Request) -> Content:
        check_year(context)
        agreement, year = context.agreement, context.year
        campaign = evaluation.campaign_of(agreement, year) or EvaluationYear(
            agreement=agreement, year=year
        )
        actions = queries.full_actions(agreement)
        figures = key_figures(agreement, context.on)
        gaps = list(evaluation.explained_gaps(agreement, year))
        edition = context.edition or Snapshot.Edition.PROVISIONAL
        final = edition == Snapshot.Edition.FINAL
        sections = [
            Section("", (Contents(),), numbered=False, identifier="sommaire"),
            identity_section(agreement),
            summary_section(campaign),
            governance_section(agreement, campaign),
            context_section(campaign, figures),
            offer_section(agreement, year),
            progress_section(context, actions),
            *orientation_sections(context, actions),
            measures_section(agreement, year, gaps),
            facilities_means_section(agreement, year, final=final),
            actions_means_section(agreement, year, actions, final=final),
            people_section(agreement, campaign),
            *questions_section(campaign),
            gaps_section(gaps),
            next_year_section(campaign),
            parts.sources_section(sorted({figure.source for figure in figures})),
        ]
        sections.append(parts.glossary_section(sections))
        return Content(
            identifier=self.identifier,
            title=f"Bilan annuel {year}",
            subtitle=f"Édition {EDITIONS[edition]}",
            audience=self.audience,
            sections=tuple(sections),
            meta=parts.meta(
                agreement, context.on, tuple(sorted({figure.source for figure in figures}))
            ),
        )


def identity_section(agreement: Agreement) -> Section:
    """Who signed what, when, for which territory, with which competences."""
    signatories = Signatory.objects.filter(agreement=agreement)
    amendments = Amendment.objects.filter(agreement=agreement)
    competences = Competence.objects.filter(agreement=agreement)
    communes = [str(commune) for commune in agreement.communes.order_by("name")]
    facts = [
        ("Convention", f"CTG {agreement.period_label}, {agreement.get_status_display()}"),
        ("Période", fr.period(agreement.starts_on, agreement.ends_on)),
        ("Délibération", _act(agreement.deliberated_on, agreement.deliberation_number)),
        ("Accord de la Caf", _act(agreement.caf_approved_on)),
        ("Signature", _act(agreement.signed_on)),
        ("Communes", ", ".join(communes)),
        (
            "Avenants",
            " ; ".join(f"n° {row.number} : {row.subject}" for row in amendments) or "aucun",
        ),
    ]
    return Section(
        "Identité de la convention",
        (
            KeyValues(tuple(facts)),
            Table(
                caption="Signataires",
                columns=(
                    Column("Signataire", width=4),
                    Column("Nature", width=2),
                    Column("Représenté par", width=4),
                ),
                rows=tuple(
                    (row.name, row.get_kind_display(), row.represented_by or "–")
                    for row in signatories
                ),
                empty="Les signataires ne sont pas encore saisis.",
            ),
            Table(
                caption="Compétences",
                columns=(
                    Column("Compétence", width=4),
                    Column("Exercée par", width=2),
                    Column("Précision", width=4),
                ),
                rows=tuple(
                    (row.subject, row.get_holder_display(), row.note or "–") for row in competences
                ),
                empty="Le tableau des compétences n'est pas encore saisi.",
            ),
        ),
        sheet="Identité",
        page_break=True,
        identifier="identite",
    )


def _act(day: object, reference: str = "") -> str:
    if day is None:
        return "date à préciser"
    return f"{fr.date_long(day)}{f', n° {reference}' if reference else ''}"  # type: ignore[arg-type]


def summary_section(campaign: EvaluationYear) -> Section:
    """Signed by whoever presides over the steering committee, and by the Caf."""
    chairs = [
        f"{row.contact}, {row.role}" if row.role else str(row.contact)
        for row in committees.chairs(campaign.agreement, date(campaign.year, 12, 31))
    ]
    return Section(
        "Synthèse",
        (
            Paragraph(
                sheets.text(campaign.summary, "La synthèse de l'année reste à écrire."), "lead"
            ),
            SignatureBlock(
                (
                    ("Pour la collectivité", " ; ".join(chairs) or "l'élu ou l'élue référente"),
                    ("Pour la Caf", campaign.agreement.caf_name),
                )
            ),
        ),
        identifier="synthese",
    )


def governance_section(agreement: Agreement, campaign: EvaluationYear) -> Section:
    """Meetings, attendance by organisation, and the time spent steering."""
    meetings = queries.meetings_of_year(agreement, campaign.year)
    rows = [
        (
            meeting.on,
            meeting.committee.name,
            meeting.get_state_display(),
            _present(meeting),
        )
        for meeting in meetings
    ]
    attendance = queries.attendance_of_year(agreement, campaign.year)
    fte = campaign.steering_fte if campaign.steering_fte is not None else agreement.steering_fte
    return Section(
        "Gouvernance",
        (
            KeyValues(
                (
                    (
                        "Temps de pilotage",
                        f"{fr.number(fte, 2)} ETP" if fte is not None else Missing(),
                    ),
                    (
                        "Réunions tenues",
                        str(sum(meeting.state == Meeting.State.HELD for meeting in meetings)),
                    ),
                    (
                        "Décisions prises",
                        str(
                            Decision.objects.filter(
                                agreement=agreement, decided_on__year=campaign.year
                            ).count()
                        ),
                    ),
                )
            ),
            Table(
                caption="Réunions de l'année",
                columns=(
                    Column("Date", "date", width=2),
                    Column("Instance", width=5),
                    Column("État", width=2),
                    Column("Présents", "integer", width=2),
                ),
                rows=tuple(rows),
                empty="Aucune réunion cette année.",
            ),
            Table(
                caption="Présence par organisation",
                columns=(
                    Column("Organisation", width=5),
                    Column("Invitations", "integer", width=2),
                    Column("Présences", "integer", width=2),
                ),
                rows=tuple((row.organisation, row.invited, row.attended) for row in attendance),
                note="Une personne représentée compte comme présente.",
                empty="Aucune présence n'est encore enregistrée.",
            ),
        ),
        sheet="Gouvernance",
        identifier="gouvernance",
    )


def _present(meeting: Meeting) -> int | Missing:
    """How many came, or were represented; a meeting whose list nobody kept has no figure."""
    if meeting.state != Meeting.State.HELD:
        return Missing("annulée" if meeting.state == Meeting.State.CANCELLED else "à venir")
    rows = meeting.attendances.all()
    if not rows:
        return Missing("non saisi")
    return sum(row.status in ("present", "represented") for row in rows)


def context_section(campaign: EvaluationYear, figures: list) -> Section:
    blocks: list[Block] = [Paragraph(sheets.text(campaign.context_changes, "À écrire."))]
    figure_columns = (
        Column("Indicateur", width=4), Column("Valeur", width=2), Column("Lecture", width=4), Column("Source", width=4),
    )  # fmt: skip
    figure_rows = tuple(
        (row.label, row.value_text, row.comparison or "–", row.source) for row in figures
    )
    if figures:
        blocks.append(
            Table(
                caption="Chiffres clés du territoire",
                columns=figure_columns,
                rows=figure_rows[:FIGURES_SHOWN],
            )
        )
        blocks.append(
            Table(
                caption="Tous les chiffres comparés",
                columns=figure_columns,
                rows=figure_rows,
                workbook_only=True,
            )
        )
    return Section(
        "Ce qui a changé dans le contexte", tuple(blocks), sheet="Contexte", identifier="contexte"
    )


def offer_section(agreement: Agreement, year: int) -> Section:
    """Facilities at the start, this year and planned; created, kept, closed."""
    rows = queries.offer(agreement, year)
    first = agreement.starts_on.year
    return Section(
        "Offre : équipements et services",
        (
            Table(
                caption="Capacités par équipement",
                columns=(
                    Column("Équipement", width=6),
                    Column("Gestionnaire", width=3),
                    Column("Unité", width=2),
                    Column(f"Avant {first}", "decimal", width=2, decimals=2, mixed_units=True),
                    Column(str(year), "decimal", width=2, decimals=2, mixed_units=True),
                    Column("Prévu", "decimal", width=2, decimals=2, mixed_units=True),
                    Column("Évolution", width=2),
                ),
                rows=tuple(
                    (
                        row.facility.name,
                        row.facility.manager.short_name or row.facility.manager.name,
                        row.unit,
                        sheets.amount(row.start),
                        sheets.amount(row.now),
                        sheets.amount(row.planned),
                        row.change,
                    )
                    for row in rows
                ),
                note="Les unités diffèrent (places, heures, ETP…) : elles ne s'additionnent pas.",
                empty="Aucun équipement n'est encore saisi.",
            ),
        ),
        sheet="Offre",
        identifier="offre",
    )


def progress_section(context: Request, actions: list[Action]) -> Section:
    rows = queries.progress_by_orientation(context.agreement, context.on)
    late = sum(row.late for row in rows)
    sentence = parts.progress_sentence(queries.status_counts(context.agreement), late)
    summary = Table(
        caption="État de chaque action",
        columns=(
            Column("N°", width=1),
            Column("Action", width=6),
            Column("Pilote", width=3),
            Column("Échéance", "date", width=2),
            Column("Statut", "state", width=2),
            Column("Avancement", "percent", width=2, decimals=0),
        ),
        rows=tuple(
            (
                action.code,
                action.title,
                action.lead_organisation.short_name or action.lead_organisation.name,
                action.due_on,
                sheets.action_state(action, context.on),
                Decimal(action.progress) if action.has_begun else Missing("non commencée"),
            )
            for action in actions
        ),
        empty="Aucune action n'est encore écrite.",
        workbook_only=True,
    )
    return Section(
        "Avancement du plan",
        (
            parts.progress_told(rows, sentence),
            parts.progress_table(rows),
            summary,
        ),
        sheet="Avancement",
        identifier="avancement",
    )


def orientation_sections(context: Request, actions: list[Action]) -> list[Section]:
    """A block per action that has begun: done, obstacle or lever, next, measure."""
    sections = []
    for code, orientation in {
        action.orientation.code: action.orientation for action in actions
    }.items():
        begun = [
            action
            for action in actions
            if action.orientation_id == orientation.pk and action.has_begun
        ]
        waiting = [
            action
            for action in actions
            if action.orientation_id == orientation.pk and not action.has_begun
        ]
        blocks: list[Block] = []
        for action in begun:
            blocks += _action_block(action, context.year)
        if waiting:
            blocks.append(
                Paragraph(
                    "Actions non commencées : "
                    + " ; ".join(f"{row.code} {row.title}" for row in waiting)
                    + ".",
                    "note",
                )
            )
        sections.append(
            Section(
                f"{context.agreement.orientation_label} {code} – {orientation.title}",
                tuple(blocks),
                level=2,
                identifier=f"orientation-{code}",
            )
        )
    return sections


def _action_block(action: Action, year: int) -> list[Block]:
    kinds = FollowUpNote.Kind
    notes = [note for note in action.notes.all() if note.on.year == year]
    hard = [
        note.text for note in notes if note.kind in (kinds.OBSTACLE, kinds.LEVER, kinds.ARBITRATION)
    ]
    coming = [step for step in action.steps.all() if step.done_on is None]
    lines = [f"**Fait** : {action.progress_note or action.dropped_reason or 'à compléter'}"]
    if action.blocked_cause and action.status == "blocked":
        lines.append(
            f"**Blocage** : {action.blocked_cause}. Pour débloquer : {action.unblock_condition}."
        )
    elif hard:
        lines.append(f"**Frein ou levier** : {hard[0]}")
    if coming:
        step = coming[0]
        when = f" ({fr.date_long(step.due_on)})" if step.due_on else ""
        lines.append(f"**Suite** : {step.title}{when}.")
    lines += [
        f"**Mesure** : {sheets.measure_words(measure, year).rstrip('.')}."
        for measure in action.measures.all()
    ]
    heading = f"{action.code} {action.title} – {action.get_status_display()}"
    return [Heading(heading, 3), BulletList(tuple(lines))]


def measures_section(agreement: Agreement, year: int, gaps: list[Gap]) -> Section:
    """Start, target, value, gap, comment (or the reason given for the gap); last year's value from the second year on."""
    with_previous = agreement.year_rank(year) > 1
    explained = {gap.measure_id: gap.explanation for gap in gaps if gap.measure_id}
    rows = [
        replace(row, comment=row.comment or explained.get(row.measure.pk, ""))
        for row in evaluation.measures_of_year(agreement, year)
    ]
    columns = [
        Column("N°", width=3),
        Column("Mesure", width=15),
        Column("Départ (année)", width=6) if not with_previous else Column("Départ", width=6),
        *([Column(str(year - 1), "decimal", width=3, decimals=0)] if with_previous else []),
        Column(f"Cible {year}", "decimal", width=3, decimals=0),
        Column(f"Valeur {year}", "decimal", width=3, decimals=0),
        Column("Écart", "decimal", width=3, decimals=0),
        Column("Commentaire", width=13),
    ]
    exact = [
        Column("N°"), Column("Mesure"), Column("Unité"), Column("Valeur de départ", "decimal", decimals=0),
        Column("Année de départ"), *columns[3:],
    ]  # fmt: skip
    return Section(
        "Mesures (indicateurs de suivi)",
        (
            Table(
                caption=f"Mesures du plan, {year}",
                columns=tuple(columns),
                rows=tuple(
                    (*_printed_measure(row), *_measure_row(row, with_previous)[5:]) for row in rows
                ),
                note="« Départ » est la valeur de départ, avec son année ; l'écart est la valeur moins la cible.",
                empty="Aucune mesure n'est encore suivie.",
            ),
            Table(
                caption=f"Mesures du plan, {year}, valeurs de départ détaillées",
                columns=tuple(exact),
                rows=tuple(_measure_row(row, with_previous) for row in rows),
                workbook_only=True,
            ),
        ),
        sheet="Mesures",
        identifier="mesures",
    )


def _printed_measure(row: evaluation.MeasureYear) -> tuple:
    """Number, label with its unit, starting value with its year: three columns instead of five."""
    measure: Measure = row.measure
    label = f"{measure.label} ({measure.unit})" if measure.unit else measure.label
    start: str | Missing = Missing()
    if measure.baseline is not None:
        start = f"{fr.number(measure.baseline, measure.decimals)} ({measure.baseline_year})"
    return (measure.action.code if measure.action else "–", label, start)


def _measure_row(row: evaluation.MeasureYear, with_previous: bool) -> tuple:
    measure: Measure = row.measure
    return (
        measure.action.code if measure.action else "–",
        measure.label,
        measure.unit or "–",
        sheets.amount(measure.baseline),
        str(measure.baseline_year or "–"),
        *([sheets.amount(row.previous)] if with_previous else []),
        sheets.amount(row.target),
        sheets.amount(row.value),
        sheets.amount(row.gap),
        row.comment or "–",
    )


def facilities_means_section(agreement: Agreement, year: int, *, final: bool) -> Section:
    """The final edition counts real amounts only; the provisional one, the latest known."""
    contracts = queries.contracts_of_year(agreement, year, final=final)
    means = queries.means_of_year(agreement, year, final=final)
    known = "Réel" if final else "Dernier connu"
    return Section(
        "Moyens",
        (
            Table(
                caption=f"Ensemble des moyens, {year}",
                columns=(
                    Column("Source", width=5),
                    Column("Prévu", "euros", width=2, total="sum", decimals=2),
                    Column(f"{known} ou dépensé", "euros", width=3, total="sum", decimals=2),
                ),
                rows=tuple(
                    (row.source, sheets.amount(row.planned), sheets.amount(row.actual))
                    for row in means
                ),
                total_row=True,
                note=FINAL_NOTE
                if final
                else "La part de la commune est le coût des actions moins les financements connus.",
            ),
            Table(
                caption=f"Contrats par équipement (COF), {year}",
                columns=(
                    Column("Équipement", width=17),
                    Column("Dispositif", width=11),
                    Column("Prévu", "euros", width=6, total="sum", decimals=2),
                    Column(known, "euros", width=7, total="sum", decimals=2),
                    Column("Stade", width=6),
                    Column("Dit le", "date", width=6),
                ),
                rows=tuple(
                    (
                        row.facilities,
                        row.contract.scheme or "–",
                        sheets.amount(row.planned),
                        sheets.amount(row.known),
                        row.stage or "–",
                        row.stated_on or Missing(),
                    )
                    for row in contracts
                ),
                total_row=True,
                empty="Aucun contrat n'est saisi.",
            ),
        ),
        sheet="Moyens",
        identifier="moyens",
    )


FINAL_NOTE = (
    "Montants réels, notifiés ou versés seulement : un montant qui n'est encore qu'annoncé manque. "
    "La part de la commune est le coût des actions moins ces financements."
)


def actions_means_section(
    agreement: Agreement, year: int, actions: list[Action], *, final: bool
) -> Section:
    known = "Réel" if final else "Dernier connu"
    stages = queries.FINAL_STAGES if final else None
    rows = []
    for action in actions:
        lines = [line for line in action.budget_lines.all() if line.year == year]
        latest = latest_fundings([row for row in action.fundings.all() if row.year == year], stages)
        if not lines and not latest:
            continue
        planned = add(line.planned for line in lines)
        spent = add(line.spent for line in lines)
        rows.append(
            (
                action.code,
                action.title,
                sheets.amount(planned),
                sheets.amount(spent),
                sheets.amount(None if planned is None or spent is None else spent - planned),
                sheets.amount(add(row.amount for row in latest)),
            )
        )
    all_fundings = queries.fundings_of_year(agreement, year)
    fundings = latest_fundings(all_fundings, stages)
    return Section(
        "Moyens des actions",
        (
            Table(
                caption=f"Budget des actions, {year}",
                columns=(
                    Column("N°", width=2),
                    Column("Action", width=14),
                    Column("Prévu", "euros", width=4, total="sum", decimals=2),
                    Column("Dépensé", "euros", width=4, total="sum", decimals=2),
                    Column("Écart", "euros", width=4, decimals=2),
                    Column(
                        "Financé",
                        "euros",
                        width=4,
                        total="sum",
                        decimals=2,
                        note="financements réels, notifiés ou versés"
                        if final
                        else "financements connus, au stade le plus avancé",
                    ),
                ),
                rows=tuple(rows),
                total_row=True,
                empty="Aucun budget n'est saisi.",
            ),
            Table(
                caption=f"Financements des actions par financeur, {year}",
                columns=(
                    Column("Financeur", width=5),
                    Column("Prévu", "euros", width=3, total="sum", decimals=2),
                    Column(known, "euros", width=3, total="sum", decimals=2),
                    Column("Dit le", "date", width=2),
                ),
                rows=tuple(_by_funder(all_fundings, final=final)),
                total_row=True,
                note=f"« {known} » : montants {'' if final else 'actualisés, '}réels, notifiés ou versés ; « dit le » : la date du plus récent.",
                empty="Aucun financement n'est saisi.",
            ),
            Table(
                caption=f"Financements des actions, {year}",
                workbook_only=True,
                columns=(
                    Column("N°", width=1),
                    Column("Financeur", width=4),
                    Column("Dispositif", width=3),
                    Column("Stade", width=2),
                    Column("Dit le", "date", width=2),
                    Column("Montant", "euros", width=2, total="sum", decimals=2),
                ),
                rows=tuple(
                    (
                        row.action.code,
                        row.funder.name,
                        row.scheme or "–",
                        row.get_stage_display(),
                        row.stated_on or Missing(),
                        row.amount,
                    )
                    for row in sorted(
                        fundings, key=lambda row: (row.action.position, row.funder.name)
                    )
                ),
                total_row=True,
                empty="Aucun financement n'est saisi.",
            ),
        ),
        sheet="Budget des actions",
        identifier="moyens-actions",
    )


def _by_funder(fundings: list[Funding], *, final: bool) -> Iterator[tuple]:
    """One line a funder: planned, latest known, and when it was last said."""
    names = sorted({row.funder.name for row in fundings})
    for name in names:
        rows = [row for row in fundings if row.funder.name == name]
        stages = queries.FINAL_STAGES if final else queries.ACTUAL_STAGES
        known = latest_fundings(rows, stages)
        said = [row.stated_on for row in rows if row.stated_on]
        yield (
            name,
            sheets.amount(add(row.amount for row in latest_fundings(rows, queries.PLANNED_STAGES))),
            sheets.amount(add(row.amount for row in known)),
            max(said) if said else Missing(),
        )


def people_section(agreement: Agreement, campaign: EvaluationYear) -> Section:
    consultations = Consultation.objects.filter(agreement=agreement, starts_on__year=campaign.year)
    return Section(
        "Habitants et partenaires",
        (
            Heading("Habitants"),
            Paragraph(sheets.text(campaign.inhabitants, "À écrire.")),
            Table(
                caption="Concertations de l'année",
                columns=(
                    Column("Concertation", width=4),
                    Column("Méthode", width=2),
                    Column("Participants", "integer", width=2),
                    Column("Ce qui en ressort", width=5),
                    Column("Réponse donnée", width=4),
                ),
                rows=tuple(
                    (
                        row.title,
                        row.get_method_display(),
                        row.participants if row.participants is not None else Missing(),
                        row.lessons or "–",
                        row.answer or "à venir",
                    )
                    for row in consultations
                ),
                empty="Aucune concertation n'est enregistrée cette année.",
            ),
            Heading("Partenaires"),
            Paragraph(sheets.text(campaign.partnership, "À écrire.")),
        ),
        sheet="Habitants",
        identifier="habitants",
    )


def questions_section(campaign: EvaluationYear) -> list[Section]:
    if campaign.pk is None:
        return []
    rows = evaluation.answered_questions(campaign)
    table = Table(
        caption="Questions posées cette année",
        columns=(
            Column("Question", width=5),
            Column("Réponse", "state", width=3),
            Column("Appréciation", width=6),
            Column("Preuve", width=4),
        ),
        rows=tuple(
            (
                row.question.text,
                State(
                    row.answer.judgement,
                    row.answer.get_judgement_display(),
                    ANSWER_TONES[row.answer.judgement],
                )
                if row.answer and row.answer.judgement
                else Missing("sans réponse"),
                (row.answer.appreciation if row.answer else "") or "–",
                (row.answer.evidence if row.answer else "")
                or row.question.expected_evidence
                or "–",
            )
            for row in rows
        ),
        empty="Aucune question n'est posée cette année.",
    )
    return [Section("Questions évaluatives", (table,), sheet="Questions", identifier="questions")]


def gaps_section(gaps: list[Gap]) -> Section:
    table = Table(
        caption="Écarts au plan et explications",
        columns=(
            Column("Objet", width=4),
            Column("Nature", width=2),
            Column("Explication", width=5),
            Column("Ajustement", width=4),
        ),
        rows=tuple(
            (_gap_subject(gap), gap.get_kind_display(), gap.explanation, gap.adjustment or "–")
            for gap in gaps
        ),
        empty="Aucun écart n'a été expliqué.",
    )
    return Section("Écarts, raisons et ajustements", (table,), sheet="Écarts", identifier="ecarts")


def _gap_subject(gap: Gap) -> str:
    measure, action = gap.measure, gap.action
    if measure is not None:
        return f"{measure.action.code} {measure.label}" if measure.action else measure.label
    return str(action) if action is not None else "Plan"


AMENDMENT_WORDS = {
    None: "La question d'un avenant n'est pas encore tranchée.",
    True: "Un avenant est nécessaire.",
    False: "Aucun avenant n'est nécessaire.",
}


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def next_year_section(campaign: EvaluationYear) -> Section:
    priorities = [
        capitalised(part.strip(" ."))
        for part in campaign.priorities.replace("\n", ";").split(";")
        if part.strip(" .")
    ]
    return Section(
        "Suites",
        (
            Heading("Ajustements proposés"),
            Paragraph(sheets.text(campaign.adjustments, "Aucun ajustement n'est encore proposé.")),
            Callout("decision", "Avenant", (AMENDMENT_WORDS[campaign.needs_amendment],)),
            Heading(f"Priorités {campaign.year + 1}"),
            BulletList(tuple(priorities)) if priorities else Paragraph("À écrire."),
        ),
        identifier="suites",
    )
