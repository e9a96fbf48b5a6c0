"""One line of tabs for the sibling pages of a room, filtered by right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from agreements.access import Access
from agreements.roles import Capability as C

Tab = tuple[str, str, C | tuple[C, ...]]
"""Label, URL name, capability that opens the page (any of several)."""

AGREEMENT_TABS: list[Tab] = [
    ("Identité", "agreements:identity", C.AGREEMENT_VIEW),
    ("Thèmes", "agreements:themes", C.AGREEMENT_VIEW),
    ("Compétences", "agreements:competences", C.AGREEMENT_VIEW),
    ("Membres", "agreements:members", C.MEMBERS_MANAGE),
    ("Journal", "agreements:journal", C.JOURNAL_VIEW),
    ("Messages", "agreements:mails", C.MAIL_VIEW),
]


def tabs_for(access: Access, current: str, tabs: Sequence[Tab]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(name, args=[access.agreement.slug]),
            "active": name == current,
        }
        for label, name, capability in tabs
        if any(map(access.can, capability if isinstance(capability, tuple) else (capability,)))
    ]


class TabsMixin:
    """Give ``tab``: the URL name of the current page. ``tab_list``: its siblings and itself."""

    tab = ""
    tab_list: ClassVar[Sequence[Tab]] = AGREEMENT_TABS
    access: Access

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            tabs=tabs_for(self.access, self.tab, self.tab_list), **kwargs
        )
