"""What follows the divide, ten pages at most: papers of the points, sheets, figures, words."""

from __future__ import annotations

from collections.abc import Callable

from actionplan.models import Action
from actionplan.one_page import one_page
from agreements.models import Attachment
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Contents,
    Missing,
    Paragraph,
    Section,
    Table,
)
from reports import queries
from reports.documents import parts
from reports.documents.dossier.facts import Facts

MAX_SHEETS, CHARTS_SHOWN = 7, 2


def annexes(facts: Facts) -> list[Section]:
    """The divide, then each annex. The sources close the pack whenever it quotes some."""
    found = [part for key in facts.keys if key in ANNEXES for part in ANNEXES[key](facts)]
    if facts.sources:
        found.append(annex(parts.sources_section(list(facts.sources)), whole=False))
    if not found and "glossaire" not in facts.keys:
        return []
    divide = Section(
        "Annexes", (Contents("Dans les annexes", from_level=2),), page_break=True, numbered=False,
        identifier="annexes", annex=True,
    )  # fmt: skip
    return [divide, *found]


def annex(section: Section, *, whole: bool) -> Section:
    return Section(
        section.title, section.blocks, level=2, numbered=False, identifier=section.identifier,
        annex=True, whole=whole,
    )  # fmt: skip


def _annex(
    title: str, identifier: str, *blocks: Block, page_break: bool = False, whole: bool = False
) -> Section:
    return Section(
        title, blocks, level=2, numbered=False, identifier=identifier, annex=True,
        page_break=page_break, whole=whole,
    )  # fmt: skip


def papers(facts: Facts) -> list[Section]:
    """The papers themselves travel apart: here is what there is, for those who read this pack."""
    rows = tuple(
        (
            str(rank),
            file.title,
            "–" if file.kind == Attachment.Kind.OTHER else str(file.get_kind_display()),
            file.dated_on or Missing("sans date"),
            item.title,
        )
        for rank, item in enumerate(facts.agenda, 1)
        for file in facts.files.get(item.pk, [])
    )
    if not rows:
        return []
    table = Table(
        caption="Documents joints aux points de l'ordre du jour",
        columns=(
            Column("Point", width=3),
            Column("Document", width=13),
            Column("Nature", width=6),
            Column("Date", "date", width=5),
            Column("À l'appui de", width=12),
        ),
        rows=rows,
        note="Ces documents se lisent sur la page de la réunion, dans Fil rouge, ou sur demande.",
    )
    return [_annex("Documents joints", "pieces", table)]


def sheets(facts: Facts) -> list[Section]:
    """Only of the actions on the agenda; those that ten pages do not hold are named."""
    wanted = {action.pk: action for item in facts.agenda for action in item.actions.all()}
    annexed, left_out = list(wanted)[:MAX_SHEETS], list(wanted.values())[MAX_SHEETS:]
    actions = queries.full_actions(facts.request.agreement, annexed) if annexed else []
    joined = [
        _annex(
            f"Annexe {rank}. Fiche {action.code} – {action.title}",
            f"action-{action.code}",
            *one_page(
                action, facts.request.on, with_money=facts.with_money, with_people=facts.with_people
            ),
            page_break=rank == 1,
            whole=True,
        )
        for rank, action in enumerate(actions, 1)
    ]
    return [*joined, *([left_out_section(left_out)] if left_out else [])]


def left_out_section(actions: list[Action]) -> Section:
    return _annex(
        "Fiches non jointes",
        "fiches-non-jointes",
        Paragraph("Ces actions sont aussi à l'ordre du jour ; leurs fiches sont disponibles."),
        BulletList(tuple(str(action) for action in actions)),
    )


def figures(facts: Facts) -> list[Section]:
    """The progress in a table, then the key figures, with the reading of each and its source."""
    blocks: list[Block] = []
    if "avancement" in facts.keys and facts.actions:
        blocks.append(parts.progress_table(facts.progress))
    if facts.figures:
        charts = [row.chart for row in facts.figures if not row.indicator.is_summable]
        blocks += [chart.freeze() for chart in charts[:CHARTS_SHOWN]]
        blocks.append(
            Table(
                caption="Chiffres clés du territoire",
                columns=(
                    Column("Indicateur", width=3),
                    Column("Valeur", width=2),
                    Column("Lecture", width=5),
                    Column("Source", width=4),
                ),
                rows=tuple(
                    (row.label, row.value_text, row.comparison or "–", row.source)
                    for row in facts.figures
                ),
            )
        )
    return [_annex("Chiffres clés", "chiffres", *blocks, page_break=True)] if blocks else []


ANNEXES: dict[str, Callable[[Facts], list[Section]]] = {
    "pieces": papers,
    "fiches": sheets,
    "chiffres": figures,
}
