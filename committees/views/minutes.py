"""The full minutes of a meeting: written from its notes, approved at a later one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
)
from committees import queries, records
from committees.forms import records as forms
from committees.minutes_document import current_minutes, proposed_minutes
from committees.models import Meeting
from committees.views.records import FORMATS, OfRecord, _RecordForm, as_file
from committees.views.tabs import meeting_tabs
from committees.views.trail import MINUTES, RECORD
from core.documents.declaration import render
from core.documents.page import render_fragment

INTERNAL = (
    "Le compte rendu de cette réunion n'est pas encore approuvé : il est en préparation, et se lira "
    "ici une fois approuvé à une réunion suivante."
)


class OfMinutes(OfRecord):
    access: Any

    def require_readable(self) -> None:
        if not records.may_read_minutes(self.access, self.record):
            raise PermissionDenied(
                INTERNAL
                if not records.minutes_are_approved(self.record)
                else "Le compte rendu est réservé aux membres du comité."
            )


class MinutesView(OfMinutes, AgreementPageView):
    template_name = "committees/minutes.html"
    trail_page = "Compte rendu"
    through = (RECORD,)
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.require_readable()
        theme = "dark" if self.request.COOKIES.get("theme") == "dark" else "light"
        content = current_minutes(self.meeting, self.record, on=date.today())
        return super().get_context_data(
            tabs=meeting_tabs(self.access, self.meeting, "committees:record"),
            meeting=self.meeting,
            record=self.record,
            reading=render_fragment(content, theme) if self.meeting.minutes else "",
            formats=list(FORMATS.items()),
            is_approved=records.minutes_are_approved(self.record),
            is_held=self.meeting.state == Meeting.State.HELD,
            is_recorded=records.is_validated(self.record),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class MinutesFile(OfMinutes, AgreementMixin):
    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        if fmt not in FORMATS:
            raise Http404(f"Ce document n'existe pas au format {fmt}.")
        self.require_readable()
        return as_file(render(current_minutes(self.meeting, self.record, on=date.today()), fmt))


class MinutesUpdate(_RecordForm, AgreementUpdateView):
    """Begins with the notes of the session, point by point."""

    form_class = forms.MinutesForm
    title = "Écrire le compte rendu"
    page = "committees:minutes"
    through = (RECORD, MINUTES)

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)

    def get_initial(self) -> dict[str, Any]:
        meeting = self.meeting
        return {} if meeting.minutes.strip() else {"minutes": proposed_minutes(meeting)}


class MinutesApprove(_RecordForm, AgreementFormView):
    form_class = forms.ApproveMinutesForm
    title = "Noter l'approbation du compte rendu"
    submit_label = "Noter l'approbation"
    success_message = "Le compte rendu est approuvé : les membres du comité le lisent."
    page = "committees:minutes"
    through = (RECORD, MINUTES)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_initial(self) -> dict[str, Any]:
        """From the session of the meeting that approves, it is already chosen."""
        return {"approved_in": self.request.GET.get("reunion", "")}
