"""The plan as data: what was agreed, block by block, in a form that can be frozen and compared.

A *block* is an orientation, an objective or an action, under its stable key (« action:12 »). It
holds what the convention commits to: words, pilot, dates, steps, planned money, measures and their
targets. What follows the plan (progress, notes, spending, values read, steps done) is no part of
it: an action that advances does not change the signed plan.

Links are keys, with the name they had in ``names``. A person is a key alone, named when read: a
frozen version must not keep the name of someone who asked to be erased (docs/decisions).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from actionplan.models import (
    Action,
    ActionChallenge,
    ActionPartner,
    ActionStatus,
    ActionTheme,
    BudgetLine,
    Funding,
    FundingStage,
    Measure,
    MeasurePoint,
    Objective,
    Orientation,
    OrientationChallenge,
    StaffTime,
    Step,
)
from agreements.models import Agreement

SCHEMA = 1
Block = dict[str, Any]
Blocks = dict[str, Block]

TEXTS = (
    "code", "title", "summary", "context", "target_public", "area", "expected_results",
    "description", "steering_body", "human_means", "material_means", "participation",
    "difficulties", "legal_codes",
)  # fmt: skip
COLLECTIONS = (
    "themes", "challenges", "partners", "steps", "budget", "fundings", "staff", "measures",
)  # fmt: skip
"""Fields of a block that hold several entries, compared one by one."""
MONEY = ("budget", "fundings")
AGREED_STAGES = (FundingStage.REQUESTED, FundingStage.PLANNED, FundingStage.GRANTED)
"""From the least to the most advanced. Later stages tell what became of the money."""

PLANNED, TO_DISCUSS, DROPPED = "planned", "to_discuss", "dropped"
STANDINGS = {PLANNED: "au plan", TO_DISCUSS: "à discuter", DROPPED: "abandonnée"}
"""Of the statuses of an action, what concerns the plan itself."""


@dataclass
class Facts:
    """The plan of one day. ``names``: key → label. ``owners``: where the journal's small rows
    belong (model label, pk → block key, entry); it is not frozen."""

    blocks: Blocks
    names: dict[str, str]
    order: list[str]
    labels: dict[str, str] = field(default_factory=dict)
    owners: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "labels": self.labels,
            "names": self.names,
            "order": self.order,
            "blocks": self.blocks,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Facts:
        """Raises ``ValueError`` for a format that this version does not know."""
        if data.get("schema") != SCHEMA:
            raise ValueError("Cette version du plan est d'un format que l'application ne lit pas.")
        return cls(
            blocks=data["blocks"],
            names=data["names"],
            order=data["order"],
            labels=data["labels"],
        )

    def in_order(self, kind: str) -> list[str]:
        return [key for key in self.order if key.startswith(f"{kind}:")]


def facts_hash(data: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, whatever stored it."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def key(kind: str, pk: int | None) -> str:
    """« action:12 »; empty for nothing."""
    return f"{kind}:{pk}" if pk else ""


def decimal_text(value: Any) -> str:
    """One spelling for each figure: « 12000.00 » and « 12000 » are the same amount."""
    return f"{Decimal(str(value)).normalize():f}"


def current_facts(agreement: Agreement) -> Facts:
    """The plan as it is, in three queries whatever its size."""
    facts = Facts(
        {}, {}, [],
        labels={
            "orientation": agreement.orientation_label,
            "objective": agreement.objective_label,
            "sub_objective": agreement.sub_objective_label,
        },
    )  # fmt: skip
    for orientation in _orientations(agreement):
        _add(facts, key("orientation", orientation.pk), _orientation_block(facts, orientation))
    for objective in Objective.objects.filter(agreement=agreement):
        _add(facts, key("objective", objective.pk), _objective_block(objective))
    for action in _actions(agreement):
        _add(facts, key("action", action.pk), _action_block(facts, action))
    return facts


def _add(facts: Facts, block_key: str, block: Block) -> None:
    facts.blocks[block_key] = block
    facts.order.append(block_key)


# --- Rows, each with its parts as JSON -------------------------------------------------------
def _parts(rows: QuerySet[Any], **fields: Any) -> ArraySubquery:
    return ArraySubquery(rows.values(part=JSONObject(**fields)))


def _text(name: str) -> Cast:
    """A figure read as text: JSON would make it a float."""
    return Cast(name, CharField())


def _measures(**parent: Any) -> ArraySubquery:
    points = MeasurePoint.objects.filter(measure=OuterRef("pk"))
    return _parts(
        Measure.objects.filter(**parent),
        pk="pk", label="label", kind="kind", unit="unit", direction="direction",
        baseline=_text("baseline"), baseline_year="baseline_year", source="source",
        points=_parts(points, pk="pk", year="year", target=_text("target")),
    )  # fmt: skip


def _orientations(agreement: Agreement) -> QuerySet[Orientation]:
    return Orientation.objects.filter(agreement=agreement).annotate(
        challenge_parts=_parts(
            OrientationChallenge.objects.filter(orientation=OuterRef("pk")),
            pk="challenge_id", name="challenge__title",
        ),
        measure_parts=_measures(orientation=OuterRef("pk")),
    )  # fmt: skip


def _actions(agreement: Agreement) -> QuerySet[Action]:
    def own(model: Any) -> QuerySet[Any]:
        return model.objects.filter(action=OuterRef("pk"))

    return (
        Action.objects.filter(agreement=agreement)
        .active()
        .annotate(
            lead_name=F("lead_organisation__name"),
            theme_parts=_parts(own(ActionTheme), pk="theme_id", name="theme__name"),
            challenge_parts=_parts(
                own(ActionChallenge), pk="challenge_id", name="challenge__title"
            ),
            partner_parts=_parts(
                own(ActionPartner),
                row="pk", pk="organisation_id", name="organisation__name", role="role",
            ),
            step_parts=_parts(
                own(Step), pk="pk", title="title", due_on="due_on", owner="owner_id"
            ),
            budget_parts=_parts(
                own(BudgetLine),
                pk="pk", year="year", nature="nature", label="label", planned=_text("planned"),
            ),
            funding_parts=_parts(
                own(Funding),
                pk="pk", funder="funder_id", name="funder__name", scheme="scheme", year="year",
                stage="stage", amount=_text("amount"),
            ),
            staff_parts=_parts(own(StaffTime), pk="pk", year="year", planned=_text("planned")),
            measure_parts=_measures(action=OuterRef("pk")),
        )
        .in_plan_order()
    )  # fmt: skip


# --- Blocks ----------------------------------------------------------------------------------
def _orientation_block(facts: Facts, row: Any) -> Block:
    block_key = key("orientation", row.pk)
    return {
        "code": row.code,
        "title": row.title,
        "description": row.description,
        "challenges": _links(facts, "challenge", row.challenge_parts),
        "measures": _measure_entries(facts, block_key, row.measure_parts),
    }


def _objective_block(row: Objective) -> Block:
    return {
        "code": row.code,
        "title": row.title,
        "description": row.description,
        "orientation": key("orientation", row.orientation_id),
        "parent": key("objective", row.parent_id),
    }


def _action_block(facts: Facts, row: Any) -> Block:
    block_key = key("action", row.pk)
    lead = key("organisation", row.lead_organisation_id)
    facts.names[lead] = row.lead_name
    standing = row.status if row.status in (TO_DISCUSS, DROPPED) else PLANNED
    return {
        **{name: getattr(row, name) for name in TEXTS},
        "orientation": key("orientation", row.orientation_id),
        "objective": key("objective", row.objective_id),
        "lead": lead,
        "lead_contact": key("contact", row.lead_contact_id),
        "sponsor": key("contact", row.elected_sponsor_id),
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "due_on": row.due_on.isoformat(),
        "priority": row.priority,
        "origin": row.origin,
        "standing": standing,
        "dropped_reason": row.dropped_reason if row.status == ActionStatus.DROPPED else "",
        "themes": _links(facts, "theme", row.theme_parts),
        "challenges": _links(facts, "challenge", row.challenge_parts),
        "partners": _partner_entries(facts, block_key, row.partner_parts),
        "steps": _step_entries(facts, block_key, row.step_parts),
        "budget": _budget_entries(facts, block_key, row.budget_parts),
        "fundings": _funding_entries(facts, block_key, row.funding_parts),
        "staff": _staff_entries(facts, block_key, row.staff_parts),
        "measures": _measure_entries(facts, block_key, row.measure_parts),
    }


def _links(facts: Facts, kind: str, parts: list[dict[str, Any]]) -> Block:
    for part in parts:
        facts.names[key(kind, part["pk"])] = part["name"]
    return {key(kind, part["pk"]): {} for part in parts}


def _partner_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    entries: Block = {}
    for part in parts:
        organisation = key("organisation", part["pk"])
        facts.names[organisation] = part["name"]
        entry = f"{organisation}|{part['role']}"
        facts.owners["actionplan.actionpartner", part["row"]] = (block_key, entry)
        entries[entry] = {}
    return entries


def _step_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    entries: Block = {}
    for part in parts:
        facts.owners["actionplan.step", part["pk"]] = (block_key, str(part["pk"]))
        entries[str(part["pk"])] = {
            "title": part["title"],
            "due_on": part["due_on"] or "",
            "owner": key("contact", part["owner"]),
        }
    return entries


def _budget_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    """Planned expenses. A line that only tells what was spent is no commitment."""
    totals: dict[str, Decimal] = {}
    for part in parts:
        name = f"{part['year']}|{part['nature']}|{part['label']}"
        facts.owners["actionplan.budgetline", part["pk"]] = (block_key, name)
        if part["planned"] is not None:
            totals[name] = totals.get(name, Decimal(0)) + Decimal(part["planned"])
    return {name: {"planned": decimal_text(total)} for name, total in totals.items()}


def _funding_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    """What was agreed with each funder: the most advanced of the stages that precede the facts."""
    rank = {str(stage): rank for rank, stage in enumerate(AGREED_STAGES)}
    entries: Block = {}
    for part in sorted(parts, key=lambda part: rank.get(part["stage"], -1)):
        funder = key("organisation", part["funder"])
        entry = f"{funder}|{part['year']}|{part['scheme']}"
        facts.owners["actionplan.funding", part["pk"]] = (block_key, entry)
        if part["stage"] in rank:
            facts.names[funder] = part["name"]
            entries[entry] = {
                "amount": decimal_text(part["amount"]),
                "stage": part["stage"],
            }
    return entries


def _staff_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    entries: Block = {}
    for part in parts:
        facts.owners["actionplan.stafftime", part["pk"]] = (block_key, str(part["year"]))
        if part["planned"] is not None:
            entries[str(part["year"])] = {"planned": decimal_text(part["planned"])}
    return entries


def _measure_entries(facts: Facts, block_key: str, parts: list[dict[str, Any]]) -> Block:
    entries: Block = {}
    for part in parts:
        own = (block_key, str(part["pk"]))
        facts.owners["actionplan.measure", part["pk"]] = own
        for point in part["points"]:
            facts.owners["actionplan.measurepoint", point["pk"]] = own
        entries[str(part["pk"])] = {
            "label": part["label"],
            "kind": part["kind"],
            "unit": part["unit"],
            "direction": part["direction"],
            "baseline": "" if part["baseline"] is None else decimal_text(part["baseline"]),
            "baseline_year": part["baseline_year"] or "",
            "source": part["source"],
            "targets": {
                str(point["year"]): decimal_text(point["target"])
                for point in part["points"]
                if point["target"] is not None
            },
        }
    return entries
