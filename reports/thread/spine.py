"""The chain, free of any database: its steps, its objects, and how one follows it both ways.

« A rests on B » is one link from B (nearer the figures) to A (nearer the decisions). All the rest
(pages, drawing, breaks) is read from these links, so that both directions always say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from core.formats import plural

Key = tuple[str, int]
"""(step, primary key): how an object is named in an address, « action », 12."""

FIGURE, LOCAL, FINDING, CHALLENGE = "chiffre", "chiffre-local", "constat", "enjeu"
ORIENTATION, OBJECTIVE, ACTION = "orientation", "objectif", "action"
MEASURE, QUESTION, DECISION = "mesure", "question", "decision"


@dataclass(frozen=True)
class Step:
    """A link of the spine. ``rank`` is its place, from the figures to the decisions."""

    key: str
    rank: int
    word: str
    words: str
    feminine: bool = False


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step(FIGURE, 0, "chiffre", "chiffres"),
        Step(LOCAL, 0, "chiffre local", "chiffres locaux"),
        Step(FINDING, 1, "constat", "constats"),
        Step(CHALLENGE, 2, "enjeu", "enjeux"),
        Step(ORIENTATION, 3, "orientation", "orientations", True),
        Step(OBJECTIVE, 4, "objectif", "objectifs"),
        Step(ACTION, 6, "action", "actions", True),
        Step(MEASURE, 7, "mesure", "mesures", True),
        Step(QUESTION, 8, "question évaluative", "questions évaluatives", True),
        Step(DECISION, 9, "décision", "décisions", True),
    )
}
SUB_OBJECTIVE_RANK = 5
BANDS = {
    0: "Chiffres", 1: "Constats", 2: "Enjeux", 3: "Orientations", 4: "Objectifs",
    5: "Sous-objectifs", 6: "Actions", 7: "Mesures", 8: "Questions évaluatives", 9: "Décisions",
}  # fmt: skip
"""The rows of the drawing; those of the plan's levels take the names that the agreement gives."""

# What a break is judged on (``lacks``).
BEGUN, DROPPED, OPEN, VALUED, FOLLOWED, KNOWN = (
    "begun", "dropped", "open", "valued", "followed", "known",
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """An object of the chain as its reader meets it. ``word`` is what the agreement calls it."""

    step: str
    pk: int
    label: str
    slug: str
    rank: int
    word: str
    detail: str = ""
    state: str = ""
    state_kind: str = ""
    page: str = ""
    page_args: tuple[str | int, ...] = ()
    anchor: str = ""
    marks: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        return self.step, self.pk

    @property
    def url(self) -> str:
        """The object's own page."""
        if not self.page:
            return ""
        return reverse(self.page, args=[self.slug, *self.page_args]) + self.anchor

    @property
    def thread_url(self) -> str:
        return reverse("reports:thread_of", args=[self.slug, self.step, self.pk])

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Branch:
    """A node of the tree shown, with what hangs on it. ``told_before``: its branches are already
    higher in the tree, and are not told again."""

    node: Node
    branches: tuple[Branch, ...] = ()
    told_before: bool = False


@dataclass
class Thread:
    """All that one reader may follow of one agreement's chain."""

    nodes: dict[Key, Node] = field(default_factory=dict)
    above: dict[Key, list[Key]] = field(default_factory=dict)
    """What each object directly rests on."""
    below: dict[Key, list[Key]] = field(default_factory=dict)
    """What directly rests on each object."""
    labels: dict[int, str] = field(default_factory=lambda: dict(BANDS))

    def add(self, node: Node) -> None:
        self.nodes[node.key] = node
        self.above.setdefault(node.key, [])
        self.below.setdefault(node.key, [])

    def tie(self, foundation: Key, resting: Key) -> None:
        """``resting`` rests on ``foundation``; nothing when the reader may not see one of them."""
        if foundation not in self.nodes or resting not in self.nodes:
            return
        if resting not in self.below[foundation]:
            self.below[foundation].append(resting)
            self.above[resting].append(foundation)

    def of(self, *steps: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.step in steps]

    def next_to(self, key: Key, *steps: str) -> list[Node]:
        """Its direct neighbours of these steps, on either side."""
        return [
            self.nodes[other] for other in (*self.above[key], *self.below[key]) if other[0] in steps
        ]

    def rests_on(self, key: Key) -> list[Node]:
        """All that it rests on, near and far, in the order of the spine."""
        return self._reach(key, self.above)

    def carries(self, key: Key) -> list[Node]:
        """All that rests on it, near and far, in the order of the spine."""
        return self._reach(key, self.below)

    def _reach(self, key: Key, links: dict[Key, list[Key]]) -> list[Node]:
        seen: set[Key] = set()
        waiting = list(links[key])
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                waiting += links[current]
        return [node for node_key, node in self._ranked() if node_key in seen]

    def _ranked(self) -> list[tuple[Key, Node]]:
        return sorted(self.nodes.items(), key=lambda item: item[1].rank)

    def tree(self, key: Key, *, up: bool) -> tuple[Branch, ...]:
        """What it rests on (``up``) or what rests on it, as a tree; each object is unfolded once.

        Straight links come first: an action that answers the challenge itself stands before the
        orientation that also answers it, and the challenges of an action before its objective.
        """
        links = self.above if up else self.below
        told: set[Key] = set()

        def unfold(parent: Key) -> tuple[Branch, ...]:
            ordered = sorted(
                links[parent],
                key=lambda other: (parent[0] == CHALLENGE and other[0] == ORIENTATION,
                                   self.nodes[other].rank),
            )  # fmt: skip
            return tuple(grow(child) for child in ordered)

        def grow(child: Key) -> Branch:
            if child in told:
                return Branch(self.nodes[child], told_before=bool(links[child]))
            told.add(child)
            return Branch(self.nodes[child], unfold(child))

        return unfold(key)


def told(nodes: Iterable[Node]) -> str:
    """« 2 constats, 1 enjeu et 4 actions », in the order given; « rien » for none."""
    counts: dict[str, int] = {}
    for node in nodes:
        counts[node.step] = counts.get(node.step, 0) + 1
    parts = [plural(count, STEPS[key].word, STEPS[key].words) for key, count in counts.items()]
    if len(parts) > 1:
        return f"{', '.join(parts[:-1])} et {parts[-1]}"
    return parts[0] if parts else "rien"
