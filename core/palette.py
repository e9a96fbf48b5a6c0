"""The colours of charts and documents, as values: what CSS variables cannot reach.

They repeat ``static/css/palette.css`` (a test compares both). Every mark has at least 3:1 against
the ground of its theme, every text 4.5:1. In a chart they are asked by name: ``"@ours"``.
"""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark", "print"]

PRIMARY = "#0f4c5c"
PRIMARY_SOFT = "#e2eef0"
THREAD = "#b3262e"
INK = "#182a30"
INK_SOFT = "#46585f"
LINE = "#ddd7ca"
LINE_STRONG = "#74858b"
PAPER = "#f7f5f0"
TONES = {
    "neutral": ("#4a575c", "#ebe8e1"),
    "info": ("#1a5584", "#e3eef7"),
    "primary": (PRIMARY, PRIMARY_SOFT),
    "success": ("#1d6437", "#e2f1e6"),
    "warning": ("#7d4c00", "#fbefd6"),
    "danger": ("#a31d25", "#fbe6e4"),
}
"""Tone of a state → (text and line, soft ground), in light and in print."""

LIGHT = {
    "ground": "#ffffff",
    "ink": INK,
    "ink_soft": INK_SOFT,
    "line": LINE,
    "ours": PRIMARY,
    "others": LINE_STRONG,
    "thread": THREAD,
    "on_mark": "#ffffff",
    "neutral": "#4a575c",
    "info": "#1a5584",
    "primary": PRIMARY,
    "success": "#1d6437",
    "warning": "#7d4c00",
    "danger": "#a31d25",
    "cat1": PRIMARY,
    "cat2": THREAD,
    "cat3": "#9a6400",
    "cat4": "#4f7f3a",
    "cat5": "#6a4c93",
    "cat6": "#1f7fa8",
    "cat7": "#8a5a44",
    "cat8": "#5f6b70",
    # Classes of a map, from the least to the most, and the ground of what has no figure.
    "map1": "#d6e6e9",
    "map2": "#a3c6cd",
    "map3": "#6a9fab",
    "map4": "#347688",
    "map5": PRIMARY,
    "map_none": "#f1eee7",
}
DARK = {
    "ground": "#172327",
    "ink": "#e8eeee",
    "ink_soft": "#afc0c5",
    "line": "#2f4249",
    "ours": "#8fcfdd",
    "others": "#82979e",
    "thread": "#ff8f88",
    "on_mark": "#0b242b",
    "neutral": "#b9c6ca",
    "info": "#95c8ee",
    "primary": "#8fcfdd",
    "success": "#86d29f",
    "warning": "#ecbd6a",
    "danger": "#ffa39d",
    "cat1": "#8fcfdd",
    "cat2": "#ff8f88",
    "cat3": "#ecbd6a",
    "cat4": "#a4cf8c",
    "cat5": "#c3a6e6",
    "cat6": "#7fb9e0",
    "cat7": "#d9ab92",
    "cat8": "#b9c6ca",
    "map1": "#24434c",
    "map2": "#356470",
    "map3": "#4f8b99",
    "map4": "#6fb0bf",
    "map5": "#a9e0ec",
    "map_none": "#1f2d32",
}
THEMES: dict[Theme, dict[str, str]] = {"light": LIGHT, "dark": DARK, "print": LIGHT}
CATEGORIES = tuple(f"@cat{i}" for i in range(1, 9))


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two ``#rrggbb`` colours."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
