"""The tables of the money, shared by the budget and by the plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actionplan.documents import amount
from actionplan.models import ActionStatus, BudgetLine
from core import formats as fr
from core.charts import Bar, HorizontalBars
from core.documents.content import (
    Block,
    Cell,
    Column,
    Figure,
    FigureRow,
    Paragraph,
    Table,
)
from reports.budget import PlanMoney

NATURES = BudgetLine.Nature
NAMED = 8
"""Actions without a cost that a sentence names; beyond, it counts the rest."""
SOURCE = "Fil rouge, budget et financements saisis au plan"


def summary_blocks(money: PlanMoney) -> list[Block]:
    """Four amounts, and what they cover."""
    return [
        FigureRow(
            (
                Figure("Coût prévu", fr.keuros(money.cost()), comparison=period_words(money)),
                Figure("Dépensé, connu à ce jour", fr.keuros(money.cost(spent=True))),
                Figure(
                    "Financements établis",
                    fr.keuros(money.brought(estimated=False)),
                    comparison=f"et {fr.keuros(money.brought(estimated=True))} d'estimations"
                    if money.brought(estimated=True) is not None
                    else "aucune estimation",
                ),
                Figure(
                    "Reste à trouver", fr.keuros(money.left()), comparison="estimations déduites"
                ),
            )
        ),
        Paragraph(coverage_sentence(money)),
        *([Paragraph(dropped)] if (dropped := dropped_sentence(money)) else []),
        Paragraph(
            "Un financement est compté une fois, à son stade le plus avancé (sollicité, prévisionnel, accordé, actualisé, "
            "réel, notifié, versé). Une estimation est un montant calculé, que personne n'a encore confirmé : elle est comptée à part.",
            "note",
        ),
    ]


def period_words(money: PlanMoney) -> str:
    return f"de {money.years[0]} à {money.years[-1]}"


def coverage_sentence(money: PlanMoney) -> str:
    """« Les totaux portent sur 24 actions chiffrées sur 28 ; 4 n'ont aucun coût prévu : … »"""
    total, costed, missing = len(money.actions), len(money.costed()), money.uncosted
    if not total:
        return "Aucune action n'est encore écrite."
    if not missing:
        return f"Les totaux portent sur toutes les actions ({total}) : chacune a un coût prévu."
    codes = ", ".join(action.code for action in missing[:NAMED])
    more = f" et {len(missing) - NAMED} autres" if len(missing) > NAMED else ""
    verb = (
        "n'a aucun coût prévu et n'entre"
        if len(missing) == 1
        else "n'ont aucun coût prévu et n'entrent"
    )
    return (
        f"Les totaux portent sur {fr.plural(costed, 'action chiffrée', 'actions chiffrées')} sur {total}. "
        f"{fr.plural(len(missing), 'action')} {verb} dans aucun total : {codes}{more}."
    )


def dropped_sentence(money: PlanMoney) -> str:
    """What abandoned actions weigh in the totals: what was spent on them was spent, but the plan as
    signed and the variants leave them out."""
    costs = {
        action.code: cost
        for action in money.actions
        if action.status == ActionStatus.DROPPED and (cost := money.cost(action=action)) is not None
    }
    if not costs:
        return ""
    which = "l'action abandonnée" if len(costs) == 1 else "les actions abandonnées"
    return (
        f"Y compris {which} {', '.join(costs)} : {fr.keuros(sum(costs.values()))} prévus, "
        "que « Plan signé » et « Variantes » ne comptent pas."
    )


def by_year(money: PlanMoney, sheet: str | None = None) -> Table:
    """Cost and who pays, one line a year, with how many actions are costed."""
    return Table(
        caption="Coût et financements par année",
        columns=(
            Column("Année", width=4),
            Column("Actions chiffrées", width=5),
            Column("Coût prévu", "keuros", width=5, total="sum"),
            Column("Dépensé", "keuros", width=5, total="sum"),
            Column("Financements établis", "keuros", width=6, total="sum"),
            Column("Estimations", "keuros", width=6, total="sum"),
            Column("Reste à trouver", "keuros", width=5, total="sum"),
        ),
        rows=tuple(
            (
                str(year),
                f"{len(money.costed(year))} sur {len(money.actions)}",
                amount(money.cost(year=year)),
                amount(money.cost(year=year, spent=True)),
                amount(money.brought(year=year, estimated=False)),
                amount(money.brought(year=year, estimated=True)),
                amount(money.left(year)),
            )
            for year in money.years
        ),
        total_row=True,
        note="Reste à trouver : coût prévu moins les financements, estimations comprises. Négatif, les financements dépassent le coût.",
        source=SOURCE,
        sheet=sheet,
    )


def by_nature(money: PlanMoney, sheet: str | None = None) -> Table:
    natures = (NATURES.OPERATING, NATURES.INVESTMENT)
    return Table(
        caption="Fonctionnement et investissement, par année",
        columns=(
            Column("Année", width=4),
            *(
                Column(f"{nature.label.capitalize()}, {word}", "keuros", width=6, total="sum")
                for word in ("prévu", "dépensé")
                for nature in natures
            ),
        ),
        rows=tuple(
            (
                str(year),
                *(
                    amount(money.cost(year=year, nature=nature, spent=spent))
                    for spent in (False, True)
                    for nature in natures
                ),
            )
            for year in money.years
        ),
        total_row=True,
        source=SOURCE,
        sheet=sheet,
    )


def by_orientation(money: PlanMoney, sheet: str | None = None) -> Table:
    """Planned cost of each orientation, year by year."""
    label = money.agreement.orientation_label
    return Table(
        caption=f"Coût prévu par {label.lower()} et par année",
        columns=(Column(label, width=16), *_year_columns(money.years)),
        rows=tuple(
            (
                str(orientation),
                *(amount(money.cost(year=y, orientation=orientation)) for y in money.years),
                amount(money.cost(orientation=orientation)),
            )
            for orientation in money.orientations
        ),
        total_row=True,
        sheet=sheet,
    )


def orientation_balance(money: PlanMoney, sheet: str | None = None) -> Table:
    label = money.agreement.orientation_label
    return Table(
        caption=f"Dépenses et financements par {label.lower()}, toutes années",
        columns=(
            Column(label, width=16),
            Column("Fonct. prévu", "keuros", width=4, total="sum"),
            Column("Invest. prévu", "keuros", width=4, total="sum"),
            Column("Dépensé", "keuros", width=4, total="sum"),
            Column("Financements établis", "keuros", width=5, total="sum"),
            Column("Estimations", "keuros", width=5, total="sum"),
        ),
        rows=tuple(
            (
                str(row),
                amount(money.cost(nature=NATURES.OPERATING, orientation=row)),
                amount(money.cost(nature=NATURES.INVESTMENT, orientation=row)),
                amount(money.cost(orientation=row, spent=True)),
                amount(money.brought(orientation=row, estimated=False)),
                amount(money.brought(orientation=row, estimated=True)),
            )
            for row in money.orientations
        ),
        total_row=True,
        source=SOURCE,
        sheet=sheet,
    )


def by_funder(money: PlanMoney, *, estimated: bool, sheet: str | None = None) -> Table:
    """Who pays, year by year, at the last known stage. Estimates have a table of their own."""
    rows = [
        (
            str(funder),
            *(
                amount(money.brought(year=y, funder=funder, estimated=estimated))
                for y in money.years
            ),
            amount(money.brought(funder=funder, estimated=estimated)),
        )
        for funder in money.funders
        if money.brought(funder=funder, estimated=estimated) is not None
    ]
    what = "Estimations, non confirmées" if estimated else "Financements établis"
    return Table(
        caption=f"{what}, par financeur et par année",
        columns=(Column("Financeur", width=9), *_year_columns(money.years)),
        rows=tuple(rows),
        total_row=True,
        total_label="Total des estimations" if estimated else "Total hors estimations",
        note="Dernier stade connu de chaque montant.",
        source=SOURCE,
        sheet=sheet,
        empty="Aucune estimation." if estimated else "Aucun financement n'est établi.",
    )


def by_stage(money: PlanMoney, sheet: str | None = None) -> Table:
    """Every stage beside the others: never added, they are the same money said again."""
    return Table(
        caption="Ce que chaque financeur a dit, par année et par stade",
        columns=(
            Column("Financeur", width=5),
            Column("Année", width=3),
            Column("Stade", width=4),
            Column("Montant établi", "keuros", width=4),
            Column("Estimation", "keuros", width=4),
            Column("Dit le", "date", width=4),
        ),
        rows=tuple(
            (
                str(row.funder), str(row.year), str(row.stage.label), amount_or_dash(row.firm),
                amount_or_dash(row.estimated), row.stated_on or "–",
            )
            for row in money.stages
        ),
        group_by=0,
        note="Les stades d'un même montant ne s'additionnent pas. « – » : rien n'est dit sous cette forme.",
        source=SOURCE,
        sheet=sheet,
        empty="Aucun financement n'est saisi.",
    )  # fmt: skip


def staff_table(money: PlanMoney, sheet: str | None = None) -> Table:
    return Table(
        caption="Temps de travail, par année",
        columns=(
            Column("Année", width=4),
            Column("Prévu", "decimal", width=4, unit="ETP", decimals=2),
            Column("Réalisé", "decimal", width=4, unit="ETP", decimals=2),
        ),
        rows=tuple(
            (str(year), amount(money.staff(year)), amount(money.staff(year, spent=True)))
            for year in money.years
        ),
        source="Fil rouge, temps de travail saisi au plan",
        sheet=sheet,
    )


def detail_tables(money: PlanMoney) -> list[Table]:
    """Line by line, for the workbook alone."""
    actions = {action.pk: action for action in money.actions}
    return [
        Table(
            caption="Dépenses, ligne par ligne",
            columns=(
                Column("Action"), Column("Intitulé"), Column("Année"), Column("Nature"),
                Column("Poste"), Column("Prévu", "euros", total="sum"),
                Column("Dépensé", "euros", total="sum"),
            ),
            rows=tuple(
                (
                    actions[row.action_id].code, actions[row.action_id].title, str(row.year),
                    row.get_nature_display(), row.label, amount(row.planned), amount(row.spent),
                )
                for row in money.lines
            ),
            total_row=True,
            sheet="Dépenses",
            workbook_only=True,
        ),
        Table(
            caption="Financements, ligne par ligne, tous stades",
            columns=(
                Column("Action"), Column("Intitulé"), Column("Financeur"), Column("Dispositif"),
                Column("Année"), Column("Stade"), Column("Montant", "euros"),
                Column("Estimation"), Column("Calculé ainsi"), Column("Dit le", "date"),
            ),
            rows=tuple(
                (
                    actions[row.action_id].code, actions[row.action_id].title, str(row.funder),
                    row.scheme, str(row.year), row.get_stage_display(), row.amount,
                    "oui" if row.is_estimate else "non", row.basis, row.stated_on,
                )
                for row in money.fundings
            ),
            note="Les stades d'un même montant ne s'additionnent pas : cette feuille n'a pas de total.",
            sheet="Financements",
            workbook_only=True,
        ),
    ]  # fmt: skip


def funders_chart(money: PlanMoney) -> Block:
    """Who pays most, all years together; the sentence alone when nothing is known."""
    bars = [
        (str(funder), value)
        for funder in money.funders
        if (value := money.brought(funder=funder)) is not None and value > 0
    ]
    if not bars:
        return Paragraph("Aucun financement n'est encore saisi.")
    name, most = bars[0]
    total = sum(value for _, value in bars)
    share = fr.percent(most * 100 / total, 0)
    return HorizontalBars(
        title="Qui paie, toutes années et estimations comprises",
        bars=[Bar(label, fr.rounded(value / 1000, 1)) for label, value in bars],
        sentence=f"{name} apporte le plus : {fr.keuros(most)}, soit {share} des financements connus.",
        unit="k€",
        decimals=1,
        source=SOURCE,
        label_title="Financeur",
        value_title="Montant",
    ).freeze()


def amount_or_dash(value: Decimal | None) -> Cell:
    return "–" if value is None else value


def _year_columns(years: Sequence[int]) -> tuple[Column, ...]:
    return (
        *(Column(str(year), "keuros", width=4, total="sum") for year in years),
        Column("Total", "keuros", width=5, total="sum"),
    )
