"""States, progress and figures: always a word or a number beside the drawing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.components.registry import register, require
from core.icons import icon_svg
from core.states import STATE_KINDS, STATES, TONES

BADGE = '<span class="state state-{}">{}<span>{}</span></span>'


@register.simple_tag
def badge(
    state: str = "", kind: str = "", label: str = "", icon: str = "", tone: str = ""
) -> SafeString:
    """A state as a word and a drawn icon.

    `state` is a key of `core.states`, among those of `kind` where one is given; `label`, `icon` and `tone` replace what the key says,
    or stand alone for a state that only one room knows.
    """
    table = STATE_KINDS[require("kind", kind, STATE_KINDS)] if kind else STATES
    known = table[require("state", state, table)] if state else None
    word = label or (known.word if known else "")
    drawing = icon or (known.icon if known else "point")
    shade = require("tone", tone or (known.tone if known else "neutral"), TONES)
    return format_html(BADGE, shade, icon_svg(drawing, 16), word)


@register.inclusion_tag("components/progress.html")
def progress(
    value: Decimal | float | None, label: str, max: Decimal | float = 100, text: str = ""
) -> dict[str, Any]:
    """`<progress>` and its figure in words; None reads « non renseigné », never 0 %."""
    return {"value": value, "max": max, "label": label, "text": text or _share(value, max)}


@register.inclusion_tag("components/meter.html")
def meter(value: Decimal | float, max: Decimal | float, label: str, text: str) -> dict[str, Any]:
    """A quantity against what is available, as the week's minutes: `text` says it in words."""
    return {"value": value, "max": max, "label": label, "text": text, "over": value > max}


@register.inclusion_tag("components/key_figure.html")
def key_figure(
    label: str,
    value: str = "",
    comparison: str = "",
    source: str = "",
    reason: str = "",
    url: str = "",
) -> dict[str, Any]:
    """One figure, already formatted; `reason` (a key of VALUE_REASONS) replaces or qualifies it."""
    return {
        "label": label,
        "value": value,
        "comparison": comparison,
        "source": source,
        "reason": reason,
        "url": url,
    }


def _share(value: Decimal | float | None, maximum: Decimal | float) -> str:
    if value is None:
        return "non renseigné"
    percent = round(100 * float(value) / float(maximum)) if maximum else 0
    return f"{percent}\u00a0%"
