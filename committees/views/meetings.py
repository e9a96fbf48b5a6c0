"""One meeting, before, during and after: its page, its date, its state, its texts, who came."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from committees import forms, next_step, papers, queries, records, register, retroplanning, services
from committees.arbitration import comparison_of
from committees.files import with_files
from committees.models import Attendance, Meeting, MeetingRecord
from committees.own_answer import own_answer
from committees.views.committees import Change
from committees.views.tabs import meeting_tabs
from committees.views.trail import OnMeeting
from core.errors import DomainError
from core.formats import clock, date_long, hours_minutes, plural
from core.views.base import safe_next


def meeting_facts(meeting: Meeting) -> list[tuple[str, str]]:
    return [
        ("Date", f"{date_long(meeting.on)}, à {clock(meeting.starts_at)}"),
        ("Durée", hours_minutes(meeting.duration_minutes)),
        ("Lieu", meeting.place),
        ("Présidence", str(meeting.chair or "")),
    ]


class MeetingView(OnMeeting, AgreementDetailView):
    """One page for before, during and after."""

    template_name = "committees/meeting.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "meeting"

    def get_queryset(self) -> QuerySet[Meeting]:
        rows = queries.meetings(self.agreement).select_related("record", "brief")
        return papers.with_papers(rows)

    def trail_meeting(self) -> Meeting:
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, today = self.object, date.today()
        attendances = list(queries.attendances(self.agreement).filter(meeting=meeting))
        is_noted = any(row.status != Attendance.Status.INVITED for row in attendances)
        decided = list(
            register.decisions(self.agreement).filter(meeting=meeting).order_by("number")
        )
        is_planned = meeting.state == Meeting.State.PLANNED
        can_change = self.access.can(C.COMMITTEES_CHANGE)
        moved = (self.request.GET.get("point", ""), self.request.GET.get("sens", ""))
        record: MeetingRecord | None = getattr(meeting, "record", None)
        agenda, can_see_money = queries.agenda_of(meeting, moved), self.access.can(C.MONEY_VIEW)
        with_files([line.item for line in agenda.lines], self.access)
        untreated = (
            [line.item for line in agenda.lines if line.item.is_untreated]
            if meeting.state == Meeting.State.HELD
            else []
        )
        awaits_me = records.may_validate(self.access, record)
        where_papers_stand = papers.papers_of(meeting)
        preparation = self.preparation(today)
        mine = own_answer(where_papers_stand, attendances, self.access.user)
        facts = next_step.Facts(
            access=self.access,
            today=today,
            papers=where_papers_stand,
            agenda=agenda,
            attendances=attendances,
            mine=mine,
            preparation=preparation,
            untreated=untreated,
            decisions=decided,
            record=record,
        )
        return super().get_context_data(
            tabs=meeting_tabs(self.access, meeting, "committees:meeting"),
            facts=meeting_facts(meeting),
            agenda=agenda,
            arbitrations=[
                (item, comparison_of(item, with_money=can_see_money))
                for item in agenda.arbitrations
            ],
            preparation=preparation,
            can_prepare=can_change and meeting.state != Meeting.State.CANCELLED,
            is_planned=is_planned,
            untreated=untreated,
            next_steps=[] if awaits_me else next_step.next_steps(facts),
            mine=mine,
            focused_step=self.request.GET.get("etape", ""),
            declined=queries.declined_proposals(meeting),
            attendances=attendances,
            is_noted=is_noted,
            shows_answers=not is_noted and self.access.can(C.PREPARATION_VIEW),
            counts=queries.attendance_counts(attendances)
            if is_noted
            else queries.announced_counts(attendances),
            decisions=register.rows_of(decided, today),
            can_change=can_change,
            can_see_money=can_see_money,
            can_propose=is_planned and not can_change and self.access.can(C.AGENDA_PROPOSE),
            is_unclosed=is_planned and meeting.on < today,
            is_today=meeting.on == today,
            record=record,
            is_locked=records.is_validated(record),
            can_change_agenda=can_change and not records.is_validated(record),
            awaits_me=awaits_me,
            **kwargs,
        )

    def preparation(self, today: date) -> list[retroplanning.Line]:
        """For those who prepare it together: the direction, the Caf, whoever steers."""
        if not self.access.can(C.PREPARATION_VIEW):
            return []
        rows = self.object.preparation.all()
        return retroplanning.lines_of(self.object, rows, self.access, today)


class AnswerMine(MeetingView):
    """POST ``answer`` and, for whoever is represented, ``represented_by``. What is refused is said on
    the page of the meeting."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        by = request.POST.get("represented_by", "")
        try:
            services.answer_mine(
                self.object,
                actor=self.access.user,
                answer=request.POST.get("answer", ""),
                represented_by=by,
            )
        except DomainError as error:
            context = self.get_context_data(mine_problem=error.message, mine_typed=by)
            return self.render_to_response(context, status=422)
        messages.success(request, "Votre réponse est notée.")
        return redirect(f"{self.object.get_absolute_url()}#votre-reponse")


class MeetingCreate(Change, ReturnToObject, AgreementCreateView):
    form_class = forms.MeetingForm
    title = "Fixer une réunion"
    page = "committees:meeting"

    @property
    def cancel_url(self) -> str:
        return reverse("committees:home", args=[self.agreement.slug])

    def get_initial(self) -> dict[str, Any]:
        """From the page of a committee, it is already chosen."""
        return {"committee": self.request.GET.get("instance", "")}


class OfMeeting(Change, ReturnToObject, OnMeeting):
    """A page about the meeting of the address, that leads back to it."""

    page = "committees:meeting"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.meeting

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}"
        return super().get_context_data(lead=lead, meeting=self.meeting, **kwargs)  # type: ignore[misc]


class MeetingUpdate(OfMeeting, AgreementUpdateView):
    form_class = forms.MeetingForm
    title = "Modifier la réunion"


class MeetingTexts(OfMeeting, AgreementUpdateView):
    form_class = forms.TextsForm
    title = "Textes de la réunion"


class MeetingDelete(Change, ReturnToPage, OnMeeting, AgreementDeleteView):
    title = "Supprimer la réunion"
    page = "committees:home"

    def trail_meeting(self) -> Meeting:
        return self.object  # type: ignore[return-value]

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer : {self.object} ?",
            consequences=[
                "Son ordre du jour et sa liste de présence sont supprimés avec elle.",
                "Pour une réunion qui n'aura pas lieu, préférez « Annuler » : elle reste visible.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.delete_meeting(self.object, actor=self.access.user)  # type: ignore[arg-type]


STATES = {
    "tenue": services.hold_meeting,
    "prevue": services.plan_meeting_again,
}


class MeetingState(Change, AgreementMixin):
    """POST ``etat``: a key of ``STATES``; anything else changes nothing. Cancelling asks for a
    reason, on a page of its own (``views.sendings``)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        change = STATES.get(request.POST.get("etat", ""))
        if change is services.hold_meeting:
            services.refuse_before_its_day(meeting, date.today())
        if change is not None:
            change(meeting, actor=self.access.user)
            messages.success(request, f"La réunion est notée « {meeting.get_state_display()} ».")
            if meeting.state == Meeting.State.HELD and meeting.agenda.exists():
                return redirect("committees:outcomes", self.agreement.slug, meeting.pk)
        return redirect(meeting)


# --- Attendance -----------------------------------------------------------------------------
class AttendanceView(OfMeeting, AgreementFormView):
    template_name = "committees/attendance.html"
    form_class = forms.AttendanceForm
    title = "Présences"
    submit_label = "Enregistrer les présences"
    success_message = "Les présences sont enregistrées."

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = list(queries.attendances(self.agreement).filter(meeting=self.meeting))
        return {**super().get_form_kwargs(), "attendances": rows}

    def perform(self, form: Any) -> None:
        with transaction.atomic():
            form.perform()


class InviteMembers(Change, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        count = services.invite_members(meeting, actor=self.access.user)
        if count:
            words = plural(count, "personne inscrite", "personnes inscrites")
            messages.success(request, f"{words} sur la liste de présence.")
        elif meeting.attendances.exists():
            messages.info(request, "Tous les membres de l'instance sont déjà inscrits.")
        else:
            messages.warning(
                request,
                "Cette instance n'a aucun membre à cette date : ajoutez-les sur sa page, ou "
                "inscrivez une personne à la fois.",
            )
        back = safe_next(request)
        return redirect(back or reverse("committees:attendance", args=[self.agreement.slug, pk]))


class AttendeeCreate(OfMeeting, AgreementCreateView):
    form_class = forms.AttendeeForm
    title = "Inscrire une personne"
    page = "committees:attendance"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"meeting": self.meeting}}


class AttendeeDelete(Change, ReturnToObject, OnMeeting, AgreementDeleteView):
    title = "Retirer une personne"
    submit_label = "Retirer"
    page = "committees:attendance"

    def get_queryset(self) -> QuerySet[Attendance]:
        return queries.attendances(self.agreement)

    def parent(self) -> Meeting:
        return self.object.meeting

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: Any = self.object
        question = f"Retirer {row.contact} de la liste de présence ?"
        return super().get_context_data(question=question, lead=str(row.meeting), **kwargs)

    def perform(self, form: Any) -> None:
        services.remove_attendance(self.object, actor=self.access.user)  # type: ignore[arg-type]
