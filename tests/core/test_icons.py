"""Every icon named in a template exists: an unknown one is an error only where its branch is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

NAMED = re.compile(r"""(?:\bicon="|\{% icon ")([a-z0-9-]+)\"""")


def named_icons() -> dict[str, str]:
    """Icon → the template that names it."""
    return {
        name: str(path.relative_to(settings.BASE_DIR))
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("name", sorted(named_icons()))
def test_icon_exists(name: str) -> None:
    drawing = settings.NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    assert drawing.is_file(), f"{named_icons()[name]} names an unknown icon"
