"""The plan as a table: filtered, exported, its ticked rows changed together."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from actionplan import queries
from actionplan.filters import ActionFilter
from actionplan.forms.grouped import GroupedForm, versions_in
from actionplan.models import Action
from actionplan.services.grouped import change_together
from actionplan.table_file import table_content
from actionplan.tables import ActionTable
from actionplan.views.pills import PlanPills
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView, AgreementListView, AgreementMixin
from core.documents.declaration import render
from core.formats import plural
from core.keys import keys_in
from core.views.base import safe_next
from core.views.files import download

MOST_TOGETHER = 200


class _Filtered:
    agreement: Any
    request: HttpRequest

    def get_queryset(self) -> QuerySet[Action]:
        return queries.plan_lines(self.agreement, date.today())

    def filter_arguments(self) -> dict[str, Any]:
        return {
            "agreement": self.agreement,
            "leads": queries.lead_organisations(self.agreement),
        }


class TableView(_Filtered, PlanPills, AgreementListView):
    template_name = "actionplan/table.html"
    capability = C.PLAN_VIEW
    pill = "actionplan:table"
    table_class = ActionTable
    filterset_class = ActionFilter
    title = "Le plan en tableau"
    lead = "Toutes les actions ; les filtres restent dans l'adresse de la page."
    empty_title = "Aucune action"
    empty_text = "Le plan ne contient encore aucune action."

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), **self.filter_arguments()}

    def get_table_kwargs(self) -> dict[str, Any]:
        can_tick = self.access.can(C.PLAN_CHANGE)
        return {
            "slug": self.agreement.slug,
            "ticked": can_tick and self.request.GET.get("cocher") == "tout",
            "exclude": () if can_tick else ("pick", "copy"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        for name in ("cocher", "page"):
            query.pop(name, None)
        return super().get_context_data(
            file_url=reverse("actionplan:table_file", args=[self.agreement.slug])
            + (f"?{query.urlencode()}" if query else ""),
            tick_url=f"?{urlencode([*self._kept(), ('cocher', 'tout')])}",
            untick_url=f"?{urlencode(self._kept())}",
            is_ticked=self.request.GET.get("cocher") == "tout",
            **kwargs,
        )

    def _kept(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name != "cocher"
        ]


class TableFile(_Filtered, AgreementMixin):
    """The rows of the table under the filters of the address, all pages together."""

    capability = C.PLAN_VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = queries.actions(self.agreement, date.today()).select_related("objective__parent")
        filtered = ActionFilter(
            request.GET or None, queryset=rows, request=request, **self.filter_arguments()
        )
        content = table_content(self.agreement, list(filtered.qs), date.today(), bool(request.GET))
        file = render(content, "xlsx")
        return download(file.data, file.mime, f"plan-{self.agreement.slug}.xlsx")


class GroupedView(AgreementFormView):
    """The ticked actions (``fiche``, repeated): a form, what it would do, then doing it."""

    template_name = "actionplan/grouped.html"
    capability = C.PLAN_CHANGE
    form_class = GroupedForm
    title = "Modifier plusieurs actions"
    lines: Any = None

    def get_default_url(self) -> str:
        return reverse("actionplan:table", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def picked(self, keys: list[str]) -> list[Action]:
        rows = queries.actions(self.agreement, date.today()).prefetch_related("themes")
        return list(rows.filter(pk__in=keys_in(keys)))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.with_actions(request.GET.getlist("fiche")) or super().get(
            request, *args, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = request.POST.getlist("fiche")
        if "choisir" in request.POST:
            query = [*(("fiche", key) for key in keys), ("next", safe_next(request))]
            return redirect(f"{request.path}?{urlencode(query)}")
        return self.with_actions(keys) or super().post(request, *args, **kwargs)

    def with_actions(self, keys: list[str]) -> HttpResponse | None:
        """The ticked actions; or the way back to the table, saying why."""
        if len(keys) > MOST_TOGETHER:
            messages.error(
                self.request, f"Au plus {MOST_TOGETHER} actions à la fois : filtrez le tableau."
            )
        else:
            self.actions = self.picked(keys)
            if self.actions:
                return None
            messages.info(self.request, "Cochez au moins une action du tableau.")
        return redirect(safe_next(self.request) or self.get_default_url())

    def form_valid(self, form: Any) -> HttpResponse:
        # What is applied is what was shown: a demand corrected since is shown first.
        seen = self.request.POST.get("vu", "")
        is_trial = "appliquer" not in self.request.POST or seen != form.signature
        self.lines = change_together(
            self.actions,
            form.change,
            actor=self.access.user,
            versions=versions_in(self.request.POST),
            dry_run=is_trial,
        )
        if "sans_refus" in self.request.POST:
            self.lines = [line for line in self.lines if not line.refusal]
            self.actions = [line.action for line in self.lines]
            if not self.actions:
                messages.info(self.request, "Aucune des actions cochées n'accepte ce changement.")
                return redirect(self.get_success_url())
        changed = sum(bool(line.differences) for line in self.lines)
        if is_trial or any(line.refusal for line in self.lines):
            status = 200 if is_trial else 422
            return self.render_to_response(self.get_context_data(form=form), status=status)
        messages.success(
            self.request, f"{plural(changed, 'action modifiée', 'actions modifiées')}."
        )
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = self.lines or []
        refused = sum(bool(line.refusal) for line in lines)
        changed = sum(bool(line.differences) for line in lines)
        typed = versions_in(self.request.POST)
        return super().get_context_data(
            actions=[(action, typed.get(action.pk, action.version)) for action in self.actions],
            lines=lines,
            refused=refused,
            changed=changed,
            can_apply=bool(lines) and not refused and bool(changed),
            **kwargs,
        )
