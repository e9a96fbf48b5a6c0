"""The measures of an action: written, read with their history, filled from a source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan import forms, queries, services
from actionplan.measure_history import history_of
from actionplan.measure_sources import Offers, has_source, offers
from actionplan.models import Action, Measure
from actionplan.views.grids import OfAction
from agreements.queries import communes_of
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementUpdateView,
)


class MeasureCreate(OfAction, AgreementCreateView):
    template_name = "actionplan/measure_form.html"
    capability = C.PLAN_CHANGE
    form_class = forms.MeasureForm
    title = "Ajouter une mesure"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.action}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)


class _OfMeasure:
    agreement: Any
    object: Any

    def get_queryset(self) -> QuerySet[Measure]:
        return queries.measures_of_actions(self.agreement)

    def get_default_url(self) -> str:
        return reverse("actionplan:measure", args=[self.agreement.slug, self.object.pk])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class _Changes(_OfMeasure):
    capability = C.PLAN_CHANGE

    def get_queryset(self) -> QuerySet[Measure]:
        return super().get_queryset().filter(action__is_archived=False)


class MeasureView(_OfMeasure, AgreementDetailView):
    """Everybody who reads the plan reads its measures, and why they changed."""

    template_name = "actionplan/measure.html"
    capability = C.PLAN_VIEW
    context_object_name = "measure"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        measure: Measure = self.object
        can_change = self.access.can(C.PLAN_CHANGE) and not measure.action.is_archived  # type: ignore[union-attr]
        found = offers(measure, list(communes_of(self.agreement))) if can_change else None
        return super().get_context_data(
            action=measure.action,
            facts=facts(measure),
            points=list(measure.points.all()),
            history=history_of(measure),
            can_change=can_change,
            offers=found,
            today=date.today(),
            **kwargs,
        )


def facts(measure: Measure) -> list[tuple[str, str]]:
    rows = [
        ("Nature", measure.get_kind_display()),
        ("Sens", measure.get_direction_display()),
        ("Unité", measure.unit),
        ("Source", measure.source),
        ("Indicateur publié", str(measure.indicator or "")),
        ("Équipement", str(measure.facility or "")),
    ]
    return [(term, value) for term, value in rows if value]


class MeasureUpdate(_Changes, AgreementUpdateView):
    template_name = "actionplan/measure_form.html"
    form_class = forms.MeasureForm
    title = "Modifier la mesure"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.object.action}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object.action), **kwargs)


class MeasureTakeUp(_Changes, AgreementUpdateView):
    """What the source offers, year by year: only the boxes ticked are written."""

    template_name = "actionplan/measure_take_up.html"
    form_class = forms.TakeUpForm
    title = "Reprendre les valeurs de la source"
    submit_label = "Reprendre les valeurs cochées"
    success_message = "Les valeurs cochées sont reprises, avec leur source."

    def load_object(self) -> Measure:
        measure: Measure = super().load_object()
        if not has_source(measure):
            raise Http404("Cette mesure n'a pas de source à lire.")
        return measure

    @cached_property
    def offers(self) -> Offers | None:
        return offers(self.object, list(communes_of(self.agreement)))  # type: ignore[arg-type]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance")
        return {**kwargs, "measure": self.object, "offers": self.offers}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=str(self.object), offers=self.offers, measure=self.object, **kwargs
        )


class MeasureDelete(_Changes, AgreementDeleteView):
    title = "Supprimer la mesure"

    def get_default_url(self) -> str:
        return reverse("actionplan:action", args=[self.agreement.slug, self.action.pk])

    @cached_property
    def action(self) -> Action:
        return self.object.action  # type: ignore[union-attr]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » et ses valeurs ?",
            consequences=["Les documents déjà produits la gardent."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.delete_part(self.object, actor=self.access.user)
