"""Vega-Lite → SVG or PNG, by vl-convert: no browser, no network."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

import vl_convert as vlc
from django.conf import settings
from django.core.cache import cache as django_cache

from core.palette import THEMES, ChartPalette

FONT = "Source Sans 3"
CACHE_SECONDS = 7 * 24 * 3600
NUMBER_LOCALE = {
    "decimal": ",",
    "thousands": "\u00a0",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
    "percent": "\u00a0%",
}


@cache
def _register_fonts() -> None:
    vlc.register_font_directory(str(settings.NODE_MODULES / "source-sans" / "TTF"))


def themed(spec: dict[str, Any], theme: str) -> dict[str, Any]:
    """The specification with the colours and fonts of a theme. ``$name`` stands for a colour of
    the palette, so that one frozen chart is drawn in light, dark and print."""
    palette = THEMES[theme]
    config = {
        "background": "transparent" if theme != "print" else palette.background,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": palette.ink,
            "titleColor": palette.soft,
            "gridColor": palette.line,
            "domainColor": palette.line,
            "tickColor": palette.line,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "labelLimit": 320,
        },
        "legend": {
            "labelColor": palette.ink,
            "titleColor": palette.soft,
            "labelFontSize": 12,
            "titleFontSize": 12,
        },
        "text": {"color": palette.ink, "fontSize": 12},
    }
    return {**_replace_colours(spec, palette), "config": config}


def _replace_colours(value: Any, palette: ChartPalette) -> Any:
    if isinstance(value, dict):
        return {key: _replace_colours(item, palette) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_colours(item, palette) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        name, _, index = value[1:].partition(".")
        colour = getattr(palette, name)
        return colour[int(index)] if index else colour
    return value


def _key(kind: str, spec: dict[str, Any], theme: str) -> str:
    body = json.dumps(spec, sort_keys=True, ensure_ascii=False, default=str)
    return f"chart-{kind}-{theme}-{hashlib.sha256(body.encode()).hexdigest()}"


def svg(spec: dict[str, Any], theme: str = "light") -> str:
    """The drawing, kept in the cache under the hash of what it draws."""
    key = _key("svg", spec, theme)
    drawn = django_cache.get(key)
    if drawn is None:
        _register_fonts()
        drawn = vlc.vegalite_to_svg(themed(spec, theme), format_locale=NUMBER_LOCALE)
        django_cache.set(key, drawn, CACHE_SECONDS)
    return drawn


def png(spec: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """For Word, which has no SVG that every version reads."""
    _register_fonts()
    return vlc.vegalite_to_png(themed(spec, "print"), scale=scale, format_locale=NUMBER_LOCALE)


def data_uri(spec: dict[str, Any], theme: str = "light") -> str:
    """For ``<img src>``: no address to guess, so no other agreement's chart to ask for."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(spec, theme).encode()).decode()}"
