"""Tabler's outline icons, written into the page so that they take the colour of the text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString, mark_safe

FOLDER = "@tabler/icons/icons/outline"
_NAME = re.compile(r"^[a-z0-9-]+$")
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


@cache
def icon_svg(name: str, size: int = 20) -> SafeString:
    """The drawing alone, hidden from assistive technology: words always stand beside it.

    Raises TemplateSyntaxError for a name that Tabler does not have.
    """
    path = Path(settings.NODE_MODULES) / FOLDER / f"{name}.svg"
    if not _NAME.match(name) or not path.exists():
        raise TemplateSyntaxError(f"Unknown icon {name!r} (looked for {path}).")
    inner = _INNER.search(path.read_text(encoding="utf-8"))
    assert inner is not None
    drawing = " ".join(_BOUNDING_BOX.sub("", inner.group(1)).split())
    return mark_safe(
        f'<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{drawing}</svg>'
    )
