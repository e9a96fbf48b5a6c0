"""The page behind a chair's personal link: reads the record, validates it with a button. No account,
no cookie, no script (see ``actionplan.views.news``: the token is the whole right)."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from agreements.services import links
from committees.models import RecordLink
from committees.record_document import draft_content, fingerprint
from committees.services import record_doors
from core.documents.page import render_fragment
from core.errors import DomainError

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
NOTHING = "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne qui vous l'a remis."


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class RecordLinkView(View):
    http_method_names = ["get", "head", "post"]
    door: RecordLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        door = record_doors.find_door(token)
        if door is None:
            links.note_failure(client)
            return self.closed(NOTHING, 404)
        self.door = door
        problem = record_doors.door_problem(door)
        if problem:
            return self.closed(problem, 410)
        return super().dispatch(request, token=token)

    def closed(self, reason: str, status: int) -> HttpResponse:
        return render(
            self.request, "committees/record_link_closed.html", {"reason": reason}, status=status
        )

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "GET":
            record_doors.note_opening(self.door)
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            record = record_doors.validate_by_link(
                self.door, seen=request.POST.get("vu", ""), on=date.today()
            )
        except DomainError as error:
            door = record_doors.find_door(token)
            problem = record_doors.door_problem(door) if door else NOTHING
            if problem:
                return self.closed(problem, 410)
            return self.page(refusal=error.message, status=409)
        context = {"record": record, "agreement": record.agreement, "door": self.door}
        return render(request, "committees/record_link_thanks.html", context)

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        record = self.door.record
        content = draft_content(record.meeting, record, on=date.today())
        theme = "dark" if self.request.COOKIES.get("theme") == "dark" else "light"
        context = {
            "door": self.door,
            "record": record,
            "meeting": record.meeting,
            "agreement": record.agreement,
            "reading": render_fragment(content, theme),
            "seen": fingerprint(content),
            "refusal": refusal,
        }
        return render(self.request, "committees/record_link.html", context, status=status)
