"""« Ma semaine » and the dates to come."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from agreements.forms import AgreementModelForm
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
)
from core.errors import DomainError
from core.formats import hours_minutes
from core.forms import FrenchModelForm
from core.views.base import PageView, safe_next
from desk import queries, services
from desk.models import Deadline


class WeekView(AgreementPageView):
    capability = C.DESK_VIEW
    template_name = "desk/week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        week, points = queries.week_of(self.access, today)
        used, available = hours_minutes(week.total_minutes), hours_minutes(week.available_minutes)
        return super().get_context_data(
            week=week,
            today=today,
            meter_text=f"{used} sur {available}",
            excess=hours_minutes(week.excess_minutes) if week.excess_minutes else "",
            points=points,
            **kwargs,
        )


class PostponeView(AgreementMixin, PageView):
    """« Reporter » : POST only; the line comes back in a week."""

    capability = C.DESK_VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("key", "")
        if not key or len(key) > 120:
            raise DomainError("Cette ligne n'existe plus.")
        services.postpone_line(self.access, key=key, on=date.today())
        return HttpResponseRedirect(
            safe_next(request) or reverse("desk:week", args=[self.agreement.slug])
        )


class DeadlineForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Deadline
        fields = ["title", "on", "kind", "note", "done_on"]

    def perform(self) -> Deadline:
        values = self.changed_values()
        if self.instance.pk:
            return services.update_deadline(self.instance, actor=self.access.user, **values)
        return services.create_deadline(self.access.agreement, actor=self.access.user, **values)


class DeadlineMixin:
    capability = C.DESK_VIEW
    agreement: Any

    def get_queryset(self) -> QuerySet[Deadline]:
        return Deadline.objects.filter(agreement=self.agreement)

    def get_default_url(self) -> str:
        return reverse("desk:deadlines", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class DeadlineList(AgreementPageView):
    capability = C.DESK_VIEW
    template_name = "desk/deadlines.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deadlines = Deadline.objects.filter(agreement=self.agreement)
        return super().get_context_data(
            coming=deadlines.filter(done_on__isnull=True).order_by("on"),
            done=deadlines.filter(done_on__isnull=False).order_by("-on")[:20],
            today=date.today(),
            **kwargs,
        )


class UsualDeadlines(AgreementMixin, PageView):
    """The dates that come back every year, to check with the Caf. POST only."""

    capability = C.DESK_VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        year = min(
            max(date.today().year, self.agreement.starts_on.year), self.agreement.ends_on.year
        )
        services.preload_deadlines(self.agreement, actor=self.access.user, year=year)
        return redirect("desk:deadlines", self.agreement.slug)


class DeadlineCreate(DeadlineMixin, AgreementCreateView):
    form_class = DeadlineForm
    title = "Ajouter une échéance"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Deadline()}


class DeadlineUpdate(DeadlineMixin, AgreementUpdateView):
    form_class = DeadlineForm
    title = "Modifier l'échéance"


class DeadlineDelete(DeadlineMixin, AgreementDeleteView):
    title = "Supprimer l'échéance"
    success_message = "L'échéance est supprimée."

    def perform(self, form: django_forms.Form) -> None:
        services.delete_deadline(self.object, actor=self.access.user)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Voulez-vous supprimer l'échéance « {self.object} » ?", **kwargs
        )
