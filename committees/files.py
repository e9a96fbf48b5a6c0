"""The documents hung on the points of an agenda, as one reader may see them."""

from __future__ import annotations

from collections.abc import Iterable

from agreements.access import Access
from agreements.attachments import attachments_by_target
from committees.models import AgendaItem


def with_files(items: Iterable[AgendaItem], access: Access) -> None:
    """Give each point its ``files``, the oldest document first; one query for all of them."""
    items = list(items)
    found = attachments_by_target(AgendaItem, [item.pk for item in items], access)
    for item in items:
        item.files = found.get(item.pk, [])  # type: ignore[attr-defined]
