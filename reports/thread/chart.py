"""The chain drawn: one band a step, from the figures down to the decisions, the object asked for in
the middle and in full. It fits a sheet of paper; the list under it has everything."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from core.charts.base import Chart, Row
from core.documents.content import Column
from reports.thread.spine import Key, Node, Thread, told

WIDTH, GUTTER, GAP = 760, 118, 10
IN_A_BAND = 4
BOX = (WIDTH - GUTTER - (IN_A_BAND - 1) * GAP) / IN_A_BAND
LINE, PADDING, ROOM = 15, 8, 34
"""Pixels: a line of text, the padding of a box, the room between two bands for the thread."""
LETTER, FOCUS_LINE, GUTTER_LINE = 6, 92, 17
"""Pixels of a letter, and the characters that hold on a line of bold text, of the gutter."""
LINES = 4
PLAIN = {"type": "quantitative", "axis": None}


@dataclass(frozen=True)
class Box:
    """A box of the drawing: one object, or those that had no room (``key`` None)."""

    keys: tuple[Key, ...]
    text: str
    rank: int
    left: float
    width: float
    top: float = 0
    height: float = 0
    kind: str = "node"

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


class ThreadChart(Chart):
    """What an object rests on, above it; what rests on it, below."""

    columns = {
        "step": Column("Étape"),
        "label": Column("Objet", width=4),
        "rests_on": Column("Repose directement sur", width=4),
    }

    def __init__(self, thread: Thread, key: Key) -> None:
        self.thread, self.key = thread, key
        self.node = thread.nodes[key]
        self.title = f"Le fil rouge : {self.node.word}"
        self.above, self.below = thread.rests_on(key), thread.carries(key)

    @property
    def shown(self) -> list[Node]:
        return sorted([*self.above, self.node, *self.below], key=lambda node: node.rank)

    def rows(self) -> list[Row]:
        keys = {node.key for node in self.shown}
        return [
            {
                "step": node.word,
                "label": node.label,
                "rests_on": " ; ".join(
                    self.thread.nodes[other].label
                    for other in self.thread.above[node.key]
                    if other in keys
                ),
            }
            for node in self.shown
        ]

    def sentence(self) -> str:
        return (
            f"Repose sur {told(self.above)}. En dépendent : {told(self.below)}."
            if self.above or self.below
            else "Rien n'y est encore relié."
        )

    def alt(self) -> str:
        return (
            f"Schéma du fil rouge : {self.node.label}. {self.sentence()} La liste suit le schéma."
        )

    # --- The drawing ------------------------------------------------------------------------
    def boxes(self) -> list[Box]:
        """One row a band; what has no room is counted in the last box of its band."""
        by_rank: dict[int, list[Node]] = {}
        for node in self.shown:
            by_rank.setdefault(node.rank, []).append(node)
        placed: list[Box] = []
        top = 0.0
        for rank, nodes in sorted(by_rank.items()):
            band = self._band(rank, nodes)
            lines = max(text_lines(box.text) for box in band)
            lines = max(lines, text_lines(self.band_label(rank)))
            height = lines * LINE + 2 * PADDING
            placed += [Box(**{**vars(box), "top": top, "height": height}) for box in band]
            top += height + ROOM
        return placed

    def band_label(self, rank: int) -> str:
        return wrap(self.thread.labels[rank], GUTTER_LINE, 3)

    def _band(self, rank: int, nodes: list[Node]) -> list[Box]:
        if self.node in nodes:
            others = [node for node in nodes if node is not self.node]
            focus = Box(
                (self.key,), wrap(self.node.label, FOCUS_LINE, 3), rank, GUTTER, WIDTH - GUTTER,
                kind="focus",
            )  # fmt: skip
            return [focus] if not others else self._beside(rank, nodes)
        return self._beside(rank, nodes)

    def _beside(self, rank: int, nodes: list[Node]) -> list[Box]:
        fits = len(nodes) <= IN_A_BAND
        alone = nodes if fits else nodes[: IN_A_BAND - 1]
        width = (WIDTH - GUTTER - (len(nodes) - 1) * GAP) / len(nodes) if fits else BOX
        boxes = [
            Box((node.key,), wrap(node.label, letters(width), LINES), rank, GUTTER + i * (width + GAP), width,
                kind="focus" if node.key == self.key else "node")
            for i, node in enumerate(alone)
        ]  # fmt: skip
        if not fits:
            rest = nodes[IN_A_BAND - 1 :]
            left = GUTTER + (IN_A_BAND - 1) * (BOX + GAP)
            words = wrap(f"et {len(rest)} autres, dans la liste", letters(BOX), LINES)
            boxes.append(Box(tuple(n.key for n in rest), words, rank, left, BOX, kind="more"))
        return boxes

    def ties(self, boxes: list[Box]) -> list[tuple[Box, Box]]:
        """The links between boxes, without those that a longer way already tells."""
        home = {key: box for box in boxes for key in box.keys}
        keys = set(home)
        found: dict[tuple[int, int], tuple[Box, Box]] = {}
        for key, box in home.items():
            for other in self.thread.below[key]:
                if other in keys and not self._told_otherwise(key, other, keys):
                    found[id(box), id(home[other])] = (box, home[other])
        return list(found.values())

    def _told_otherwise(self, key: Key, other: Key, keys: set[Key]) -> bool:
        return any(
            step != other and step in keys and other in {n.key for n in self.thread.carries(step)}
            for step in self.thread.below[key]
        )

    def spec(self) -> dict[str, Any]:
        boxes = self.boxes()
        height = max(box.top + box.height for box in boxes)
        x = {"field": "x", **PLAIN, "scale": {"domain": [0, WIDTH], "nice": False, "zero": False}}
        y = {
            "field": "y", **PLAIN,
            "scale": {"domain": [0, height], "nice": False, "zero": False, "reverse": True},
        }  # fmt: skip
        return {
            "width": WIDTH,
            "height": height,
            "layer": [self._lines(boxes, x, y), *_rectangles(boxes, x, y), *_words(boxes, x, y),
                      self._gutter(boxes, x, y)],
        }  # fmt: skip

    def _lines(self, boxes: list[Box], x: Any, y: Any) -> dict[str, Any]:
        values = []
        for rank, (upper, lower) in enumerate(self.ties(boxes)):
            start, end = upper.top + upper.height, lower.top
            bend = min(ROOM * 0.7, (end - start) * 0.7)
            path = [
                (upper.middle, start), (upper.middle, start + bend),
                (lower.middle, end - bend), (lower.middle, end),
            ]  # fmt: skip
            values += [
                {"tie": rank, "order": order, "x": across, "y": down}
                for order, (across, down) in enumerate(path)
            ]
        return {
            "data": {"values": values},
            "mark": {
                "type": "line", "interpolate": "basis", "color": "@thread", "strokeWidth": 2,
                "strokeCap": "round",
            },
            "encoding": {
                "x": x, "y": y, "detail": {"field": "tie"}, "order": {"field": "order"},
            },
        }  # fmt: skip

    def _gutter(self, boxes: list[Box], x: Any, y: Any) -> dict[str, Any]:
        labels = {box.rank: (self.band_label(box.rank), box) for box in boxes}
        values = [
            {"x": 0, "y": first_line(text, box), "text": text} for text, box in labels.values()
        ]
        return {
            "data": {"values": values},
            "mark": _text("@ink_soft", 600),
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        }


LOOKS = {
    # kind: (fill, stroke, text, weight, dash)
    "node": ("@ground", "@others", "@ink", 400, [1, 0]),
    "focus": ("@primary", "@primary", "@on_mark", 600, [1, 0]),
    "more": ("@ground", "@others", "@ink_soft", 400, [4, 3]),
}


def _rectangles(boxes: list[Box], x: Any, y: Any) -> list[dict[str, Any]]:
    return [
        {
            "data": {
                "values": [
                    {"x": b.left, "x2": b.left + b.width, "y": b.top, "y2": b.top + b.height}
                    for b in boxes
                    if b.kind == kind
                ]
            },
            "mark": {
                "type": "rect", "fill": fill, "stroke": stroke, "strokeWidth": 1.2,
                "strokeDash": dash, "cornerRadius": 5,
            },
            "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}},
        }
        for kind, (fill, stroke, _, _, dash) in LOOKS.items()
    ]  # fmt: skip


def _words(boxes: list[Box], x: Any, y: Any) -> list[dict[str, Any]]:
    return [
        {
            "data": {
                "values": [
                    {"x": b.left + PADDING + 1, "y": first_line(b.text, b), "text": b.text}
                    for b in boxes
                    if b.kind == kind
                ]
            },
            "mark": _text(ink, weight),
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        }
        for kind, (_, _, ink, weight, _) in LOOKS.items()
    ]


def _text(colour: str, weight: int) -> dict[str, Any]:
    return {
        "type": "text", "align": "left", "baseline": "top", "color": colour,
        "fontWeight": weight, "fontSize": 12.5, "lineBreak": "\n", "lineHeight": LINE,
    }  # fmt: skip


def letters(width: float) -> int:
    """How many hold on a line of a box."""
    return int((width - 2 * PADDING) / LETTER)


def first_line(text: str, box: Box) -> float:
    """The top of the text, so that its lines stand in the middle of the box."""
    return box.top + (box.height - text_lines(text) * LINE) / 2 + 1


def text_lines(text: str) -> int:
    return text.count("\n") + 1


def wrap(text: str, width: int, lines: int) -> str:
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …")) or text
