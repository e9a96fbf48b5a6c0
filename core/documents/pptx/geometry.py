"""Where things stand on a slide, in points: 16:9, 960 by 540."""

from __future__ import annotations

from typing import NamedTuple

from pptx.util import Emu, Length

POINT = 12700
WIDTH, HEIGHT = 960.0, 540.0
LEFT, RIGHT = 54.0, 912.0
TEXT_WIDTH = RIGHT - LEFT


class Box(NamedTuple):
    left: float
    top: float
    width: float
    height: float


TITLE = Box(LEFT, 24, TEXT_WIDTH, 86)
BODY = Box(LEFT, 122, TEXT_WIDTH, 366)
DECISION_BODY = Box(LEFT + 22, 134, TEXT_WIDTH - 44, 342)
FOOTER = Box(LEFT, 502, TEXT_WIDTH - 80, 24)
NUMBER = Box(RIGHT - 70, 502, 70, 24)
COVER_TITLE = Box(LEFT + 22, 150, TEXT_WIDTH - 44, 130)
COVER_SUBTITLE = Box(LEFT + 22, 290, TEXT_WIDTH - 44, 84)
COVER_LINES = Box(LEFT + 22, 414, TEXT_WIDTH - 44, 76)
COVER_PANEL = Box(0, 124, WIDTH, 270)
LOGOS = Box(LEFT + 22, 30, TEXT_WIDTH - 44, 70)
SECTION_TITLE = Box(LEFT + 22, 170, TEXT_WIDTH - 44, 200)


def points(value: float) -> Length:
    return Emu(round(value * POINT))
