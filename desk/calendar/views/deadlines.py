"""The dates that no other room holds: of the Caf, of the law, of its network."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from core.views.base import PageView, safe_next
from desk import services
from desk.calendar.forms import DeadlineForm
from desk.models import Deadline

DONE_SHOWN = 20


class _Deadlines(ReturnToPage):
    capability = C.DESK_VIEW
    page = "desk:deadlines"

    def get_queryset(self) -> QuerySet[Deadline]:
        return Deadline.objects.filter(agreement=self.agreement).select_related("agreement")


class DeadlineList(_Deadlines, AgreementPageView):
    template_name = "desk/deadlines.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deadlines = self.get_queryset()
        return super().get_context_data(
            coming=deadlines.filter(done_on__isnull=True).order_by("on", "pk"),
            done=deadlines.filter(done_on__isnull=False).order_by("-on", "-pk")[:DONE_SHOWN],
            today=timezone.localdate(),
            **kwargs,
        )


class UsualDeadlines(AgreementMixin, PageView):
    """The dates that come back every year, to check with the Caf. POST only."""

    capability = C.DESK_VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        first, last = self.agreement.starts_on.year, self.agreement.ends_on.year
        year = min(max(timezone.localdate().year, first), last)
        services.preload_deadlines(self.agreement, actor=self.access.user, year=year)
        return redirect("desk:deadlines", self.agreement.slug)


class DeadlineCreate(_Deadlines, AgreementCreateView):
    form_class = DeadlineForm
    template_name = "desk/deadline_form.html"
    title = "Ajouter une échéance"
    lead = (
        "Une date de la Caf, de la loi ou du réseau départemental, que rien d'autre ne porte ici."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Deadline()}


class DeadlineUpdate(_Deadlines, AgreementUpdateView):
    form_class = DeadlineForm
    template_name = "desk/deadline_form.html"
    title = "Modifier l'échéance"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delete_url = reverse("desk:deadline_delete", args=[self.agreement.slug, self.kwargs["pk"]])
        return super().get_context_data(delete_url=delete_url, **kwargs)


class DeadlineTick(_Deadlines, AgreementMixin, PageView):
    """POST only: « faite » with today's date, or « à faire » again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        deadline = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if request.POST.get("fait") == "non":
            services.reopen_deadline(deadline, actor=self.access.user)
        else:
            services.complete_deadline(deadline, actor=self.access.user, on=timezone.localdate())
        return HttpResponseRedirect(safe_next(request) or self.get_default_url())


class DeadlineDelete(_Deadlines, AgreementDeleteView):
    title = "Supprimer l'échéance"
    success_message = "L'échéance est supprimée."

    def perform(self, form: django_forms.Form) -> None:
        services.delete_deadline(self.object, actor=self.access.user)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Voulez-vous supprimer l'échéance « {self.object} » ?", **kwargs
        )
