"""« Plan signé et ses changements », and the annex of an avenant in preparation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from actionplan.documents import amount
from actionplan.models import PlanVersion
from actionplan.versions import queries
from actionplan.versions.facts import Facts
from actionplan.versions.queries import Comparison, Preview, Reader
from actionplan.versions.wording import BlockDiff, Line, MoneyYear, Why
from actionplan.working_paper import working_meta
from agreements.models import Agreement, Signatory
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Content,
    Missing,
    Paragraph,
    Section,
    SignatureBlock,
    Table,
)
from core.documents.declaration import DocumentDeclaration

MONEY_NOTE = (
    "Actions du plan, hors actions abandonnées. Financements sollicités, prévus ou accordés ; le budget "
    "du plan, lui, compte le dernier stade connu de chacun, et les actions abandonnées."
)
"""Why these totals are not those of « budget-plan »."""


@dataclass(frozen=True)
class ChangesRequest:
    """Which two states; ``new`` None is today."""

    agreement: Agreement
    reader: Reader
    old: PlanVersion
    new: PlanVersion | None = None


@dataclass(frozen=True)
class AmendmentRequest:
    version: PlanVersion
    reader: Reader


class PlanChanges(DocumentDeclaration):
    identifier = "plan-signe-et-changements"
    title = "Plan signé et ses changements"
    audience = Audience.COMMITTEE

    def build(self, context: ChangesRequest) -> Content:
        agreement = context.agreement
        reader = replace(context.reader, with_names=False)  # a file is handed on
        comparison = queries.compare(agreement, reader, context.old, context.new)
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=f"Du {queries.label_of(context.old)} au {queries.label_of(context.new)}",
            audience=self.audience,
            cover=False,
            sections=tuple(changes_sections(agreement, comparison, context.reader)),
            meta=working_meta(agreement, date.today()),
        )


class AmendmentDraft(DocumentDeclaration):
    identifier = "projet-avenant"
    title = "Projet d'avenant au plan d'actions"
    audience = Audience.COMMITTEE

    def build(self, context: AmendmentRequest) -> Content:
        version = context.version
        return Content(
            identifier=self.identifier,
            title="Projet d'avenant : plan d'actions modifié",
            subtitle=version.note,
            audience=self.audience,
            cover=False,
            sections=tuple(amendment_sections(version, context.reader)),
            meta=working_meta(version.agreement, date.today()),
        )


# --- Plan signé et ses changements -----------------------------------------------------------
def changes_sections(agreement: Agreement, comparison: Comparison, reader: Reader) -> list[Section]:
    sections = [_summary(agreement, comparison)]
    if comparison.all_diffs:
        sections.append(_changes("Ce qui a changé", comparison.groups, comparison))
    if reader.with_money and comparison.money:
        sections.append(
            Section(
                "L'argent, année par année",
                (money_table(comparison.money),),
                sheet="Argent",
                identifier="argent",
            )
        )
    sections.append(_plan("Le plan de départ, en bref", comparison.before, reader))
    return sections


def _summary(agreement: Agreement, comparison: Comparison) -> Section:
    rows = tuple(
        (
            row.number,
            row.get_kind_display(),
            row.frozen_on or Missing("en préparation"),
            str(row.amendment or ""),
            row.note or ("" if row.number > 1 else "annexe à la convention"),
        )
        for row in queries.versions(agreement)
    )
    return Section(
        "En bref",
        (
            Paragraph(fr.tied(comparison.sentence), "lead"),
            Table(
                caption="Les versions du plan",
                columns=(
                    Column("Version", "integer", width=1),
                    Column("Nature", width=3),
                    Column("Date", "date", width=2),
                    Column("Avenant", width=2),
                    Column("Objet", width=5),
                ),
                rows=rows,
            ),
        ),
        sheet="Versions",
        identifier="bref",
    )


def why_text(whys: Iterable[Why]) -> str:
    """« 12 mars 2026 : décision n° 2026-03 du COPIL »."""
    parts = []
    for why in whys:
        told = fr.date_long(why.at)
        if why.who:
            told += f", {why.who}"
        parts.append(f"{told} : {why.reason}" if why.reason else told)
    return fr.tied(" ; ".join(dict.fromkeys(parts)))


def _rows(diff: BlockDiff) -> list[tuple[str, str, str, str, str]]:
    """The lines of a block. A reason is told once: an empty cell repeats the one above."""
    rows, last = [], ""
    for line in diff.lines or [Line("niveau du plan", "–", "–")]:
        why = line.why or diff.why
        told = why_text([why]) if why else "non daté"
        title = f"{diff.title} ({diff.word})"
        rows.append((title, line.label, line.old, line.new, "" if told == last else told))
        last = told
    return rows


def _changes(
    title: str, groups: list[tuple[str, list[BlockDiff]]], comparison: Comparison
) -> Section:
    tables = []
    for orientation, diffs in groups:
        rows = tuple(row for diff in diffs for row in _rows(diff))
        tables.append(
            Table(
                caption=orientation,
                columns=(
                    Column("Action ou niveau", width=4),
                    Column("Ce qui change", width=4),
                    Column(_head(comparison.old, "Avant"), width=4),
                    Column(_head(comparison.new, "Aujourd'hui"), width=4),
                    Column("Quand, pourquoi", width=5),
                ),
                rows=rows,
                group_by=0,
                note="« Quand, pourquoi » : une case vide répète celle du dessus.",
            )
        )
    return Section(title, tuple(tables), sheet="Changements", identifier="change")


def _head(version: PlanVersion | None, otherwise: str) -> str:
    return otherwise if version is None else f"Version {version.number}"


def money_table(rows: list[MoneyYear]) -> Table:
    return Table(
        caption="Montants prévus, par année",
        columns=(
            Column("Année", width=2),
            Column("Dépenses avant", "euros", width=3),
            Column("Dépenses après", "euros", width=3),
            Column("Écart", "euros", width=3),
            Column("Financements avant", "euros", width=3),
            Column("Financements après", "euros", width=3),
            Column("Écart des financements", "euros", width=3),
        ),
        rows=tuple(
            (
                str(row.year or "Total"),
                amount(row.old_expense), amount(row.new_expense), amount(row.expense_difference),
                amount(row.old_funding), amount(row.new_funding), amount(row.funding_difference),
            )
            for row in rows
        ),
        note=MONEY_NOTE,
    )  # fmt: skip


def _plan(title: str, facts: Facts, reader: Reader) -> Section:
    tables: list[Block] = []
    for orientation, lines in queries.plan_lines(facts, with_money=reader.with_money):
        columns = [
            Column("N°", width=2), Column("Action", width=12), Column("Structure pilote", width=7),
            Column("Échéance", "date", width=4),
        ]  # fmt: skip
        if reader.with_money:
            columns.append(Column("Dépenses prévues", "euros", width=4))
        rows = [
            (
                line.code, f"{line.title} ({line.standing})" if line.standing else line.title,
                line.lead, line.due_on, *((amount(line.expense),) if reader.with_money else ()),
            )
            for line in lines
        ]  # fmt: skip
        tables.append(
            Table(
                caption=orientation,
                columns=tuple(columns),
                rows=tuple(rows),
                empty="Aucune action.",
            )
        )
    return Section(title, tuple(tables), sheet="Plan de départ", annex=True, identifier="depart")


# --- Projet d'avenant ------------------------------------------------------------------------
def amendment_sections(version: PlanVersion, reader: Reader) -> list[Section]:
    shown = queries.preview(version, reader)
    number = f"{version.amendment}" if version.amendment else "Avenant"
    sections = [
        Section(
            "Objet",
            (
                Paragraph(version.note, "lead"),
                Paragraph(
                    f"{number} à la CTG {version.agreement.period_label} de {version.agreement.name}. "
                    f"Il modifie le {queries.label_of(shown.before)}, annexé à la convention. "
                    "Ce qui suit remplace les éléments correspondants de l'annexe ; "
                    "les autres restent inchangés."
                ),
                *_notes(shown),
            ),
            identifier="objet",
        ),
        _articles(shown),
    ]
    if reader.with_money and shown.money:
        sections.append(
            Section(
                "Incidence financière",
                (money_table(shown.money),),
                sheet="Argent",
                identifier="argent",
            )
        )
    signatories = tuple(
        (row.name, row.represented_by)
        for row in Signatory.objects.filter(agreement=version.agreement)
    )
    if signatories:
        sections.append(Section("Signatures", (SignatureBlock(signatories),), identifier="sign"))
    return sections


def _notes(shown: Preview) -> list[Block]:
    if not shown.added:
        return []
    return [
        Paragraph("Repris aussi, pour que le plan reste entier :"),
        BulletList(tuple(f"{diff.title} ({diff.word})" for diff in shown.added)),
    ]


def _articles(shown: Preview) -> Section:
    tables = [
        Table(
            caption=orientation,
            columns=(
                Column("Action ou niveau", width=4),
                Column("Élément", width=5),
                Column("Rédaction de l'annexe", width=6),
                Column("Nouvelle rédaction", width=6),
            ),
            rows=tuple(
                (f"{diff.title} ({diff.word})", line.label, line.old, line.new)
                for diff in diffs
                for line in diff.lines
            ),
            group_by=0,
        )
        for orientation, diffs in shown.groups
    ]
    empty: tuple[Block, ...] = (Paragraph("Cet avenant ne reprend encore aucun changement."),)
    return Section(
        "Modifications du plan d'actions",
        tuple(tables) or empty,
        sheet="Modifications",
        identifier="modifications",
    )
