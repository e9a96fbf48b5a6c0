"""The sheet of an action, its forms, and its one-page PDF."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from actionplan import forms, queries, services, sheet
from actionplan.balance import balances, staff_time
from actionplan.documents import ActionSheet, SheetRequest
from actionplan.models import Action, Measure, MeasurePoint
from actionplan.permissions import change_action, led_by, wrote
from agreements.attachments import attachments_of
from agreements.panels import panel_annotations, panels_of
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.documents.declaration import render
from core.keys import key_in


class ActionView(AgreementDetailView):
    """The sheet; an archived action is still read, and says that it left the plan."""

    template_name = "actionplan/action.html"
    capability = C.PLAN_VIEW
    context_object_name = "action"

    def get_queryset(self) -> QuerySet[Action]:
        """``is_led`` says in the same query what ``change_action`` would ask of the action."""
        with_money = self.access.can_any(C.MONEY_VIEW, C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
        led = led_by(self.access, Action.objects.filter(pk=OuterRef("pk")))
        return sheet.sheet(self.agreement, date.today(), with_money=with_money).annotate(
            is_led=Exists(led), **panel_annotations(Action)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        action = self.object
        steers = self.access.can(C.PLAN_CHANGE)
        leads = steers or (self.access.can(C.PLAN_CHANGE_OWN) and action.is_led)
        can_change, can_update = steers and not action.is_archived, leads and not action.is_archived
        with_money = self.access.can(C.MONEY_VIEW) or leads
        years, total = balances(action) if with_money else ([], None)
        notes = queries.visible_notes(action, internal=self.access.can(C.INTERNAL_VIEW))
        return super().get_context_data(
            completeness=queries.completeness(action) if can_update else None,
            lacks=mend(action, can_change) if can_update else [],
            budget=years,
            total=total,
            staff=staff_time(action) if with_money else [],
            fundings=queries.latest_fundings(action.fundings.all()) if with_money else [],
            with_money=with_money,
            notes=[(note, can_change or (can_update and wrote.test(self.access, note))) for note in notes],
            attachments=attachments_of(action, self.access),
            panels=panels_of(action, self.access, with_money=with_money),
            own=self.access.user.pk,
            measures=[(row, point_of(row), list(row.points.all())) for row in action.measures.all()],
            weather=sheet.weather_of(action),
            brief=sheet.brief(action),
            sections=sheet.sections(action),
            today=date.today(),
            can_change=can_change,
            can_restore=steers and action.is_archived,
            can_update=can_update,
            **kwargs,
        )  # fmt: skip


def mend(action: Action, can_change: bool) -> list[tuple[str, str]]:
    """What is missing, and the page where it is written; "" when the reader may not write it there
    (the lead partner keeps the words and the steps, the frame belongs to the plan's author)."""
    open_to_lead = {("update", "progress_note"), ("steps", "")}
    found = []
    for lack in queries.completeness(action).lacks:
        url = ""
        if can_change or (lack.place, lack.field) in open_to_lead:
            url = reverse(f"actionplan:{lack.place}", args=[action.agreement.slug, action.pk])
            url += f"?champ={lack.field}#id_{lack.field}" if lack.field else ""
        found.append((lack.words, url))
    return found


def point_of(measure: Measure) -> MeasurePoint | None:
    """The last point with a value, else the first with a target: what one line says of a measure."""
    points = list(measure.points.all())
    valued = [point for point in points if point.value is not None]
    return valued[-1] if valued else next((p for p in points if p.target is not None), None)


class _OfPlan:
    page = "actionplan:action"
    refusal = "modifier cette action"
    agreement: Any

    def get_queryset(self) -> QuerySet[Action]:
        return queries.actions(self.agreement, date.today())


class ActionCreate(ReturnToObject, AgreementCreateView):
    template_name = "actionplan/action_form.html"
    capability = C.PLAN_CHANGE
    form_class = forms.NewActionForm
    title = "Ajouter une action"
    page = "actionplan:action"

    @property
    def cancel_url(self) -> str:
        return reverse("actionplan:plan", args=[self.agreement.slug])

    def get_initial(self) -> dict[str, Any]:
        """From the tree, the level under which the action was asked for; from the diagnosis, the
        challenge that no action answers yet."""
        asked = {name: self.request.GET.get(name, "") for name in ("orientation", "objective")}
        initial: dict[str, Any] = {name: value for name, value in asked.items() if key_in(value)}
        challenge = self.request.GET.get("enjeu", "")
        return initial | ({"challenges": [challenge]} if key_in(challenge) else {})


class ActionUpdate(_OfPlan, ReturnToObject, AgreementUpdateView):
    """The whole sheet for whoever changes the plan; where it stands, for the lead partner."""

    template_name = "actionplan/action_form.html"
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    title = "Modifier l'action"

    def get_form_class(self) -> Any:
        return forms.ActionForm if self.access.can(C.PLAN_CHANGE) else forms.PartnerActionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "asked": self.request.GET.get("champ", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class StatusUpdate(_OfPlan, ReturnToObject, AgreementUpdateView):
    capability = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)
    rule = change_action
    form_class = forms.StatusForm
    title = "Changer le statut"
    success_message = "Le statut est changé."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object), **kwargs)


class ActionArchive(_OfPlan, ReturnToPage, AgreementDeleteView):
    capability = C.PLAN_CHANGE
    title = "Archiver l'action"
    submit_label = "Archiver"
    extra_context: ClassVar[dict[str, str]] = {
        "submit_variant": "primary",
        "submit_icon": "archive",
    }
    page = "actionplan:plan"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Archiver « {self.object} » ?",
            consequences=[
                "Elle quitte le plan et les documents à venir.",
                "Les documents déjà produits la gardent.",
                "Elle se retrouve, avec tout ce qui y est écrit, dans « Actions archivées ».",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.archive_action(self.object, actor=self.access.user)


class ActionAct(AgreementMixin):
    """POST ``geste``: « monter », « descendre », « copier »."""

    capability = C.PLAN_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        action = get_object_or_404(queries.actions(self.agreement, date.today()), pk=pk)
        act = request.POST.get("geste")
        if act == "copier":
            copy = services.duplicate_action(action, actor=self.access.user)
            return redirect("actionplan:update", self.agreement.slug, copy.pk)
        services.move_action(action, actor=self.access.user, up=act == "monter")
        return redirect(reverse("actionplan:plan", args=[self.agreement.slug]) + f"#action-{pk}")


class ActionPdf(AgreementMixin):
    """The sheet in one page, as ``fmt``."""

    capability = C.PLAN_VIEW
    fmt = "pdf"

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        action = get_object_or_404(queries.full_action(self.agreement, date.today()), pk=pk)
        with_money = self.access.can(C.MONEY_VIEW) or self.access.test(change_action, action)
        content = ActionSheet().content(SheetRequest(action, date.today(), with_money))
        file = render(content, self.fmt, watermark=False)
        return FileResponse([file.data], filename=file.name, content_type=file.mime)
