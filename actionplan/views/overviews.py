"""The plan by pilot, by theme, by funder; and what is late or blocked, with what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from actionplan import overviews, queries, services
from actionplan.models import Action, Step
from actionplan.services import attention as gestures
from actionplan.views.pills import PlanPills
from actionplan.views.plan import mark
from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from core.errors import DomainError
from core.keys import key_in
from core.views.base import safe_next


class _Groups(PlanPills, AgreementPageView):
    template_name = "actionplan/groups.html"
    capability = C.PLAN_VIEW
    with_lead = True

    def groups(self) -> list[overviews.Group]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = self.groups()
        for group in groups:
            mark(group.actions, with_lead=self.with_lead)
        return super().get_context_data(
            groups=groups,
            sheets=reverse("actionplan:plan", args=[self.agreement.slug]) + "fiches/",
            **kwargs,
        )


class ByPilotView(_Groups):
    pill = "actionplan:by_pilot"
    with_lead = False  # it is the heading

    def groups(self) -> list[overviews.Group]:
        return overviews.by_pilot(self.agreement, date.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Le plan par pilote",
            lead="Qui porte quoi : chaque structure, ses actions, et où elles en sont.",
            can_open=self.access.can(C.PARTNERS_VIEW),
            **kwargs,
        )


class ByThemeView(_Groups):
    pill = "actionplan:by_theme"

    def groups(self) -> list[overviews.Group]:
        return overviews.by_theme(self.agreement, date.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Le plan par thème",
            lead="Une action qui a plusieurs thèmes figure sous chacun.",
            **kwargs,
        )


class ByFunderView(PlanPills, AgreementPageView):
    template_name = "actionplan/funders.html"
    capability = C.MONEY_VIEW
    pill = "actionplan:by_funder"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = overviews.by_funder(self.agreement, date.today())
        mark(told.without)
        years = list(self.agreement.years)
        return super().get_context_data(
            years=years,
            summary=[
                (group.funder, [group.total(year) for year in years], group.total(), group.certain)
                for group in told.groups
            ],
            totals=[told.total(year) for year in years],
            total=told.total(),
            groups=[
                (group, [(line, [line.years.get(year) for year in years]) for line in group.lines])
                for group in told.groups
            ],
            without=told.without,
            sheets=reverse("actionplan:plan", args=[self.agreement.slug]) + "fiches/",
            **kwargs,
        )


class AttentionView(PlanPills, AgreementPageView):
    template_name = "actionplan/attention.html"
    capability = C.PLAN_VIEW
    pill = "actionplan:attention"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        told = overviews.attention(self.agreement, today)
        return super().get_context_data(
            late=[(row, row.days(today)) for row in told.late],
            blocked=[(row, row.is_to_review(today)) for row in told.blocked],
            here=self.request.path,
            sheets=reverse("actionplan:plan", args=[self.agreement.slug]) + "fiches/",
            **kwargs,
        )


MONTHS = {"reporter-1": 1, "reporter-3": 3, "revoir-1": 1}


class AttentionAct(AgreementMixin):
    """POST ``geste``: « reporter-1 », « reporter-3 » (months; ``etape`` for a step), « faite »
    (the step ``etape``, today), « revoir-1 », « debloquer »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        action = get_object_or_404(queries.actions(self.agreement, date.today()), pk=pk)
        try:
            told = self.act(action, request.POST.get("geste", ""))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, told)
        return redirect(
            safe_next(request) or reverse("actionplan:attention", args=[self.agreement.slug])
        )

    def act(self, action: Action, act: str) -> str:
        actor, today = self.access.user, date.today()
        if act == "debloquer":
            gestures.unblock(action, actor=actor)
            return f"L'action {action.code} repart : elle est « en cours »."
        if act == "revoir-1":
            gestures.postpone_review(action, actor=actor, months=MONTHS[act], on=today)
            return f"L'action {action.code} sera revue plus tard."
        step = self.step(action)
        if act == "faite" and step is not None:
            services.complete_step(step, actor=actor, on=today)
            return f"L'étape « {step} » est faite."
        if act not in MONTHS:
            raise DomainError("Ce geste n'existe pas.")
        if step is not None:
            gestures.postpone_step(step, actor=actor, months=MONTHS[act], on=today)
            return f"L'étape « {step} » est reportée."
        gestures.postpone_action(action, actor=actor, months=MONTHS[act], on=today)
        return f"L'échéance de l'action {action.code} est reportée."

    def step(self, action: Action) -> Step | None:
        asked = self.request.POST.get("etape", "")
        if not asked:
            return None
        return get_object_or_404(
            Step.objects.select_related("action__agreement", "agreement"),
            action=action,
            pk=key_in(asked) or 0,
        )
