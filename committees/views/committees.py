"""The room's first page, the committees and those who sit in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
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
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from committees import forms, queries, records, register, rhythm, services
from committees.models import Committee, CommitteeMember
from core.formats import date_long, plural


class CommitteesHome(AgreementPageView):
    template_name = "committees/home.html"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        rows = queries.committee_rows(self.agreement, today)
        coming = queries.coming_meetings(self.agreement, today)
        return super().get_context_data(
            rows=rows,
            coming=coming,
            unclosed=queries.unclosed_meetings(self.agreement, today),
            thread=[
                self.event(meeting) for meeting in queries.past_meetings(self.agreement, today)
            ],
            late=list(
                register.register(self.agreement, "echues", today).prefetch_related(None)[:5]
            ),
            advices=[row for row in rows if row.advice],
            late_count=register.register_counts(self.agreement, today)["echues"],
            today=today,
            records_to_validate=records.awaiting_validation(self.access),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            can_answer=self.access.can(C.AGENDA_PROPOSE),
            **kwargs,
        )

    def event(self, meeting: Any) -> dict[str, str]:
        """A dot of the thread of past meetings."""
        is_held = meeting.state == meeting.State.HELD
        decided = f"{plural(meeting.decided, 'décision')}." if meeting.decided else ""
        return {
            "date": date_long(meeting.on),
            "title": str(meeting.committee),
            "text": decided if is_held else "Réunion annulée.",
            "url": reverse("committees:meeting", args=[self.agreement.slug, meeting.pk]),
            "icon": "" if is_held else "circle-x",
        }


class Change:
    """Whoever steers changes the room."""

    capability = C.COMMITTEES_CHANGE


class StandardCommittees(Change, AgreementMixin):
    """POST only: the usual bodies, to be adapted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        created = services.create_standard_committees(self.agreement, actor=self.access.user)
        if created:
            messages.success(
                request, f"{plural(len(created), 'instance')} à adapter à votre territoire."
            )
        return redirect("committees:home", self.agreement.slug)


class CommitteeView(AgreementDetailView):
    template_name = "committees/committee.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "committee"

    def get_queryset(self) -> QuerySet[Committee]:
        return queries.committees(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        meetings = list(self.object.meetings.all())
        days = rhythm.days_of(meetings)
        seats = list(queries.members(self.agreement).filter(committee=self.object))
        return super().get_context_data(
            members=[seat for seat in seats if not seat.is_past_on(today)],
            past=[seat for seat in seats if seat.is_past_on(today)],
            today=today,
            meetings=meetings,
            advice=rhythm.advice(self.agreement, self.object.expected_per_year, days, today),
            years=rhythm.years_of(self.agreement, self.object.expected_per_year, days, today),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            can_delete=not meetings,
            **kwargs,
        )


class CommitteeCreate(Change, ReturnToObject, AgreementCreateView):
    form_class = forms.CommitteeForm
    title = "Ajouter une instance"
    page = "committees:committee"

    @property
    def cancel_url(self) -> str:
        return reverse("committees:home", args=[self.agreement.slug])


class CommitteeUpdate(Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.CommitteeForm
    title = "Modifier l'instance"
    page = "committees:committee"

    def get_queryset(self) -> QuerySet[Committee]:
        return queries.committees(self.agreement)


class CommitteeDelete(Change, ReturnToPage, AgreementDeleteView):
    title = "Supprimer l'instance"
    page = "committees:home"

    def get_queryset(self) -> QuerySet[Committee]:
        return queries.committees(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["La liste de ses membres est supprimée avec elle."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Committee)
        services.delete_committee(self.object, actor=self.access.user)


class MemberCreate(Change, ReturnToObject, AgreementCreateView):
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


class _OfMember(Change, ReturnToObject):
    page = "committees:committee"
    agreement: Any

    def get_queryset(self) -> QuerySet[CommitteeMember]:
        return queries.members(self.agreement)

    def parent(self) -> Committee:
        return self.object.committee


class MemberUpdate(_OfMember, AgreementUpdateView):
    form_class = forms.MemberForm
    title = "Modifier un membre"


class MemberDelete(_OfMember, AgreementDeleteView):
    title = "Retirer un membre saisi par erreur"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member: Any = self.object
        return super().get_context_data(
            question=f"Retirer {member} de « {member.committee} » ?",
            consequences=[
                "Ses présences aux réunions passées restent notées.",
                "Pour une personne qui s'en va, donnez plutôt une fin à son mandat : elle restera "
                "parmi les anciens membres.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_member(self.object, actor=self.access.user)  # type: ignore[arg-type]
