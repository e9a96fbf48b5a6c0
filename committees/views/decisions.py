"""The register of decisions, each decision, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDetailView,
    AgreementPageView,
    AgreementUpdateView,
)
from committees import decision_reads, forms, queries, register, services
from committees.effect_lines import WAITING, effect_lines, effects
from committees.filters import DecisionFilter, asked_suite
from committees.models import Decision, DecisionEffect, Meeting
from committees.views.committees import Change
from committees.views.trail import meeting_trail
from core.errors import DomainError
from core.formats import date_long
from core.keys import key_in

PER_PAGE = 50
FORMATS = (("xlsx", "Excel"), ("pdf", "PDF"), ("docx", "Word"))


class DecisionsView(AgreementPageView):
    """All years together. The tabs keep the filters, the filters keep the tab, the address keeps
    both."""

    template_name = "committees/decisions.html"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        which = asked_suite(self.request.GET.get("suite", ""), today)
        rows = register.decisions(self.agreement)
        filters = DecisionFilter(self.request.GET or None, queryset=rows, agreement=self.agreement)
        found = filters.qs
        counts = register.register_counts(self.agreement, today, found)
        condition = register.register_filters(today)[which][1]
        page = Paginator(register.in_order(found.filter(condition), today), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            rows=register.rows_of(page, today),
            page=page,
            which=which,
            filter=filters,
            is_filtered=any(filters.form.changed_data) or which != "toutes",
            total=counts["toutes"],
            tabs=self._tabs(counts, which, today),
            deferred=register.deferred(self.agreement) if which == "toutes" else [],
            files=self._files(),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            **kwargs,
        )

    def _tabs(self, counts: dict[str, int], which: str, on: date) -> list[dict[str, Any]]:
        """A tab that would be empty is not there, unless it is the one asked for."""
        return [
            {
                "label": label,
                "url": f"?{self._query(suite=key)}",
                "active": key == which,
                "count": counts[key],
            }
            for key, (label, _) in register.register_filters(on).items()
            if counts[key] or key in ("toutes", which)
        ]

    def _query(self, **changes: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
        return query.urlencode()

    def _files(self) -> list[dict[str, str]]:
        """The same rows as files; they belong to the room of documents, above."""
        asked = f"?{query}" if (query := self._query()) else ""
        return [
            {
                "format": fmt,
                "label": label,
                "url": reverse("reports:decisions_file", args=[self.agreement.slug, fmt]) + asked,
            }
            for fmt, label in FORMATS
        ]


class DecisionView(AgreementDetailView):
    template_name = "committees/decision.html"
    capability = C.COMMITTEES_VIEW
    context_object_name = "decision"

    def get_queryset(self) -> QuerySet[Decision]:
        return decision_reads.decision(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, decision = date.today(), self.object
        with_money = self.access.can(C.MONEY_VIEW)
        rows = list(effects(self.agreement).filter(decision=decision).order_by("pk"))
        record = getattr(decision.meeting, "record", None) if decision.meeting else None
        is_locked = record is not None and record.is_locked
        can_change = self.access.can(C.COMMITTEES_CHANGE)
        states = {row.state for row in rows}
        waiting = {DecisionEffect.State.CONFLICT, DecisionEffect.State.PENDING_VOTE}
        is_prepared = DecisionEffect.State.PREPARED in states
        return super().get_context_data(
            row=register.rows_of([decision], today)[0],
            stages=decision_reads.stages(decision),
            effects=effect_lines(rows, with_money=with_money, on=today, with_now=can_change),
            told=decision_reads.told_of(decision, with_names=self.access.can(C.JOURNAL_VIEW)),
            is_locked=is_locked,
            locked_on=record.validated_on if record else None,
            can_change=can_change,
            can_prepare=can_change and not is_locked and decision.state != Decision.State.DROPPED,
            can_act=can_change and bool(states & waiting),
            can_apply=can_change and is_prepared and decision.meeting_id is None,
            lacks_vote=with_money
            and any(row.state in WAITING and services.needs_vote(row, today) for row in rows),
            **kwargs,
        )


class _OfDecision(Change):
    """Leads back to the decision."""

    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[Decision]:
        return register.decisions(self.agreement)

    def get_default_url(self) -> str:
        return reverse("committees:decision", args=[self.agreement.slug, self.object.pk])

    @property
    def cancel_url(self) -> str:
        if self.object is None:
            return reverse("committees:decisions", args=[self.agreement.slug])
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(decision=self.object, **kwargs)  # type: ignore[misc]


class DecisionCreate(_OfDecision, AgreementCreateView):
    """``?reunion=`` is the meeting, ``?point=`` the point of its agenda. Without a meeting, the
    decision was taken elsewhere."""

    template_name = "committees/decision_form.html"

    @cached_property
    def meeting(self) -> Meeting | None:
        asked = self.request.GET.get("reunion", "")
        if not asked:
            return None
        return get_object_or_404(queries.meetings(self.agreement), pk=key_in(asked) or 0)

    @property
    def title(self) -> str:
        return "Noter une décision" if self.meeting else "Noter une décision prise ailleurs"

    @property
    def success_message(self) -> str:
        return "La décision est notée au relevé." if self.meeting else "La décision est notée."

    def get_form_class(self) -> Any:
        return forms.DecisionForm if self.meeting else forms.ElsewhereForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "meeting": self.meeting} if self.meeting else kwargs

    def get_default_url(self) -> str:
        """Back to the meeting; when the option chosen has a cost that the plan does not say yet, to
        the page that proposes it."""
        slug = self.agreement.slug
        drafts = forms.drafts_of(self.object, date.today())
        if any(draft.is_proposed for draft in drafts):
            return reverse("committees:decision_effects", args=[slug, self.object.pk])
        if self.meeting is None:
            return super().get_default_url()
        return f"{reverse('committees:meeting', args=[slug, self.meeting.pk])}#decisions"

    @property
    def cancel_url(self) -> str:
        if self.meeting is None:
            return reverse("committees:decisions", args=[self.agreement.slug])
        return reverse("committees:meeting", args=[self.agreement.slug, self.meeting.pk])

    def get_initial(self) -> dict[str, Any]:
        on = self.meeting.on if self.meeting else date.today()
        return {"decided_on": on, "item": self.request.GET.get("point", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.meeting is None:
            lead = "Conseil municipal, bureau, commission de la Caf… : elle entre au registre avec sa source."
            return super().get_context_data(lead=lead, **kwargs)
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}"
        trail = meeting_trail(self.agreement.slug, self.meeting, self.title)
        return super().get_context_data(lead=lead, trail=trail, **kwargs)


class DecisionUpdate(_OfDecision, AgreementUpdateView):
    """What was decided, put right; the journal keeps what was written first. Refused once the
    record of its meeting is validated."""

    title = "Corriger la décision"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.load_object()
        try:
            services.refuse_if_locked(self.object.meeting)
        except DomainError:
            return HttpResponseRedirect(self.get_default_url())
        return super().get(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        return forms.ElsewhereForm if self.object.meeting_id is None else forms.DecisionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "meeting": self.object.meeting} if self.object.meeting_id else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class DecisionFollowUp(_OfDecision, AgreementUpdateView):
    form_class = forms.FollowUpForm
    template_name = "committees/follow_up.html"

    @property
    def title(self) -> str:
        return f"Suite de la {str(self.object).lower()}"
