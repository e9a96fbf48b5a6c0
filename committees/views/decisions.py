"""The register of decisions, and what becomes of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from committees import forms, queries, register
from committees.models import Decision, Meeting
from committees.views.committees import Change
from core.formats import date_long
from core.keys import key_in

PER_PAGE = 50


class DecisionsView(AgreementPageView):
    template_name = "committees/decisions.html"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        filters = register.register_filters(today)
        which = self.request.GET.get("suite", "")
        which = which if which in filters else "toutes"
        found = register.register(self.agreement, which, today)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        counts = register.register_counts(self.agreement, today)
        return super().get_context_data(
            rows=register.rows_of(page, today),
            page=page,
            which=which,
            total=counts["toutes"],
            tabs=[
                {
                    "label": label,
                    "url": f"?suite={key}",
                    "active": key == which,
                    "count": counts[key],
                }
                for key, (label, _) in filters.items()
            ],
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )


class _OfDecision(Change, ReturnToPage):
    """Leads back to the meeting that decided, else to the register."""

    page = "committees:decisions"
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[Decision]:
        return register.decisions(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(decision=self.object, **kwargs)  # type: ignore[misc]


class DecisionCreate(_OfDecision, AgreementCreateView):
    """``?reunion=`` is the meeting, ``?point=`` the point of its agenda."""

    form_class = forms.DecisionForm
    title = "Noter une décision"
    success_message = "La décision est notée au relevé."

    @cached_property
    def meeting(self) -> Meeting | None:
        asked = self.request.GET.get("reunion", "")
        if not asked:
            return None
        return get_object_or_404(queries.meetings(self.agreement), pk=key_in(asked) or 0)

    def get_default_url(self) -> str:
        if self.meeting is None:
            return super().get_default_url()
        return f"{reverse('committees:meeting', args=[self.agreement.slug, self.meeting.pk])}#decisions"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_initial(self) -> dict[str, Any]:
        on = self.meeting.on if self.meeting else date.today()
        return {"decided_on": on, "item": self.request.GET.get("point", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}" if self.meeting else ""
        return super().get_context_data(lead=lead, **kwargs)


class DecisionUpdate(_OfDecision, AgreementUpdateView):
    """What was decided, put right; the journal keeps what was written first."""

    form_class = forms.DecisionForm
    title = "Corriger la décision"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.object.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class DecisionFollowUp(_OfDecision, AgreementUpdateView):
    form_class = forms.FollowUpForm
    template_name = "committees/follow_up.html"

    @property
    def title(self) -> str:
        return f"Suite de la {str(self.object).lower()}"
