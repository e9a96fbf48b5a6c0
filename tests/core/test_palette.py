"""The contrasts of the one palette file, in both themes (WCAG 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

DECLARATION = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TABLER_HUES = [
    "blue",
    "azure",
    "indigo",
    "purple",
    "pink",
    "red",
    "orange",
    "yellow",
    "lime",
    "green",
    "teal",
    "cyan",
]

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-strong", "ink-soft", "link", "link-hover")
      for ground in ("paper", "surface", "surface-2")],
    *[(tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info", "neutral", "primary")],
    *[(tone, "surface") for tone in ("success", "warning", "danger", "info", "neutral", "primary")],
    *[(ink, f"{tone}-soft") for ink in ("ink", "ink-strong")
      for tone in ("success", "warning", "danger", "info", "neutral", "primary")],
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("side-ink", "side"),
    ("side-ink", "side-hover"),
    ("side-ink", "side-active"),
    ("side-ink-soft", "side"),
    ("ink", "surface-3"),
]  # fmt: skip
SHAPE_PAIRS = [
    *[(line, ground) for line in ("line-strong", "focus", "thread", "primary")
      for ground in ("paper", "surface", "surface-2")],
    ("side-thread", "side"),
    ("side-focus", "side"),
    ("side-focus", "side-active"),
]  # fmt: skip


def read_palette() -> dict[str, tuple[str, str]]:
    text = (settings.BASE_DIR / "static/css/palette.css").read_text(encoding="utf-8")
    return {name: (light, dark) for name, light, dark in DECLARATION.findall(text)}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_contrast_is_aa(ink: str, ground: str, theme: int) -> None:
    palette = read_palette()

    assert contrast(palette[ink][theme], palette[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shape_contrast_is_aa(shape: str, ground: str, theme: int) -> None:
    palette = read_palette()

    assert contrast(palette[shape][theme], palette[ground][theme]) >= 3


def test_other_style_sheets_hold_no_colour_of_their_own() -> None:
    text = (settings.BASE_DIR / "static/css/app.css").read_text(encoding="utf-8")

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff"}
    assert "rgb" not in text


def test_every_hue_of_the_vendor_is_redefined() -> None:
    text = (settings.BASE_DIR / "static/css/palette.css").read_text(encoding="utf-8")

    missing = [h for h in TABLER_HUES if not re.search(rf"--tblr-{h}: var\(--[a-z-]+\);", text)]

    assert missing == []


COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*data-bs-theme[^{}]*)\{([^{}]*)\}")
COLOURS = {"background", "color-scheme", "filter"}
"""What a theme may set beside the names of the palette."""
PICTURES_BY_THEME = ("hide-theme-", "img-dark", "img-light")
"""Tabler's classes that show one thing in light and another in dark."""


def test_a_theme_changes_colours_alone() -> None:
    """So that a page looked at in one theme need only have its colours looked at in the other."""
    vendor = settings.NODE_MODULES / settings.NPM_STATIC_FILES["vendor/tabler.css"]
    sheets = [vendor, *(settings.BASE_DIR / "static").rglob("*.css")]
    seen = 0
    for sheet in sheets:
        text = COMMENT.sub("", sheet.read_text(encoding="utf-8"))
        for selector, declarations in RULE.findall(text):
            seen += 1
            if any(name in selector for name in PICTURES_BY_THEME):
                continue
            names = {line.split(":")[0].strip() for line in declarations.split(";") if ":" in line}
            assert {name for name in names if not name.startswith("--")} <= COLOURS, selector
    assert seen > 10


def test_no_page_shows_one_thing_in_light_and_another_in_dark() -> None:
    pages = [
        *(settings.BASE_DIR / "templates").rglob("*.html"),
        *settings.BASE_DIR.glob("*/**/*.py"),
    ]
    ours = [path for path in pages if not {"node_modules", ".venv", "tests"} & set(path.parts)]
    for path in ours:
        text = path.read_text(encoding="utf-8")
        assert not any(name in text for name in PICTURES_BY_THEME), path
