"""The page behind an invitation's personal link: no account, no cookie, no script; one minute.

It says what the meeting is and takes the answer; nothing else of the agreement is shown. The token
is the whole right to write (``actionplan.views.news`` says why that needs no CSRF token).
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from agreements.services import links
from committees import sending_texts as texts
from committees import sendings as reads
from committees.forms.sendings import AnswerForm
from committees.invitations import meeting_file
from committees.models import Attendance, SendingRecipient
from committees.services import answers
from core.errors import DomainError

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
NOTHING = (
    "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne qui "
    "vous a invité(e)."
)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class DoorView(View):
    """What every page behind this link does: find the door, or say why it is closed."""

    door: SendingRecipient

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        door = answers.find_door(token)
        if door is None:
            links.note_failure(client)
            return self.closed(NOTHING, 404)
        self.door = door
        problem = answers.door_problem(door)
        if problem:
            return self.closed(problem, 410)
        return super().dispatch(request, token=token)

    def closed(self, reason: str, status: int) -> HttpResponse:
        """A word typed in a page that has closed meanwhile is shown back, to be copied."""
        context = {"reason": reason, "note": self.request.POST.get("note", "").strip()}
        return render(self.request, "committees/answers/closed.html", context, status=status)


class AnswerView(DoorView):
    http_method_names = ["get", "head", "post"]

    @property
    def attendance(self) -> Attendance:
        assert self.door.attendance is not None
        return self.door.attendance

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "GET":
            answers.note_opening(self.door)
        return self.page(AnswerForm(attendance=self.attendance), "garde" in request.GET)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = AnswerForm(request.POST, attendance=self.attendance)
        if form.is_valid():
            try:
                answers.answer_invitation(self.attendance, through=self.door, **form.cleaned_data)
            except DomainError as refusal:
                door = answers.find_door(token)
                problem = answers.door_problem(door) if door else NOTHING
                if problem:
                    return self.closed(problem, 410)
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                return redirect(f"{request.path}?garde")
        return self.page(form, False, status=422)

    def page(self, form: AnswerForm, just_kept: bool, status: int = 200) -> HttpResponse:
        meeting, attendance = self.door.sending.meeting, self.attendance
        moved_at = reads.changed_at(meeting)
        context = {
            "form": form,
            "meeting": meeting,
            "agreement": meeting.agreement,
            "attendance": attendance,
            "person": self.door,
            "asker": self.door.link.created_by if self.door.link else None,
            "agenda": texts.confirmed(meeting),
            "day": texts.day_words(meeting.on),
            "hours": meeting.hours,
            "just_kept": just_kept,
            "is_stale": reads.is_stale(attendance, moved_at),
            "has_moved": moved_at is not None,
            "calendar_path": f"{self.request.path}reunion.ics",
        }
        return render(self.request, "committees/answers/answer.html", context, status=status)


class AnswerCalendarFile(DoorView):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        meeting = self.door.sending.meeting
        data = meeting_file(meeting, texts.confirmed(meeting))
        response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="reunion.ics"'
        return response
