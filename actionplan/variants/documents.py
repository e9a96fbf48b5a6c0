"""« Variantes de budget »: one or two pages for a committee, and the same figures as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actionplan.variants import queries
from actionplan.variants.charts import remaining_chart
from actionplan.variants.comparison import Side, side_by_side
from actionplan.working_paper import working_meta
from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    Block,
    Callout,
    Column,
    Content,
    Missing,
    Paragraph,
    Section,
    Table,
)
from core.documents.declaration import DocumentDeclaration


@dataclass(frozen=True)
class VariantsRequest:
    agreement: Agreement


class VariantsPaper(DocumentDeclaration):
    identifier = "variantes-budget"
    title = "Variantes de budget"
    audience = Audience.COMMITTEE

    def build(self, context: VariantsRequest) -> Content:
        agreement = context.agreement
        side = side_by_side(agreement, queries.at_study(agreement))
        return Content(
            identifier=self.identifier,
            title="Variantes de budget du plan d'actions",
            subtitle="À comparer avant de décider : une seule entrera au plan",
            audience=self.audience,
            cover=False,
            sections=tuple(variant_sections(side)),
            meta=working_meta(agreement, date.today()),
        )


def cell(value: Decimal | None) -> Decimal | Missing:
    return Missing() if value is None else value


def variant_sections(side: Side) -> list[Section]:
    if not side.variants:
        return [
            Section("En bref", (Paragraph("Aucune variante n'est à l'étude."),), numbered=False)
        ]
    return [
        Section(
            "En bref",
            (
                Paragraph(fr.tied(side.sentence), "lead"),
                *notes(side),
                summary_table(side),
            ),
            sheet="En bref",
            numbered=False,
            identifier="bref",
        ),
        Section(
            "Action par action",
            (actions_table(side),),
            sheet="Actions",
            numbered=False,
            level=2,
            identifier="actions",
        ),
        Section(
            "Année par année",
            (remaining_chart(side).freeze(), years_table(side)),
            sheet="Années",
            numbered=False,
            level=2,
            identifier="annees",
        ),
    ]


def notes(side: Side) -> list[Block]:
    """What each variant changes, in its author's words; a warning where it changes no expense."""
    told: list[Block] = []
    for column in side.variants:
        assert column.variant is not None
        words = [column.variant.note or "Sans commentaire."]
        if not column.differing_expenses:
            words.append(f"{NO_EXPENSE} : seuls ses financements peuvent différer.")
        told.append(Callout("info", f"Variante {column.title}", tuple(words)))
    return told


NOTE = (
    "Reste à charge : dépenses moins les financements sollicités, prévus ou accordés par d'autres que "
    "la commune et ses services. Actions abandonnées exclues. Le budget du plan, lui, les compte, et "
    "retient le dernier stade connu de chaque financement."
)
NO_EXPENSE = "Aucune dépense de cette variante ne diffère du plan"


def summary_table(side: Side) -> Table:
    return Table(
        caption="Toutes les années de la convention",
        columns=(
            Column("", width=4),
            Column("Fonctionnement", "euros", width=3),
            Column("Investissement", "euros", width=3),
            Column("Dépenses", "euros", width=3),
            Column("Financements d'autres", "euros", width=3),
            Column("Reste à charge", "euros", width=3),
            Column("Écart au plan", "euros", width=3),
        ),
        rows=tuple(
            (
                column.short, cell(column.total.operating), cell(column.total.investment),
                cell(column.total.expense), cell(column.total.funded), cell(column.total.remaining),
                Missing("–") if column is side.plan else cell(side.difference(column)),
            )
            for column in side.columns
        ),
        note=NOTE,
    )  # fmt: skip


def years_table(side: Side) -> Table:
    """A year where nothing differs takes one line."""
    rows = []
    for year in side.years:
        same = all(column.years[year] == side.plan.years[year] for column in side.variants)
        for column in (side.plan,) if same else side.columns:
            sums = column.years[year]
            amounts = (sums.operating, sums.investment, sums.funded, sums.remaining)
            rows.append(
                (
                    str(year),
                    "Plan et variantes" if same else column.short,
                    *map(cell, amounts),
                    Missing("–") if column is side.plan else cell(side.difference(column, year)),
                )
            )
    return Table(
        caption="Le plan et ses variantes, par année",
        columns=(
            Column("Année", width=2),
            Column("Plan ou variante", width=5),
            Column("Fonctionnement", "euros", width=3),
            Column("Investissement", "euros", width=3),
            Column("Financements d'autres", "euros", width=3),
            Column("Reste à charge", "euros", width=3),
            Column("Écart au plan", "euros", width=3),
        ),
        rows=tuple(rows),
    )


def actions_table(side: Side) -> Table:
    columns = [Column("Action", width=8)]
    for column in side.columns:
        columns.append(Column(f"{column.short}, dépenses", "euros", width=3))
        columns.append(Column(f"{column.short}, financements", "euros", width=3))
    rows = tuple(
        (
            str(row.action),
            *(
                cell(value)
                for pair in zip(row.expenses, row.fundings, strict=True)
                for value in pair
            ),
        )
        for row in side.actions
    )
    return Table(
        caption="Les seules actions où une variante diffère, toutes années",
        columns=tuple(columns),
        rows=rows,
        empty="Aucune action ne diffère du plan.",
    )
