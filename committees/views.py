"""Committees, their meetings before, during and after, and the register of decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from committees import forms, queries, services
from committees.models import AgendaItem, Committee, CommitteeMember, Decision, Meeting
from core.formats import NBSP, date_long, hours_minutes


class CommitteesHome(AgreementPageView):
    template_name = "committees/home.html"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        meetings = list(queries.meetings(self.agreement))
        return super().get_context_data(
            rows=queries.committee_rows(self.agreement, today),
            coming=sorted(
                (m for m in meetings if m.state == Meeting.State.PLANNED and m.on >= today),
                key=lambda m: (m.on, m.starts_at),
            ),
            past=[m for m in meetings if m.state != Meeting.State.PLANNED or m.on < today][:12],
            late=queries.filtered_decisions(self.agreement, "en-retard", today),
            today=today,
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class _Change:
    capability = C.COMMITTEES_CHANGE
    refusal = "modifier les instances"


class StandardCommittees(_Change, AgreementMixin):
    """POST only: the usual bodies, to be adapted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.create_standard_committees(self.agreement, actor=self.access.user)
        return redirect("committees:home", self.agreement.slug)


class CommitteeView(AgreementDetailView):
    template_name = "committees/committee.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "committee"

    def get_queryset(self) -> QuerySet[Committee]:
        return queries.committees(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            members=list(self.object.members.select_related("contact", "organisation")),
            meetings=list(self.object.meetings.all()),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class CommitteeCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.CommitteeForm
    title = "Ajouter une instance"
    page = "committees:committee"

    @property
    def cancel_url(self) -> str:
        return reverse("committees:home", args=[self.agreement.slug])


class CommitteeUpdate(_Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.CommitteeForm
    title = "Modifier l'instance"
    page = "committees:committee"

    def get_queryset(self) -> QuerySet[Committee]:
        return queries.committees(self.agreement)


class MemberCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.MemberForm
    title = "Ajouter un membre"
    page = "committees:committee"

    @cached_property
    def committee(self) -> Committee:
        return get_object_or_404(queries.committees(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Committee:
        return self.committee

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"committee": self.committee}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.committee), **kwargs)


class MemberDelete(_Change, ReturnToObject, AgreementDeleteView):
    title = "Retirer un membre"
    submit_label = "Retirer"
    page = "committees:committee"

    def get_queryset(self) -> QuerySet[CommitteeMember]:
        return CommitteeMember.objects.filter(agreement=self.agreement).select_related(
            "committee", "contact", "organisation"
        )

    def parent(self) -> Committee:
        return self.object.committee

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer {self.object} de « {self.object.committee} » ?", **kwargs
        )

    def perform(self, form: Any) -> None:
        services.remove_member(self.object, actor=self.access.user)


# --- Meetings -------------------------------------------------------------------------------
class MeetingView(AgreementDetailView):
    """One page for before, during and after."""

    template_name = "committees/meeting.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "meeting"

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting: Meeting = self.object
        agenda = queries.agenda_of(meeting)
        minutes = queries.planned_minutes(agenda)
        return super().get_context_data(
            agenda=agenda,
            minutes=minutes,
            over=max(minutes - meeting.duration_minutes, 0),
            attendances=queries.attendance_of(meeting),
            decisions=list(queries.decisions(self.agreement).filter(meeting=meeting)),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            can_propose=self.access.can(C.AGENDA_PROPOSE)
            and not self.access.can(C.COMMITTEES_CHANGE)
            and meeting.state == Meeting.State.PLANNED,
            facts=meeting_facts(meeting),
            **kwargs,
        )


def meeting_facts(meeting: Meeting) -> list[tuple[str, str]]:
    start = f"{meeting.starts_at.hour}{NBSP}h{NBSP}{meeting.starts_at.minute:02d}"
    return [
        ("Date", f"{date_long(meeting.on)}, {start}, {hours_minutes(meeting.duration_minutes)}"),
        ("Lieu", meeting.place),
        ("Présidence", str(meeting.chair or "")),
    ]


class MeetingCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.MeetingForm
    title = "Fixer une réunion"
    page = "committees:meeting"

    @property
    def cancel_url(self) -> str:
        return reverse("committees:home", args=[self.agreement.slug])


class _MeetingForm(_Change, ReturnToObject):
    page = "committees:meeting"
    agreement: Any

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)


class MeetingUpdate(_MeetingForm, AgreementUpdateView):
    form_class = forms.MeetingForm
    title = "Modifier la réunion"


class PreparationView(_MeetingForm, AgreementUpdateView):
    form_class = forms.PreparationForm
    title = "Synthèse, perspectives et relevé"


class MeetingState(_Change, AgreementMixin):
    """POST ``etat``: « tenue » or « annulee »."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        change = (
            services.hold_meeting
            if request.POST.get("etat") == "tenue"
            else services.cancel_meeting
        )
        change(meeting, actor=self.access.user)
        return redirect("committees:meeting", self.agreement.slug, pk)


class _OfMeeting(ReturnToObject):
    page = "committees:meeting"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.meeting

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"meeting": self.meeting}}  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.meeting), **kwargs)  # type: ignore[misc]


class AgendaItemCreate(_Change, _OfMeeting, AgreementCreateView):
    form_class = forms.AgendaItemForm
    title = "Ajouter un point à l'ordre du jour"


class ProposalCreate(_OfMeeting, AgreementCreateView):
    capability = C.AGENDA_PROPOSE
    form_class = forms.ProposalForm
    title = "Proposer un point à l'ordre du jour"
    success_message = "Votre proposition est transmise à la personne qui pilote la CTG."


class _OfItem(_Change, ReturnToObject):
    page = "committees:meeting"
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return AgendaItem.objects.filter(agreement=self.agreement).select_related(
            "meeting__committee", "agreement"
        )

    def parent(self) -> Meeting:
        return self.object.meeting


class AgendaItemUpdate(_OfItem, AgreementUpdateView):
    form_class = forms.AgendaItemForm
    title = "Modifier le point"


class AgendaItemDelete(_OfItem, AgreementDeleteView):
    title = "Retirer le point"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer « {self.object} » de l'ordre du jour ?", **kwargs
        )

    def perform(self, form: Any) -> None:
        services.remove_agenda_item(self.object, actor=self.access.user)


class AgendaItemAct(_Change, AgreementMixin):
    """POST ``geste``: « monter », « descendre », « retenir »."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        item = get_object_or_404(
            AgendaItem.objects.select_related("meeting"), agreement=self.agreement, pk=pk
        )
        act = request.POST.get("geste")
        if act == "retenir":
            services.update_agenda_item(item, actor=self.access.user, is_confirmed=True)
        else:
            services.move_agenda_item(item, actor=self.access.user, up=act == "monter")
        return redirect("committees:meeting", self.agreement.slug, item.meeting_id)


class ArbitrationView(_Change, ReturnToObject, AgreementFormView):
    template_name = "committees/arbitration.html"
    form_class = forms.ArbitrationForm
    title = "Point d'arbitrage"
    page = "committees:meeting"
    success_message = "Le point d'arbitrage est enregistré."

    @cached_property
    def item(self) -> AgendaItem:
        rows = AgendaItem.objects.filter(agreement=self.agreement).select_related(
            "meeting", "agreement"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.item.meeting

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "item": self.item}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=self.item.title, **kwargs)


class AttendanceView(_Change, ReturnToObject, AgreementFormView):
    template_name = "committees/attendance.html"
    form_class = forms.AttendanceForm
    title = "Présences"
    page = "committees:meeting"
    success_message = "Les présences sont enregistrées."

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.meeting

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "attendances": queries.attendance_of(self.meeting)}

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.meeting), meeting=self.meeting, **kwargs)


class InviteMembers(_Change, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        services.invite_members(meeting, actor=self.access.user)
        return redirect("committees:attendance", self.agreement.slug, pk)


# --- Decisions ------------------------------------------------------------------------------
class DecisionsView(AgreementPageView):
    template_name = "committees/decisions.html"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        which = self.request.GET.get("suite", "toutes")
        return super().get_context_data(
            decisions=queries.filtered_decisions(self.agreement, which, today),
            tabs=[
                {"label": label, "url": f"?suite={key}", "active": key == which}
                for key, label in queries.DECISION_FILTERS.items()
            ],
            today=today,
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class _DecisionForm(_Change, ReturnToPage):
    form_class = forms.DecisionForm
    page = "committees:decisions"


class DecisionCreate(_DecisionForm, AgreementCreateView):
    title = "Noter une décision"

    def get_initial(self) -> dict[str, Any]:
        """From the page of a meeting, its date and itself are already chosen."""
        asked = self.request.GET.get("reunion", "")
        meeting = (
            queries.meetings(self.agreement).filter(pk=asked).first() if asked.isdigit() else None
        )
        if meeting is None:
            return {"decided_on": date.today()}
        return {"meeting": meeting.pk, "decided_on": meeting.on}


class DecisionUpdate(_DecisionForm, AgreementUpdateView):
    title = "Suivre la décision"

    def get_queryset(self) -> QuerySet[Decision]:
        return queries.decisions(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)
