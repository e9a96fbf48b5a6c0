"""The differences of two states of the plan as a person says them: field by field, old → new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from actionplan.models import (
    Action,
    ActionPartner,
    BudgetLine,
    FundingStage,
    Measure,
    Objective,
    Orientation,
)
from actionplan.versions.differences import Change, differences
from actionplan.versions.facts import COLLECTIONS, DROPPED, MONEY, STANDINGS, Block, Facts
from core import formats as fr

ADDED, REMOVED, DROPPED_KIND, MOVED, CHANGED = "added", "removed", "dropped", "moved", "changed"
KINDS = {
    ADDED: ("ajoutée", "ajouté", "circle-plus", "success"),
    REMOVED: ("retirée", "retiré", "circle-minus", "warning"),
    DROPPED_KIND: ("abandonnée", "abandonné", "circle-x", "warning"),
    MOVED: ("déplacée", "déplacé", "arrows-exchange", "info"),
    CHANGED: ("modifiée", "modifié", "pencil", "primary"),
}
"""Feminine and masculine word, icon, tone."""

FIELD_LABELS = {
    "lead": "structure pilote",
    "orientation": "niveau", "objective": "niveau au-dessous", "parent": "niveau au-dessus",
    "sponsor": "élu référent", "standing": "place au plan", "themes": "thème",
    "challenges": "enjeu", "partners": "partenaire", "steps": "étape", "budget": "dépenses prévues",
    "fundings": "financements", "staff": "temps de travail prévu", "measures": "mesure",
}  # fmt: skip
MODELS_OF: dict[str, type[Model]] = {
    "orientation": Orientation, "objective": Objective, "action": Action,
}  # fmt: skip
LEVEL_FIELDS = ("orientation", "objective", "parent")
ABSENT = "–"


@dataclass(frozen=True)
class Why:
    """When something changed, through whom, and the reason given (which names the decision)."""

    at: datetime
    who: str = ""
    reason: str = ""
    sentence: str = ""
    url: str = ""
    """The page of the decision that the reason names."""


@dataclass(frozen=True)
class Line:
    """One field, old → new."""

    label: str
    old: str
    new: str
    is_money: bool = False
    why: Why | None = None
    topic: str = ""
    """The kind of field, told once for several lines of it: « dépense prévue »."""


@dataclass
class BlockDiff:
    """All that differs in one orientation, objective or action."""

    key: str
    kind: str
    title: str
    orientation: str
    lines: list[Line] = field(default_factory=list)
    why: Why | None = None

    @property
    def is_action(self) -> bool:
        return self.key.startswith("action:")

    @property
    def pk(self) -> int:
        return int(self.key.partition(":")[2])

    @property
    def word(self) -> str:
        feminine, masculine, _, _ = KINDS[self.kind]
        return masculine if self.key.startswith("objective:") else feminine

    @property
    def icon(self) -> str:
        return KINDS[self.kind][2]

    @property
    def tone(self) -> str:
        return KINDS[self.kind][3]

    @property
    def reasons(self) -> list[Why]:
        """Each reason once: several fields often change together."""
        whys = [why for why in (self.why, *(line.why for line in self.lines)) if why is not None]
        return list({(why.at.date(), why.who, why.reason): why for why in whys}.values())


class Speaker:
    """Says the values of a state of the plan. ``people``: « contact:3 » → name, read today."""

    def __init__(self, facts: Facts, people: Mapping[str, str]) -> None:
        self.facts = facts
        self.people = people

    def name(self, link: str) -> str:
        if not link:
            return ""
        block = self.facts.blocks.get(link)
        if block is not None:
            return f"{block['code']} {block['title']}"
        if link.startswith("contact:"):
            return self.people.get(link, "personne effacée")
        return self.facts.names.get(link, "n.d.")

    def value(self, name: str, value: Any) -> str:
        """A plain field; a dash for nothing."""
        if value in (None, ""):
            return ABSENT
        if name in (*LEVEL_FIELDS, "lead", "lead_contact", "sponsor"):
            return self.name(value)
        if name in ("starts_on", "due_on"):
            return fr.date_long(date.fromisoformat(value))
        if name == "standing":
            return STANDINGS[value]
        if name in ("priority", "origin"):
            return str(dict(_field(Action, name).flatchoices)[value])
        return str(value)

    def entry(self, name: str, entry: str, content: Block | None) -> str:
        """An entry of a collection; a dash when it is not there."""
        return ABSENT if content is None else ENTRIES[name](self, entry, content)

    def _link(self, entry: str, content: Block) -> str:
        return self.name(entry)

    def _partner(self, entry: str, content: Block) -> str:
        organisation, _, role = entry.partition("|")
        return f"{self.name(organisation)} ({ActionPartner.Role(role).label})"

    def _step(self, entry: str, content: Block) -> str:
        told = content["title"]
        if content["due_on"]:
            told += f", pour le {fr.date_long(date.fromisoformat(content['due_on']))}"
        if content["owner"]:
            told += f" ({self.name(content['owner'])})"
        return told

    def _budget(self, entry: str, content: Block) -> str:
        return money_text(content["planned"])

    def _funding(self, entry: str, content: Block) -> str:
        return f"{money_text(content['amount'])} ({FundingStage(content['stage']).label})"

    def _staff(self, entry: str, content: Block) -> str:
        return fr.with_unit(Decimal(content["planned"]), "ETP", 2)

    def _measure(self, entry: str, content: Block) -> str:
        unit = content["unit"]
        told = [f"{content['label']} ({Measure.Kind(content['kind']).label}"]
        told[0] += f", {unit})" if unit else ")"
        if content["baseline"]:
            told.append(f"départ {figure(content['baseline'])} en {content['baseline_year']}")
        targets = [
            f"{year} : {figure(value)}" for year, value in sorted(content["targets"].items())
        ]
        if targets:
            told.append(f"cibles {', '.join(targets)}")
        return " ; ".join(told)


ENTRIES: dict[str, Callable[[Speaker, str, Block], str]] = {
    "themes": Speaker._link, "challenges": Speaker._link, "partners": Speaker._partner,
    "steps": Speaker._step, "budget": Speaker._budget, "fundings": Speaker._funding,
    "staff": Speaker._staff, "measures": Speaker._measure,
}  # fmt: skip


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def money_text(value: str) -> str:
    amount = Decimal(value)
    return fr.euros(amount, 0 if amount == amount.to_integral_value() else 2)


def money_total(block: Block) -> Decimal | None:
    """The planned expense of an action, all years; None when none is known."""
    planned = [Decimal(entry["planned"]) for entry in block["budget"].values()]
    return sum(planned, Decimal(0)) if planned else None


def figure(value: str) -> str:
    exact = Decimal(value).normalize()
    return fr.number(exact, max(0, -int(exact.as_tuple().exponent)))


def block_diffs(
    old: Facts,
    new: Facts,
    *,
    people: Mapping[str, str],
    with_money: bool,
    why: Callable[[Change], Why | None] = lambda change: None,
) -> list[BlockDiff]:
    """The differences told, in the order of the plan. Without money, what only changes an amount is
    not there at all."""
    before, after = Speaker(old, people), Speaker(new, people)
    found: dict[str, BlockDiff] = {}
    for change in differences(old.blocks, new.blocks):
        if change.path and change.path[0] in MONEY and not with_money:
            continue
        diff = found.get(change.block) or _diff_of(change, before, after)
        found[change.block] = diff
        if change.path:
            diff.kind = _kind(diff.kind, change)
            diff.lines += _lines(change, before, after, why(change))
        else:
            diff.why = why(change)
            present = after if change.new is not None else before
            diff.lines += _whole(change, present, with_money)
    rank = {block_key: rank for rank, block_key in enumerate([*new.order, *old.order][::-1])}
    return sorted(found.values(), key=lambda diff: -rank[diff.key])


def _diff_of(change: Change, before: Speaker, after: Speaker) -> BlockDiff:
    speaker = after if change.block in after.facts.blocks else before
    block = speaker.facts.blocks[change.block]
    kind = CHANGED
    if not change.path:
        kind = ADDED if change.old is None else REMOVED
    own_level = change.block if change.block.startswith("orientation:") else block["orientation"]
    return BlockDiff(change.block, kind, speaker.name(change.block), own_level)


def _kind(known: str, change: Change) -> str:
    if change.path == ("standing",) and change.new == DROPPED:
        return DROPPED_KIND
    if change.path[0] in LEVEL_FIELDS and known != DROPPED_KIND:
        return MOVED
    return known


def label_of(change: Change, speaker: Speaker) -> str:
    """« étape », « dépense prévue 2027, fonctionnement », « financement 2027, Caf de l'Aube »."""
    name = change.path[0]
    if name == "orientation":
        return speaker.facts.labels["orientation"].lower()
    if name in ("objective", "parent"):
        return speaker.facts.labels["objective"].lower()
    model = MODELS_OF[change.block.partition(":")[0]]
    label = FIELD_LABELS.get(name) or str(_field(model, name).verbose_name)
    if name == "budget":
        year, nature, words = change.path[1].split("|", 2)
        told = BudgetLine.Nature(nature).label + (f", {words}" if words else "")
        return f"dépense {year} ({told})"
    if name == "fundings":
        funder, year, scheme = change.path[1].split("|", 2)
        told = speaker.name(funder) + (f", {scheme}" if scheme else "")
        return f"financement {year} ({told})"
    if name == "staff":
        return f"{label} {change.path[1]}"
    return label


def _lines(change: Change, before: Speaker, after: Speaker, why: Why | None) -> list[Line]:
    name = change.path[0]
    speaker = after if change.new is not None else before
    topic = FIELD_LABELS.get(name, label_of(change, speaker))
    if name == "measures" and change.old is not None and change.new is not None:
        return [
            Line(f"mesure « {change.new['label']} », {label}", old, new, False, why, topic)
            for label, old, new in _measure_changes(change.old, change.new)
        ]
    if name in COLLECTIONS:
        old = before.entry(name, change.path[1], change.old)
        new = after.entry(name, change.path[1], change.new)
    else:
        old, new = before.value(name, change.old), after.value(name, change.new)
    return [Line(label_of(change, speaker), old, new, name in MONEY, why, topic)]


def _measure_changes(old: Block, new: Block) -> list[tuple[str, str, str]]:
    """Each thing that differs in a measure: its label, before, after."""
    found: list[tuple[str, str, str]] = [
        (
            str(_field(Measure, name).verbose_name),
            _measure_field(name, old[name]),
            _measure_field(name, new[name]),
        )
        for name in ("label", "kind", "unit", "direction", "baseline", "baseline_year", "source")
        if old[name] != new[name]
    ]
    for year in sorted({*old["targets"], *new["targets"]}):
        pair = [row["targets"].get(year) for row in (old, new)]
        if pair[0] != pair[1]:
            told = [ABSENT if value is None else figure(value) for value in pair]
            found.append((f"cible {year}", told[0], told[1]))
    return found


def _measure_field(name: str, value: Any) -> str:
    if value in (None, ""):
        return ABSENT
    if name in ("kind", "direction"):
        return str(dict(_field(Measure, name).flatchoices)[value])
    return figure(value) if name == "baseline" else str(value)


def _whole(change: Change, speaker: Speaker, with_money: bool) -> list[Line]:
    """A block that comes or goes, in brief: what it is, who leads it, until when, how much."""
    block = change.new if change.new is not None else change.old
    told = []
    if change.block.startswith("action:"):
        told = [
            ("en une phrase", block["summary"]),
            ("structure pilote", speaker.name(block["lead"])),
            ("échéance", speaker.value("due_on", block["due_on"])),
        ]
        if with_money and block["budget"]:
            total = sum(Decimal(entry["planned"]) for entry in block["budget"].values())
            told.append(("dépense prévue, toutes années", fr.euros(total)))
    if change.new is not None:
        return [Line(label, ABSENT, value, "dépense" in label) for label, value in told]
    return [Line(label, value, ABSENT, "dépense" in label) for label, value in told]


# --- Money by year ---------------------------------------------------------------------------
@dataclass(frozen=True)
class MoneyYear:
    """Planned money of one year before and after; None where nothing is known. ``year`` None: total."""

    year: int | None
    old_expense: Decimal | None
    new_expense: Decimal | None
    old_funding: Decimal | None
    new_funding: Decimal | None

    @property
    def expense_difference(self) -> Decimal | None:
        return _difference(self.old_expense, self.new_expense)

    @property
    def funding_difference(self) -> Decimal | None:
        return _difference(self.old_funding, self.new_funding)

    @property
    def expense_gap(self) -> str:
        return gap_text(self.expense_difference)

    @property
    def funding_gap(self) -> str:
        return gap_text(self.funding_difference)


def gap_text(value: Decimal | None) -> str:
    """« +38 000 € », « −1 200 € »; a dash where nothing moves."""
    return fr.signed(value, unit="€") if value else ABSENT


def _difference(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    return None if old is None and new is None else (new or Decimal(0)) - (old or Decimal(0))


def money_of(facts: Facts, name: str) -> dict[int, Decimal]:
    """Year → sum of ``budget`` or ``fundings`` of the actions that are in the plan."""
    totals: dict[int, Decimal] = {}
    for block_key in facts.in_order("action"):
        block = facts.blocks[block_key]
        if block["standing"] == DROPPED:
            continue
        for entry, content in block[name].items():
            year = int(entry.split("|")[0 if name == "budget" else 1])
            amount = Decimal(content["planned" if name == "budget" else "amount"])
            totals[year] = totals.get(year, Decimal(0)) + amount
    return totals


def money_years(old: Facts, new: Facts) -> list[MoneyYear]:
    """By year, then the total; empty when neither state says any amount."""
    columns = [money_of(facts, name) for name in ("budget", "fundings") for facts in (old, new)]
    years = sorted(set().union(*columns))
    if not years:
        return []
    rows = [MoneyYear(year, *(column.get(year) for column in columns)) for year in years]
    totals = (sum(column.values()) if column else None for column in columns)
    return [*rows, MoneyYear(None, *totals)]  # type: ignore[arg-type]
