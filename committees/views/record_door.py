"""The page behind a chair's personal link: reads the record, validates it with a button."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agreements.services.links import note_use
from agreements.views.doors import DoorView
from committees.record_document import draft_content, fingerprint
from committees.services import record_doors
from core.documents.page import render_fragment
from core.errors import DomainError


class RecordLinkView(DoorView):
    http_method_names = ["get", "head", "post"]
    find_door = staticmethod(record_doors.find_door)
    door_problem = staticmethod(record_doors.door_problem)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "GET":
            note_use(self.door.link_id)
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            record = record_doors.validate_by_link(
                self.door, seen=request.POST.get("vu", ""), on=date.today()
            )
        except DomainError as error:
            return self.closed_meanwhile(token) or self.page(refusal=error.message, status=409)
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
