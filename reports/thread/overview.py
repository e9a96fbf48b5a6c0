"""The whole chain at a glance: one line an orientation, what it rests on and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.thread import spine
from reports.thread.spine import Node, Thread


@dataclass(frozen=True)
class Line:
    """The counts of one orientation; ``valued``: of its measures, those that have a value."""

    node: Node
    figures: int
    findings: int
    challenges: int
    actions: int
    measures: int
    valued: int
    questions: int
    decisions: int


def overview(thread: Thread) -> list[Line]:
    return [line_of(thread, node) for node in thread.of(spine.ORIENTATION)]


def line_of(thread: Thread, node: Node) -> Line:
    above, below = thread.rests_on(node.key), thread.carries(node.key)

    def count(nodes: list[Node], *steps: str) -> int:
        return sum(other.step in steps for other in nodes)

    measures = [other for other in below if other.step == spine.MEASURE]
    return Line(
        node=node,
        figures=count(above, spine.FIGURE, spine.LOCAL),
        findings=count(above, spine.FINDING),
        challenges=count(above, spine.CHALLENGE),
        actions=count(below, spine.ACTION),
        measures=len(measures),
        valued=sum(spine.VALUED in other.marks for other in measures),
        questions=count(below, spine.QUESTION),
        decisions=count(below, spine.DECISION),
    )
