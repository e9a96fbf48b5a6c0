"""The pages of the agreement itself are siblings: one line of tabs, filtered by right."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from agreements.access import Access
from agreements.roles import Capability as C

TABS = [
    ("Identité", "agreements:identity", C.AGREEMENT_VIEW),
    ("Thèmes", "agreements:themes", C.AGREEMENT_VIEW),
    ("Compétences", "agreements:competences", C.AGREEMENT_VIEW),
    ("Membres", "agreements:members", C.MEMBERS_MANAGE),
    ("Journal", "agreements:journal", C.JOURNAL_VIEW),
    ("Messages", "agreements:mails", C.MAIL_VIEW),
]


def tabs_for(access: Access, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(name, args=[access.agreement.slug]),
            "active": name == current,
        }
        for label, name, capability in TABS
        if access.can(capability)
    ]


class TabsMixin:
    """Give ``tab``: the URL name of the current page."""

    tab = ""
    access: Access

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tabs=tabs_for(self.access, self.tab), **kwargs)  # type: ignore[misc]
