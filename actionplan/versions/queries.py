"""Reads: the versions of the plan, and one compared with another or with today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Min, QuerySet

from actionplan.models import PlanVersion
from actionplan.versions.differences import changed_blocks, compose, with_needed
from actionplan.versions.facts import PLANNED, STANDINGS, Facts, current_facts, facts_hash
from actionplan.versions.reasons import Reasons, people_named
from actionplan.versions.wording import (
    CHANGED,
    KINDS,
    BlockDiff,
    MoneyYear,
    block_diffs,
    money_total,
    money_years,
)
from agreements.access import Access
from agreements.models import Agreement
from agreements.roles import Capability as C
from core.errors import DomainError
from core.formats import date_long, plural


@dataclass(frozen=True)
class Reader:
    """What a reader may read of the changes."""

    with_money: bool
    with_names: bool
    with_internal: bool

    @classmethod
    def of(cls, access: Access) -> Reader:
        return cls(
            with_money=access.can(C.MONEY_VIEW),
            with_names=access.can(C.JOURNAL_VIEW),
            with_internal=access.can(C.INTERNAL_VIEW),
        )


COMMITTEE = Reader(with_money=True, with_names=False, with_internal=False)
"""Who reads a document made for a committee."""


def versions(agreement: Agreement) -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(agreement=agreement).select_related("amendment", "agreement")


def is_to_be_frozen(agreement: Agreement) -> bool:
    """Signed, and its plan not yet kept as it was signed."""
    return (
        agreement.signed_on is not None
        and not versions(agreement).filter(state=PlanVersion.State.FROZEN).exists()
    )


def frozen(agreement: Agreement) -> list[PlanVersion]:
    """From the first to the last, with their facts."""
    return [row for row in versions(agreement) if row.state == PlanVersion.State.FROZEN]


def last_frozen(agreement: Agreement) -> PlanVersion | None:
    return versions(agreement).filter(state=PlanVersion.State.FROZEN).last()


def version_before(version: PlanVersion) -> PlanVersion:
    """The frozen version that a prepared avenant amends.

    Raises ``DomainError`` when there is none.
    """
    before = (
        versions(version.agreement)
        .filter(state=PlanVersion.State.FROZEN, number__lt=version.number)
        .last()
    )
    if before is None:
        raise DomainError("La version que cet avenant modifie n'existe plus.")
    return before


def facts_of(version: PlanVersion) -> Facts:
    """The plan of a frozen version, once its hash is checked.

    Raises ``DomainError`` when the facts are not those that were frozen.
    """
    if facts_hash(version.facts) != version.facts_hash:
        raise DomainError(
            f"La version {version.number} a été altérée : son contenu ne correspond plus à son "
            "empreinte. Reprenez-la d'une sauvegarde."
        )
    try:
        return Facts.from_json(version.facts)
    except ValueError as error:
        raise DomainError(str(error)) from error


def label_of(version: PlanVersion | None) -> str:
    """« plan signé le 19 décembre 2025 », « version 2, avenant n° 1 du … », « plan d'aujourd'hui »."""
    if version is None:
        return "plan d'aujourd'hui"
    if version.kind == PlanVersion.Kind.SIGNED:
        return f"plan signé le {date_long(version.frozen_on)}"
    name = str(version.amendment).lower() if version.amendment else "avenant"
    if version.state == PlanVersion.State.PREPARED:
        return f"{name} en préparation"
    return f"version {version.number}, {name} du {date_long(version.frozen_on)}"


# --- Comparison ------------------------------------------------------------------------------
@dataclass
class Comparison:
    """Two states of the plan. ``new`` None is today. ``all_diffs`` is before the filter."""

    old: PlanVersion
    new: PlanVersion | None
    before: Facts
    after: Facts
    all_diffs: list[BlockDiff]
    money: list[MoneyYear] = field(default_factory=list)
    orientation: str = ""

    @property
    def diffs(self) -> list[BlockDiff]:
        return [
            diff
            for diff in self.all_diffs
            if not self.orientation or diff.orientation == self.orientation
        ]

    @property
    def groups(self) -> list[tuple[str, list[BlockDiff]]]:
        """The differences under the orientation that holds them."""
        return grouped(self.diffs, self.after, self.before)

    @property
    def orientations(self) -> list[tuple[str, str]]:
        """Those that hold a difference: key, title."""
        return [
            (level, _title(level, self.after, self.before))
            for level in dict.fromkeys(diff.orientation for diff in self.all_diffs)
        ]

    @property
    def sentence(self) -> str:
        return told(self.diffs, label_of(self.old), label_of(self.new))

    @property
    def old_label(self) -> str:
        return label_of(self.old)

    @property
    def new_label(self) -> str:
        return label_of(self.new)

    @property
    def money_changed(self) -> bool:
        return any(
            row.old_expense != row.new_expense or row.old_funding != row.new_funding
            for row in self.money
        )


def grouped(
    diffs: list[BlockDiff], after: Facts, before: Facts
) -> list[tuple[str, list[BlockDiff]]]:
    found: dict[str, list[BlockDiff]] = {}
    for diff in diffs:
        found.setdefault(diff.orientation, []).append(diff)
    return [(_title(level, after, before), rows) for level, rows in found.items()]


def _title(level: str, after: Facts, before: Facts) -> str:
    block = after.blocks.get(level) or before.blocks.get(level)
    return f"{block['code']}. {block['title']}" if block else "Hors du plan"


def told(diffs: list[BlockDiff], old: str, new: str) -> str:
    """« Entre le plan signé le … et le plan d'aujourd'hui : 1 action ajoutée, 3 modifiées. »"""
    if not diffs:
        return f"Rien ne diffère entre le {old} et le {new}."
    actions = Counter(diff.kind for diff in diffs if diff.is_action)
    levels = sum(1 for diff in diffs if not diff.is_action)
    parts: list[str] = []
    for kind, (word, *_) in KINDS.items():
        if actions[kind]:
            noun = f"action {word}" if not parts else word
            many = f"actions {word}s" if not parts else f"{word}s"
            parts.append(plural(actions[kind], noun, many))
    if levels:
        parts.append(plural(levels, "niveau du plan modifié", "niveaux du plan modifiés"))
    return f"Entre le {old} et le {new} : {', '.join(parts)}."


def compare(
    agreement: Agreement,
    reader: Reader,
    old: PlanVersion,
    new: PlanVersion | None = None,
    *,
    orientation: str = "",
    today: Facts | None = None,
) -> Comparison:
    """``new`` None compares with today. Raises ``DomainError`` for an altered version."""
    current = today or current_facts(agreement)
    before = facts_of(old)
    after = current if new is None else facts_of(new)
    after.owners = current.owners
    people = people_named(agreement, (before, after))
    frozen_rows = versions(agreement).filter(state=PlanVersion.State.FROZEN)
    first = frozen_rows.aggregate(at=Min("updated_at"))["at"]
    why = Reasons(
        agreement,
        after,
        since=first or old.updated_at,
        until=new.updated_at if new is not None else None,
        with_names=reader.with_names,
        with_internal=reader.with_internal,
    )
    diffs = block_diffs(before, after, people=people, with_money=reader.with_money, why=why)
    money = money_years(before, after) if reader.with_money else []
    return Comparison(old, new, before, after, diffs, money, orientation)


# --- A prepared avenant ----------------------------------------------------------------------
@dataclass
class Preview:
    """What a prepared avenant would change, and what it leaves out."""

    version: PlanVersion
    before: PlanVersion
    taken: list[BlockDiff]
    added: list[BlockDiff]
    """Taken too, because the plan would not stand without it."""
    left_out: list[BlockDiff]
    money: list[MoneyYear]
    facts: Facts
    former: Facts
    has_vanished: bool
    """Something was chosen that does not differ any more."""

    @property
    def all_taken(self) -> list[BlockDiff]:
        return [*self.taken, *self.added]

    @property
    def groups(self) -> list[tuple[str, list[BlockDiff]]]:
        return grouped(self.all_taken, self.facts, self.former)


def preview(version: PlanVersion, reader: Reader) -> Preview:
    agreement, before = version.agreement, version_before(version)
    today = current_facts(agreement)
    comparison = compare(agreement, reader, before, today=today)
    former = comparison.before
    taken = with_needed(former.blocks, today.blocks, version.blocks)
    facts = compose(former, today, taken)
    chosen, needed = set(version.blocks), set(taken) - set(version.blocks)
    return Preview(
        version=version,
        before=before,
        taken=[diff for diff in comparison.all_diffs if diff.key in chosen],
        added=[diff for diff in comparison.all_diffs if diff.key in needed],
        left_out=[diff for diff in comparison.all_diffs if diff.key not in set(taken)],
        money=money_years(former, facts) if reader.with_money else [],
        facts=facts,
        former=former,
        has_vanished=bool(chosen - set(changed_blocks(former.blocks, today.blocks))),
    )


def choices(agreement: Agreement, old: PlanVersion) -> list[tuple[str, str]]:
    """What an avenant may take in: the blocks that differ today, said in a line."""
    before, today = facts_of(old), current_facts(agreement)
    people = people_named(agreement, (before, today))
    diffs = block_diffs(before, today, people=people, with_money=True)
    differing = set(changed_blocks(before.blocks, today.blocks))
    return [(diff.key, brief(diff)) for diff in diffs if diff.key in differing]


def brief(diff: BlockDiff) -> str:
    """« 1.1.1 Ouvrir cinq places (modifiée : échéance, dépense prévue 2027) »."""
    if diff.kind != CHANGED:
        return f"{diff.title} ({diff.word})"
    labels = list(dict.fromkeys(line.topic or line.label for line in diff.lines))
    more = f" et {len(labels) - 3} autres" if len(labels) > 3 else ""
    return f"{diff.title} ({diff.word} : {', '.join(labels[:3])}{more})"


# --- One frozen version ----------------------------------------------------------------------
@dataclass(frozen=True)
class ActionLine:
    """An action as a frozen version lists it."""

    code: str
    title: str
    lead: str
    due_on: date
    standing: str
    expense: Decimal | None


def plan_lines(facts: Facts, *, with_money: bool) -> list[tuple[str, list[ActionLine]]]:
    """The actions of a version under their orientation."""
    found: dict[str, list[ActionLine]] = {key: [] for key in facts.in_order("orientation")}
    for key in facts.in_order("action"):
        block = facts.blocks[key]
        found.setdefault(block["orientation"], []).append(
            ActionLine(
                code=block["code"],
                title=block["title"],
                lead=facts.names.get(block["lead"], "n.d."),
                due_on=date.fromisoformat(block["due_on"]),
                standing="" if block["standing"] == PLANNED else STANDINGS[block["standing"]],
                expense=money_total(block) if with_money else None,
            )
        )
    return [(_title(level, facts, facts), rows) for level, rows in found.items()]
