"""« Budget du plan par financeur et par année » : what it costs, who pays, what is still to find."""

from __future__ import annotations

from core.audience import Audience
from core.documents.content import Block, Content, Contents, Section
from core.documents.declaration import registry
from reports.budget import PlanMoney, plan_money
from reports.documents import money_blocks as blocks
from reports.documents import parts
from reports.documents.base import Document, Request, chosen_orientations


@registry.register
class PlanBudget(Document):
    identifier = "budget-plan"
    title = "Budget par financeur et par année"
    description = "Ce que coûte le plan, qui paie, à quel stade, ce qui reste à trouver ; les estimations à part."
    formats = ("pdf", "xlsx")
    audience = Audience.COMMITTEE

    def build(self, context: Request) -> Content:
        wanted = chosen_orientations(context)
        money = plan_money(context.agreement, [row.pk for row in wanted])
        sections = budget_sections(money)
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=f"Plan d'actions {context.agreement.period_label}",
            audience=self.audience,
            sections=tuple(sections),
            cover_blocks=(Contents(),),
            meta=parts.meta(context.agreement, context.on),
        )


def budget_sections(money: PlanMoney) -> list[Section]:
    estimates = money.brought(estimated=True) is not None
    who: list[Block] = [
        blocks.funders_chart(money),
        blocks.by_funder(money, estimated=False, sheet="Par financeur"),
    ]
    if estimates:
        who.append(blocks.by_funder(money, estimated=True, sheet="Par financeur"))
    cost: list[Block] = [
        blocks.by_orientation(money, sheet="Par orientation"),
        blocks.orientation_balance(money, sheet="Par orientation"),
    ]
    if money.times:
        cost.append(blocks.staff_table(money, sheet="Temps de travail"))
    return [
        Section(
            "L'essentiel",
            (
                *blocks.summary_blocks(money),
                blocks.by_year(money, sheet="Par année"),
                blocks.by_nature(money, sheet="Par année"),
            ),
            identifier="essentiel",
            page_break=True,
        ),
        Section("Qui paie", tuple(who), identifier="financeurs", page_break=True),
        Section("Ce que coûte le plan", tuple(cost), identifier="couts", page_break=True),
        Section(
            "Stade par stade",
            (blocks.by_stage(money, sheet="Par stade"), *blocks.detail_tables(money)),
            identifier="stades",
            page_break=True,
        ),
    ]
