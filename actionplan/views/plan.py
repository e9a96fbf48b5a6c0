"""The plan as a tree, and the page where its levels and actions are put in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html

from actionplan import forms, queries, services
from actionplan.models import Action, Objective, Orientation
from actionplan.permissions import led_by
from actionplan.versions.queries import is_to_be_frozen
from actionplan.views.pills import PlanPills
from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView, AgreementUpdateView
from core.components.figures import badge
from core.formats import NBSP, date_short
from core.keys import key_in


def mark(actions: Iterable[Action], *, with_lead: bool = True) -> None:
    """``mark``: the badges of each action; ``told``: who, until when, how far. Each state is drawn
    once and each line told here, for a plan of 400 actions shows as many."""
    drawn = {state: badge(state=state) for state in (*services.TRANSITIONS, "late")}
    late = {state: format_html("{} {}", drawn[state], drawn["late"]) for state in drawn}
    for action in actions:
        lead = action.lead_organisation
        told = f"pour le {date_short(action.due_on)}"
        if with_lead:
            told = f"{lead.short_name or lead.name}, {told}"
        if action.has_begun:
            told = f"{told}, {action.progress}{NBSP}%"
        action.mark = (late if action.is_late else drawn)[action.status]  # type: ignore[attr-defined]
        action.told = told  # type: ignore[attr-defined]


class PlanView(PlanPills, AgreementPageView):
    template_name = "actionplan/plan.html"
    capability = C.PLAN_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        branches = queries.plan_tree(self.agreement, today)
        can_change = self.access.can(C.PLAN_CHANGE)
        has_own = self.access.can(C.PLAN_CHANGE_OWN) and not can_change
        for branch in branches:
            mark(branch.actions)
        own = (
            list(led_by(self.access, queries.plan_lines(self.agreement, today))) if has_own else []
        )
        return super().get_context_data(
            branches=branches,
            total=sum(len(branch.actions) for branch in branches),
            late=sum(branch.late for branch in branches),
            blocked=sum(branch.blocked for branch in branches),
            sheets=reverse("actionplan:plan", args=[self.agreement.slug]) + "fiches/",
            own=own,
            can_freeze=can_change and bool(branches) and is_to_be_frozen(self.agreement),
            **kwargs,
        )


class ArrangeView(PlanPills, AgreementPageView):
    """Up, down, elsewhere: by buttons, so by keyboard; each act comes back on its own button."""

    template_name = "actionplan/arrange.html"
    capability = C.PLAN_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        branches = queries.plan_tree(self.agreement, date.today())
        return super().get_context_data(branches=branches, **kwargs)


MOVED: dict[str, Any] = {"orientation": Orientation, "objectif": Objective, "action": Action}


class ArrangeAct(AgreementMixin):
    """POST ``monter`` or ``descendre`` = « action-12 », « objectif-3 », « orientation-1 »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        up = "monter" in request.POST
        kind, _, pk = request.POST.get("monter" if up else "descendre", "").partition("-")
        page = reverse("actionplan:arrange", args=[self.agreement.slug])
        if kind not in MOVED or key_in(pk) is None:
            return redirect(page)
        row = get_object_or_404(MOVED[kind], agreement=self.agreement, pk=pk)
        move = services.move_action if isinstance(row, Action) else services.move_level
        move(row, actor=self.access.user, up=up)
        # The fragment names the button itself: the browser puts the focus on it.
        return redirect(f"{page}#{'monter' if up else 'descendre'}-{kind}-{pk}")


class PlaceView(AgreementUpdateView):
    """An action put under another level."""

    capability = C.PLAN_CHANGE
    form_class = forms.PlaceForm
    title = "Déplacer l'action"
    submit_label = "Déplacer"
    success_message = "L'action est rangée."

    def get_queryset(self) -> Any:
        return queries.actions(self.agreement, date.today())

    def get_default_url(self) -> str:
        assert self.object is not None
        page = reverse("actionplan:arrange", args=[self.agreement.slug])
        return f"{page}#action-{self.object.pk}"

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)
