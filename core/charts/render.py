"""Specifications to drawings, through vl-convert: no browser, no network, French numbers.

A drawing depends on its specification and theme alone: it is kept in the cache under their hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from django.conf import settings
from django.core.cache import cache as shared_cache

from core.charts.fonts import embedded_fonts
from core.palette import THEMES, Theme

FONT = "'Source Sans 3', sans-serif"  # quoted: a name that ends with a figure is not a CSS word
VEGA_LITE = "6.4"
DRAWING_VERSION = 1  # to be raised when the same specification must be drawn anew
KEPT = 30 * 24 * 3600

FRENCH_NUMBERS = {
    "decimal": ",",
    "thousands": "\u00a0",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
    "percent": "\u00a0%",
    "minus": "\u2212",
}
FRENCH_DATES = {
    "dateTime": "%A %e %B %Y à %X",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["", ""],
    "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    "months": [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ],
    "shortMonths": [
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
}  # fmt: skip


def svg(spec: dict[str, Any], theme: Theme = "light") -> str:
    """The drawing as SVG. Fonts are inside it, save in print where the document has them."""
    return _kept("svg", spec, theme, _draw_svg)


def png(spec: dict[str, Any], scale: float = 2.5) -> bytes:
    """The drawing on white, for Word; about 240 dots an inch at its usual width."""
    return base64.b64decode(
        _kept(f"png{scale}", spec, "print", lambda s, t: _draw_png(s, t, scale))
    )


def img_data_uri(spec: dict[str, Any], theme: Theme = "light") -> str:
    """For ``<img src>``: nothing to fetch, so nothing to guard from another agreement."""
    return img_data_uris([spec], theme)[0]


def img_data_uris(specs: Sequence[dict[str, Any]], theme: Theme = "light") -> list[str]:
    """Several drawings of one page, read from the cache at once."""
    keys = [_key("svg", spec, theme) for spec in specs]
    known = shared_cache.get_many(keys)
    drawings = [
        known[key] if key in known else _kept("svg", spec, theme, _draw_svg)
        for key, spec in zip(keys, specs, strict=True)
    ]
    return [
        f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
        for drawing in drawings
    ]


def spec_hash(spec: dict[str, Any]) -> str:
    canonical = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def coloured(value: Any, colours: dict[str, str]) -> Any:
    """The specification with the theme's values in place of the names (``@ours``)."""
    if isinstance(value, str) and value.startswith("@"):
        return colours.get(value[1:], value)
    if isinstance(value, dict):
        return {key: coloured(item, colours) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [coloured(item, colours) for item in value]
    return value


def _key(kind: str, spec: dict[str, Any], theme: Theme) -> str:
    return f"chart:{DRAWING_VERSION}:{kind}:{theme}:{spec_hash(spec)}"


def _kept(kind: str, spec: dict[str, Any], theme: Theme, draw: Any) -> str:
    key = _key(kind, spec, theme)
    drawing = shared_cache.get(key)
    if drawing is None:
        drawing = draw(spec, theme)
        shared_cache.set(key, drawing, KEPT)
    return drawing


def _draw_svg(spec: dict[str, Any], theme: Theme) -> str:
    drawing = vl_convert.vegalite_to_svg(**_arguments(spec, theme))
    return drawing if theme == "print" else embedded_fonts(drawing)


def _draw_png(spec: dict[str, Any], theme: Theme, scale: float) -> str:
    drawing = vl_convert.vegalite_to_png(**_arguments(spec, theme), scale=scale, ppi=96)
    return base64.b64encode(drawing).decode()


def _arguments(spec: dict[str, Any], theme: Theme) -> dict[str, Any]:
    _register_fonts()
    return {
        "vl_spec": coloured(spec, THEMES[theme]),
        "vl_version": VEGA_LITE,
        "config": coloured(CONFIG, THEMES[theme]),
        "format_locale": FRENCH_NUMBERS,
        "time_format_locale": FRENCH_DATES,
        "allowed_base_urls": [],
    }


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(Path(settings.NODE_MODULES) / "source-sans" / "TTF"))


CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "@ink",
        "titleColor": "@ink_soft",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "domainColor": "@others",
        "tickColor": "@others",
        "gridColor": "@line",
        "labelLimit": 260,
        "labelPadding": 8,
    },
    "legend": {
        "labelColor": "@ink",
        "titleColor": "@ink_soft",
        "labelFontSize": 13,
        "symbolSize": 130,
        "symbolStrokeWidth": 0,
        "labelLimit": 300,
        "columnPadding": 16,
    },
    "text": {"color": "@ink", "fontSize": 13},
    "range": {"category": [f"@cat{i}" for i in range(1, 9)]},
}
