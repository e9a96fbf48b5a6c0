"""The « fiche de recueil »: where neither mail nor the public web is possible, one page a pilot, on
paper (Word) or as a workbook that comes back into the page « saisir en son nom »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actionplan.documents import FICTION
from actionplan.models import Action, ActionStatus, CampaignLead, NewsAnswer
from actionplan.news_fields import (
    LABELS,
    PLAIN_STATUS,
    asked_measures,
    last_known,
    readable,
    value_of,
)
from actionplan.services import TRANSITIONS
from actionplan.services.news import Entry
from core.audience import Audience
from core.documents.content import (
    Block,
    Column,
    Content,
    DocumentMeta,
    Paragraph,
    Section,
    Table,
)
from core.documents.declaration import DocumentDeclaration
from core.formats import date_long, plural
from core.sheets import (
    Choices,
    Report,
    Sheet,
    SheetColumn,
    SheetRow,
    compare,
    read,
    write,
)

S = ActionStatus
ANSWERS, FIGURES = "Réponses", "Chiffres"
ROOM = "\n\n"
"""Blank lines to write on."""
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PaperRequest:
    lead: CampaignLead
    answers: Sequence[NewsAnswer]
    on: date
    asker: str


class PaperSheet(DocumentDeclaration):
    """Drawn from the page of a campaign for one person, so it is not registered."""

    identifier = "fiche-recueil"
    title = "Fiche de recueil"
    audience = Audience.PUBLIC
    formats = ("docx",)

    def build(self, context: PaperRequest) -> Content:
        lead, campaign = context.lead, context.lead.campaign
        agreement = campaign.agreement
        actions = [row.action for row in context.answers if not row.action.is_archived]
        blocks: list[Block] = [
            Paragraph(
                f"{context.asker} vous demande des nouvelles de {plural(len(actions), 'action')}, "
                f"à rendre pour le {date_long(campaign.closes_on)}. Ne remplissez que ce qui change."
            )
        ]
        blocks += [paper_of(action, campaign.year) for action in actions]
        return Content(
            identifier=f"fiche-recueil-{lead.pk}",
            title=f"Fiche de recueil : {lead}",
            subtitle=str(campaign),
            audience=self.audience,
            cover=False,
            sections=(Section("", tuple(blocks)),),
            meta=DocumentMeta(
                agreement_name=agreement.name,
                reference=f"CTG {agreement.period_label}",
                state="",
                state_label="fiche à remplir",
                produced_on=context.on,
                data_as_of=context.on,
                extra_lines=(FICTION,) if agreement.is_demo else (),
            ),
        )


def paper_of(action: Action, year: int) -> Table:
    """Where it stands, and room to say what becomes of it."""
    where_to = [
        PLAIN_STATUS[S(key)].split(" :")[0] for key in S if key in TRANSITIONS[action.status]
    ]
    is_blocked = action.status == S.BLOCKED
    stuck = (
        f"{action.blocked_cause}. Pour débloquer : {action.unblock_condition}. "
        f"À revoir le {date_long(action.blocked_review_on)}."
        if is_blocked
        else ""
    )
    rows: list[tuple[str, str, str]] = [
        (LABELS["status"], action.get_status_display(), f"Entourez : {', '.join(where_to)}"),
        (LABELS["progress"], readable("progress", action.progress), "\u2026\u2026\u2026 %"),
        (LABELS["progress_note"], action.progress_note, ROOM),
    ]
    rows += [
        (
            f"{measure.label}{f' ({measure.unit})' if measure.unit else ''}, {year}",
            last_known(measure, year) or "inconnu",
            "",
        )
        for measure in asked_measures(action)
    ]
    if S.BLOCKED in (action.status, *TRANSITIONS[action.status]):
        words = "Si elle est bloquée : par quoi, ce qui la débloquerait, quand la revoir"
        rows.append((words, stuck, ROOM))
    columns = (
        Column("Question", width=3),
        Column("Aujourd'hui", width=4),
        Column("Votre réponse", width=5),
    )
    return Table(caption=f"{action.code} {action.title}", columns=columns, rows=tuple(rows))


# --- The same as a workbook -----------------------------------------------------------------
def sheets_of(answers: Sequence[NewsAnswer], year: int) -> list[Sheet]:
    """The sheets, filled with what is kept of each answer, else with the plan as it stands."""
    rows = [row for row in answers if not row.action.is_archived]
    return [_answers_sheet(rows), _figures_sheet(rows, year)]


def _answers_sheet(answers: Sequence[NewsAnswer]) -> Sheet:
    columns = (
        SheetColumn("code", "Numéro", width=9),
        SheetColumn("title", "Action", width=26),
        SheetColumn("status", LABELS["status"], "choice", choices=S.choices, width=12),
        SheetColumn("progress", "Avancement (%)", "integer", width=15),
        SheetColumn("progress_note", LABELS["progress_note"], max_length=2000, width=34),
        SheetColumn("blocked_cause", LABELS["blocked_cause"], max_length=300, width=20),
        SheetColumn("unblock_condition", LABELS["unblock_condition"], max_length=300, width=20),
        SheetColumn("blocked_review_on", LABELS["blocked_review_on"], "date", width=13),
        SheetColumn("dropped_reason", LABELS["dropped_reason"], max_length=300, width=20),
    )
    rows = tuple(SheetRow(str(answer.pk), _values(answer)) for answer in answers)
    return Sheet(ANSWERS, columns, identity=("code",), noun="action", rows=rows)


def _values(answer: NewsAnswer) -> dict[str, Any]:
    source = answer if answer.status else answer.action
    values = {name: getattr(source, name) for name in LABELS}
    return {"code": answer.action.code, "title": answer.action.title, **values}


def _figures_sheet(answers: Sequence[NewsAnswer], year: int) -> Sheet:
    columns = (
        SheetColumn("code", "Numéro", width=10),
        SheetColumn("measure", "Mesure", width=40),
        SheetColumn("known", "Dernière valeur connue", width=26),
        SheetColumn("value", f"Valeur {year}", "decimal", width=14),
    )
    rows = []
    for answer in answers:
        given = {figure.measure_id: figure.value for figure in answer.figures.all()}
        for measure in asked_measures(answer.action):
            value = given.get(measure.pk) if answer.status else value_of(measure, year)
            unit = f" ({measure.unit})" if measure.unit else ""
            rows.append(
                SheetRow(
                    f"{answer.pk}-{measure.pk}",
                    {
                        "code": answer.action.code,
                        "measure": f"{measure.label}{unit}",
                        "known": last_known(measure, year),
                        "value": value,
                    },
                )
            )
    return Sheet(FIGURES, columns, identity=("code", "measure"), noun="mesure", rows=tuple(rows))


def workbook(lead: CampaignLead, answers: Sequence[NewsAnswer]) -> bytes:
    campaign = lead.campaign
    return write(
        f"Fiche de recueil : {lead}",
        sheets_of(answers, campaign.year),
        [
            ("À rendre pour le", date_long(campaign.closes_on)),
            ("Comment faire", "Changez ce qui a changé, enregistrez, renvoyez le fichier."),
            ("Ne pas modifier", "Le numéro, l'action, la mesure, et les deux colonnes masquées."),
        ],
    )


def read_workbook(
    data: bytes, file_name: str, lead: CampaignLead, answers: Sequence[NewsAnswer]
) -> tuple[dict[int, Entry], list[str]]:
    """What the filled workbook changes, by answer, to be looked at in the form before it is kept;
    and what could not be read, in sentences. Raises ``core.sheets.Unreadable``."""
    sheets = sheets_of(answers, lead.campaign.year)
    report = compare(read(data, file_name, sheets), [sheet.name for sheet in sheets])
    told = [str(refusal) for refusal in report.refused]
    told += [
        f"Feuille « {change.sheet.name} », ligne {change.line} : « {change.label} » n'est pas une "
        "ligne de cette fiche, elle est laissée de côté."
        for change in report.created
    ]
    return _entries(report), told


def _entries(report: Report) -> dict[int, Entry]:
    values: dict[int, dict[str, Any]] = {}
    figures: dict[int, dict[int, Any]] = {}
    lines = report.to_write(Choices(default="file"))  # what is read waits « à valider » anyway
    for change in [line for line in lines if not line.is_new]:
        if change.sheet.name == ANSWERS:
            kept = {name: value for name, value in change.values.items() if name in LABELS}
            emptied = {name: "" for name, value in kept.items() if value is None and name not in ("progress", "blocked_review_on")}  # fmt: skip
            values[int(change.key)] = kept | emptied
        elif "value" in change.values:
            answer, measure = change.key.split("-")
            figures.setdefault(int(answer), {})[int(measure)] = change.values["value"]
    return {
        pk: Entry(pk, values=values.get(pk, {}), figures=figures.get(pk, {}))
        for pk in values.keys() | figures.keys()
    }
