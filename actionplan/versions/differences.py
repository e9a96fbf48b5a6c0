"""What differs between two states of the plan, as data: found, applied, taken block by block.

Applying to a state the differences with another gives the other; composing an avenant from no
block gives the former version, from all of them today's plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from actionplan.versions.facts import COLLECTIONS, Block, Blocks, Facts


@dataclass(frozen=True)
class Change:
    """One thing that differs. ``path`` is empty for a whole block, (field,) for a plain field,
    (field, entry) for an entry of a collection. ``old`` or ``new`` is None for what is not there."""

    block: str
    path: tuple[str, ...]
    old: Any
    new: Any


def differences(old: Blocks, new: Blocks) -> list[Change]:
    """In the order of the new state, what has gone last."""
    found: list[Change] = []
    for block_key in [*new, *(gone for gone in old if gone not in new)]:
        before, after = old.get(block_key), new.get(block_key)
        if before is None or after is None:
            found.append(Change(block_key, (), before, after))
        elif before != after:
            found += _field_changes(block_key, before, after)
    return found


def _field_changes(block_key: str, before: Block, after: Block) -> list[Change]:
    found = []
    for name in [*after, *(gone for gone in before if gone not in after)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in COLLECTIONS:
            found += _entry_changes(block_key, name, old or {}, new or {})
        else:
            found.append(Change(block_key, (name,), old, new))
    return found


def _entry_changes(block_key: str, name: str, old: Block, new: Block) -> list[Change]:
    return [
        Change(block_key, (name, entry), old.get(entry), new.get(entry))
        for entry in [*new, *(gone for gone in old if gone not in new)]
        if old.get(entry) != new.get(entry)
    ]


def apply(changes: Iterable[Change], blocks: Blocks) -> Blocks:
    """The state with these changes made; the one given is left as it is."""
    result = deepcopy(blocks)
    for change in changes:
        if not change.path:
            _put(result, change.block, change.new)
        elif len(change.path) == 1:
            _put(result[change.block], change.path[0], change.new)
        else:
            name, entry = change.path
            _put(result[change.block].setdefault(name, {}), entry, change.new)
    return result


def _put(holder: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = deepcopy(value)


def changed_blocks(old: Blocks, new: Blocks) -> list[str]:
    """The blocks that differ, each once."""
    return list(dict.fromkeys(change.block for change in differences(old, new)))


# --- An avenant, block by block --------------------------------------------------------------
def links_of(block: Block) -> list[str]:
    """The levels that a block stands under."""
    return [block[name] for name in ("orientation", "objective", "parent") if block.get(name)]


def with_needed(old: Blocks, today: Blocks, chosen: Iterable[str]) -> list[str]:
    """The blocks to take so that the plan stands: an action comes with the level it is moved
    under; a level that goes takes along what the former plan had under it."""
    differing = changed_blocks(old, today)
    taken = [block_key for block_key in differing if block_key in set(chosen)]
    while True:
        result = compose_blocks(old, today, taken)
        broken = {
            needed
            for block_key, block in result.items()
            for level in links_of(block)
            if level not in result
            for needed in (level if level in today else block_key,)
        }
        added = [block_key for block_key in differing if block_key in broken - set(taken)]
        if not added:
            return [block_key for block_key in differing if block_key in set(taken)]
        taken += added


def compose_blocks(old: Blocks, today: Blocks, taken: Iterable[str]) -> Blocks:
    """The former plan, with the blocks ``taken`` as they are today."""
    result = dict(old)
    for block_key in taken:
        if block_key in today:
            result[block_key] = today[block_key]
        else:
            result.pop(block_key, None)
    return result


def compose(old: Facts, today: Facts, taken: Iterable[str]) -> Facts:
    """The facts of an avenant. Former names stay; what it takes in brings today's."""
    blocks = compose_blocks(old.blocks, today.blocks, taken)
    ordered = [*today.order, *(gone for gone in old.order if gone not in today.order)]
    return Facts(
        blocks=blocks,
        names={**today.names, **old.names},
        order=[block_key for block_key in ordered if block_key in blocks],
        labels=today.labels,
    )
