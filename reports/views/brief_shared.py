"""« L'élu en trois minutes » behind a personal link: no account, no cookie, no script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agreements.services.links import note_use
from agreements.views.doors import DoorView
from committees.services import briefs
from core.audience import Audience
from reports.brief.page import BriefPage, brief_of
from reports.views.brief import as_pdf


class SharedBriefView(DoorView):
    """The page; ``SharedBriefFile`` is the same on paper."""

    find_door = staticmethod(briefs.find_brief_door)
    door_problem = staticmethod(briefs.brief_door_problem)

    def brief(self) -> BriefPage:
        if self.request.method == "GET":
            note_use(self.door.link_id)
        return brief_of(self.door.brief.meeting, Audience.COMMITTEE, timezone.localdate())

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context = {"brief": self.brief(), "token": token, "last_day": self.door.last_day}
        return render(request, "reports/brief/shared.html", context)


class SharedBriefFile(SharedBriefView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return as_pdf(self.brief())
