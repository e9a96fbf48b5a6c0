"""The sibling pages of one meeting, in the order in which one uses them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from agreements.access import Access
from agreements.roles import Capability as C
from agreements.views.tabs import Tab
from committees.models import Meeting

MEETING_TABS: list[Tab] = [
    ("Préparation", "committees:meeting", C.COMMITTEES_VIEW),
    ("Envois", "committees:sendings", C.PREPARATION_VIEW),
    ("Dossier de séance", "reports:pack", C.DOCUMENTS_VIEW),
    ("En trois minutes", "reports:brief", C.COMMITTEES_VIEW),
    ("Séance", "committees:session", C.COMMITTEES_CHANGE),
    ("Relevé de décisions", "committees:record", C.COMMITTEES_VIEW),
]


def meeting_tabs(access: Access, meeting: Meeting, current: str) -> list[dict[str, Any]]:
    """``current``: the URL name of the page. Some pages belong to the room of documents, above."""
    return [
        {
            "label": label,
            "url": reverse(name, args=[access.agreement.slug, meeting.pk]),
            "active": name == current,
        }
        for label, name, capability in MEETING_TABS
        if access.can(capability)
    ]
