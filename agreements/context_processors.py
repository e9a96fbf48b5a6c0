"""What the base template needs on every page: the access and the side navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from agreements.access import Access
from agreements.roles import Capability as C


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    active: bool


ROOMS = [
    ("Ma semaine", "desk:week", "calendar-week", C.DESK_VIEW),
    ("Calendrier", "desk:calendar", "calendar-month", C.CALENDAR_VIEW),
    ("Diagnostic", "territory:home", "chart-bar", C.DIAGNOSIS_VIEW),
    ("Plan d'actions", "actionplan:plan", "list-check", C.PLAN_VIEW),
    ("Partenaires", "partners:home", "users-group", C.PARTNERS_VIEW),
    ("Instances", "committees:home", "gavel", C.COMMITTEES_VIEW),
    ("Habitants", "participation:home", "message-circle", C.PARTICIPATION_VIEW),
    ("Évaluation", "evaluation:home", "target-arrow", C.EVALUATION_VIEW),
    ("Documents", "reports:documents", "file-text", C.DOCUMENTS_VIEW),
]


def nav_items(access: Access, current_path: str) -> list[NavItem]:
    """Only the rooms that the role may open. A page is of the room under whose address it stands;
    one that serves several rooms says which by ``request.room_path``."""
    rooms = [
        (label, reverse(view, args=[access.agreement.slug]), icon)
        for label, view, icon, capability in ROOMS
        if access.can(capability)
    ]
    return [
        NavItem(
            label=label,
            url=url,
            icon=icon,
            active=current_path.startswith(url),
        )
        for label, url, icon in rooms
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {"nav": []}
    return {"access": access, "nav": nav_items(access, getattr(request, "room_path", request.path))}
