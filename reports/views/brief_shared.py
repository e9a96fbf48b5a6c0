"""« L'élu en trois minutes » behind a personal link: no account, no cookie, no script."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from agreements.services import links
from committees.models import BriefLink
from committees.services import briefs
from core.audience import Audience
from reports.brief.page import BriefPage, brief_of
from reports.views.brief import as_pdf

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
NOTHING = "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne qui vous l'a remis."


@method_decorator(never_cache, name="dispatch")
class SharedBriefView(View):
    """The page; ``SharedBriefFile`` is the same on paper."""

    http_method_names = ["get", "head"]
    door: BriefLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        door = briefs.find_brief_door(token)
        if door is None:
            links.note_failure(client)
            return self.closed(NOTHING, 404)
        problem = briefs.brief_door_problem(door)
        if problem:
            return self.closed(problem, 410)
        self.door = door
        return super().dispatch(request, token=token)

    def closed(self, reason: str, status: int) -> HttpResponse:
        return render(self.request, "reports/brief/closed.html", {"reason": reason}, status=status)

    def brief(self) -> BriefPage:
        if self.request.method == "GET":
            briefs.note_brief_opening(self.door)
        return brief_of(self.door.brief.meeting, Audience.COMMITTEE, timezone.localdate())

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context = {"brief": self.brief(), "token": token, "last_day": self.door.last_day}
        return render(request, "reports/brief/shared.html", context)


class SharedBriefFile(SharedBriefView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return as_pdf(self.brief())
