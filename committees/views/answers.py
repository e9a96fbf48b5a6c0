"""The page behind an invitation's personal link: one minute. It says what the meeting is and takes
the answer; nothing else of the agreement is shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agreements.services.links import note_use
from agreements.views.doors import DoorView
from committees import sending_texts as texts
from committees import sendings as reads
from committees.forms.sendings import AnswerForm
from committees.invitations import meeting_file
from committees.models import Attendance
from committees.services import answers
from core.errors import DomainError


class _Invitation(DoorView):
    find_door = staticmethod(answers.find_door)
    door_problem = staticmethod(answers.door_problem)
    closed_template = "committees/answers/closed.html"
    nothing = (
        "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne "
        "qui vous a invité(e)."
    )

    def typed(self) -> dict[str, Any]:
        return {"note": self.request.POST.get("note", "").strip()}


class AnswerView(_Invitation):
    http_method_names = ["get", "head", "post"]

    @property
    def attendance(self) -> Attendance:
        assert self.door.attendance is not None
        return self.door.attendance

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "GET":
            note_use(self.door.link_id)
        return self.page(AnswerForm(attendance=self.attendance), "garde" in request.GET)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = AnswerForm(request.POST, attendance=self.attendance)
        if form.is_valid():
            try:
                answers.answer_invitation(self.attendance, through=self.door, **form.cleaned_data)
            except DomainError as refusal:
                if closed := self.closed_meanwhile(token):
                    return closed
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


class AnswerCalendarFile(_Invitation):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        meeting = self.door.sending.meeting
        data = meeting_file(meeting, texts.confirmed(meeting))
        response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="reunion.ics"'
        return response
