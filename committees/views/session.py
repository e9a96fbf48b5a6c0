"""The session: one page used while the meeting goes on, on a laptop or a tablet.

Every act is a POST that comes back to the same place; with htmx only its block changes. Notes are
saved by ``static/js/session-notes.js`` as they are typed (docs/decisions/record-lock.md), or by a
button.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.views.base import (
    AgreementCreateView,
    AgreementFormView,
    AgreementMixin,
    ReturnToObject,
)
from committees import queries, records, services, session
from committees.forms.session import ArrivalForm, HoursForm, SessionDecisionForm
from committees.models import AgendaItem, Attendance, Meeting
from committees.services.session import TypedNote
from committees.views.committees import Change
from committees.views.tabs import meeting_tabs
from committees.views.trail import SESSION, OnMeeting, meeting_trail
from core.errors import DomainError
from core.formats import clock, date_long, plural

NOTE = re.compile(r"^note-(\d{1,18})$")


def here() -> datetime:
    """Now, as the clock on the wall says it."""
    return timezone.localtime().replace(tzinfo=None)


class OfSession(Change, OnMeeting, AgreementMixin):
    """Of the meeting ``pk``; draws the session's page."""

    through = (SESSION,)
    kwargs: dict[str, Any]

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.kwargs["pk"])

    def trail_meeting(self) -> Meeting:
        return self.meeting

    def session_url(self, anchor: str = "") -> str:
        url = reverse("committees:session", args=[self.agreement.slug, self.meeting.pk])
        return f"{url}#{anchor}" if anchor else url

    def back(self, anchor: str = "") -> HttpResponse:
        """To the same place; htmx gets the page itself, and takes its block from it."""
        if self.request.htmx:  # type: ignore[attr-defined]
            return self.page()
        return HttpResponseRedirect(self.session_url(anchor))

    def page(
        self,
        *,
        status: int = 200,
        presence: session.PersonRow | None = None,
        point_problem: tuple[int, str] = (0, ""),
        conflicts: dict[int, session.Point] | None = None,
        refusal: str = "",
        hours: HoursForm | None = None,
    ) -> HttpResponse:
        """htmx swaps no answer that says it failed: the refusal is in the block."""
        self.__dict__.pop("meeting", None)  # as it is after the act
        meeting = self.meeting
        record = records.record_of(meeting)
        agenda = queries.agenda_of(meeting)
        points = session.points_of(meeting, agenda, self.access, here().date())
        points = [(conflicts or {}).get(point.item.pk, point) for point in points]
        rows = list(queries.attendances(self.agreement).filter(meeting=meeting))
        people = [
            presence
            if presence is not None and presence.attendance.pk == row.pk
            else session.PersonRow(row)
            for row in rows
        ]
        is_locked = records.is_validated(record)
        context = {
            "access": self.access,
            "meeting": meeting,
            "record": record,
            "is_locked": is_locked,
            "is_open": meeting.state != Meeting.State.CANCELLED and not is_locked,
            "tabs": meeting_tabs(self.access, meeting, "committees:session"),
            "trail": meeting_trail(self.agreement.slug, meeting, "Séance"),
            "is_today": meeting.on == here().date(),
            "agenda": agenda,
            "points": points,
            "people": people,
            "counts": queries.attendance_counts(rows),
            "announced": sum(row.status == "invited" and bool(row.answer) for row in rows),
            "unsaid": sum(row.status == "invited" for row in rows),
            "clock": session.clock_words(meeting, [point.item for point in points], here()),
            "hours": hours or HoursForm(access=self.access, meeting=meeting),
            "point_problem": {"pk": point_problem[0], "words": point_problem[1]},
            "has_conflict": bool(conflicts),
            "refusal": refusal,
        }
        if self.request.htmx:  # type: ignore[attr-defined]
            status = 200
        return render(self.request, "committees/session.html", context, status=status)


class SessionView(OfSession):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()


class SessionClock(OfSession):
    """The sentences of the clock alone, asked again each minute."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        items = self.meeting.agenda.filter(is_confirmed=True)
        words = session.clock_words(self.meeting, items, here())
        return render(request, "committees/_clock.html", {"clock": words})


class SessionHours(OfSession):
    """POST ``acte``: « ouvrir » (now), « clore », or the hours typed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act, actor, now = request.POST.get("acte", ""), self.access.user, here()
        moment = now.time().replace(second=0, microsecond=0)
        meeting = self.meeting
        form = None
        try:
            if act == "ouvrir":
                services.set_hours(
                    meeting, actor=actor, opened_at=moment, closed_at=meeting.closed_at
                )
            elif act == "clore":
                services.refuse_before_its_day(meeting, now.date())
                services.close_session(meeting, actor=actor, at=moment)
                messages.success(request, "La réunion est close. Voici le relevé, à relire.")
                return redirect("committees:record", self.agreement.slug, meeting.pk)
            else:
                form = HoursForm(request.POST, access=self.access, meeting=meeting)
                if not form.is_valid():
                    return self.page(status=422, hours=form)
                form.perform()
        except DomainError as error:
            return self.page(status=422, refusal=error.message, hours=form)
        return self.back("horaires")


# --- Presences --------------------------------------------------------------------------------------
class NotePresence(OfSession):
    """POST ``statut`` and, for a represented person, ``par``."""

    http_method_names = ["post"]

    @cached_property
    def attendance(self) -> Attendance:
        return get_object_or_404(queries.attendances(self.agreement), pk=self.kwargs["pk"])

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.attendance.meeting_id)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row, status = self.attendance, request.POST.get("statut", "")
        by = request.POST.get("par", "").strip()
        kinds = Attendance.Status
        if row.status == kinds.INVITED and status != kinds.REPRESENTED:
            # The page had written who was announced: whoever was to be represented came.
            by = "" if by == row.answer_represented_by else by
        try:
            if status not in Attendance.Status.values:
                raise DomainError("Choisissez présent, excusé, absent ou représenté.")
            services.record_attendance(
                row, actor=self.access.user, status=status, represented_by=by
            )
        except DomainError as error:
            row.refresh_from_db(fields=["status", "represented_by"])
            refused = session.PersonRow(row, problem=error.message, typed=by)
            return self.page(status=422, presence=refused)
        return self.back(f"personne-{row.pk}")


class NotePresences(OfSession):
    """POST ``acte``: « annonces » or « absents », for all those of whom nothing is noted."""

    http_method_names = ["post"]
    acts = {"annonces": services.note_announced, "absents": services.note_absent}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act = self.acts.get(request.POST.get("acte", ""))
        try:
            if act is not None:
                act(self.meeting, actor=self.access.user)
        except DomainError as error:
            return self.page(status=422, refusal=error.message)
        return self.back("presences")


class Arrival(ReturnToObject, OfSession, AgreementCreateView):
    form_class = ArrivalForm
    title = "Quelqu'un arrive"
    submit_label = "Noter présent"
    success_message = "Cette personne est notée présente."

    def get_default_url(self) -> str:
        return self.session_url("presences")

    @property
    def cancel_url(self) -> str:
        return self.session_url("presences")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}"
        return super().get_context_data(lead=lead, **kwargs)


# --- Notes ------------------------------------------------------------------------------------------
class SessionNotes(OfSession):
    """GET: the notes as they stand, for the page's script. POST ``note-<point>`` and
    ``version-<point>``, one or many; the script asks for JSON, a button gets the page."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        notes = session.notes_of(self.meeting)
        return JsonResponse(
            {"notes": {pk: {"version": n.version, "text": n.text} for pk, n in notes.items()}}
        )

    def typed(self) -> dict[int, TypedNote]:
        found = {}
        for name, text in self.request.POST.items():
            match = NOTE.match(name)
            if match:
                version = self.request.POST.get(f"version-{match[1]}", "")
                found[int(match[1])] = TypedNote(
                    str(text), int(version) if version.isdecimal() and len(version) < 10 else 0
                )
        return found

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        wants_json = "application/json" in request.headers.get("Accept", "")
        typed = self.typed()
        try:
            result = services.save_notes(self.meeting, actor=self.access.user, typed=typed)
        except DomainError as error:
            if wants_json:
                return JsonResponse({"refusal": error.message}, status=422)
            return self.refused(typed, error.message)
        if wants_json:
            return JsonResponse(
                {
                    "words": f"Enregistré à {clock(here().time())}",
                    "notes": {pk: {"version": n.version} for pk, n in result.saved.items()},
                    "stale": {
                        pk: {"version": n.version, "text": n.text} for pk, n in result.stale.items()
                    },
                },
                status=409 if result.stale else 200,
            )
        if result.stale:
            return self.show_both(typed, result)
        messages.success(
            request, f"{plural(len(result.saved), 'note enregistrée', 'notes enregistrées')}."
        )
        point = request.POST.get("point", "")
        return self.back(f"point-{point}" if point.isdecimal() else "notes")

    def show_both(self, typed: dict[int, TypedNote], result: Any) -> HttpResponse:
        """What stands beside what was typed, still in its field over the new version: saving again
        is a choice."""
        agenda = queries.agenda_of(self.meeting)
        points = {
            point.item.pk: point
            for point in session.points_of(self.meeting, agenda, self.access, here().date())
        }
        conflicts = {
            pk: session.replaced(points[pk], note=note, typed=typed[pk].text)
            for pk, note in result.stale.items()
        }
        return self.page(status=409, conflicts=conflicts)

    def refused(self, typed: dict[int, TypedNote], reason: str) -> HttpResponse:
        """Nothing could be kept: the words are shown back, to be copied."""
        agenda = queries.agenda_of(self.meeting)
        titles = {line.item.pk: line.item.title for line in agenda.lines}
        lost = [(titles.get(pk, "Point retiré"), note.text) for pk, note in typed.items()]
        context = {
            "access": self.access,
            "trail": meeting_trail(self.agreement.slug, self.meeting, "Notes refusées", SESSION),
            "reason": reason,
            "orphans": [(title, text) for title, text in lost if text.strip()],
            "session_url": self.session_url(),
        }
        return render(self.request, "committees/notes_refused.html", context, status=422)


# --- Points -----------------------------------------------------------------------------------------
class OfPoint(OfSession):
    @cached_property
    def item(self) -> AgendaItem:
        items: QuerySet[AgendaItem] = queries.agenda_items(self.agreement)
        return get_object_or_404(items.filter(is_confirmed=True), pk=self.kwargs["pk"])

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.item.meeting_id)


class NoteOutcome(OfPoint):
    """POST ``issue``; pressed again, the point is not treated any more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("issue", "")
        try:
            services.set_outcome(self.item, actor=self.access.user, outcome=asked)
        except DomainError as error:
            return self.page(status=422, point_problem=(self.item.pk, error.message))
        return self.back(f"point-{self.item.pk}")


class NoteDecision(OfPoint, AgreementFormView):
    """The short form: inside the point with htmx, a page of its own otherwise."""

    form_class = SessionDecisionForm
    title = "Noter une décision"
    success_message = "La décision est notée."

    def get_template_names(self) -> list[str]:
        is_part = self.request.htmx and self.request.method == "GET"  # type: ignore[attr-defined]
        return ["committees/_decision_form.html"] if is_part else super().get_template_names()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "item": self.item}

    def get_default_url(self) -> str:
        return self.session_url(f"point-{self.item.pk}")

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=self.item.title, item=self.item, meeting=self.meeting, **kwargs
        )
