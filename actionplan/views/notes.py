"""Dated notes on an action, and its météo when the agreement uses one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan import forms, queries, services
from actionplan.models import Action, ActionWeather, FollowUpNote
from actionplan.permissions import change_action, change_note
from agreements.roles import Capability as C
from agreements.views.base import AgreementCreateView, AgreementDeleteView, AgreementUpdateView

BOTH = (C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)


class _ToSheet:
    """After the act, back to the sheet, where the notes are."""

    agreement: Any
    kwargs: dict[str, Any]
    anchor = "notes"

    def parent(self) -> Action:
        raise NotImplementedError

    def get_default_url(self) -> str:
        url = reverse("actionplan:action", args=[self.agreement.slug, self.parent().pk])
        return f"{url}#{self.anchor}"

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class _NewPart(_ToSheet, AgreementCreateView):
    capability = BOTH
    rule = change_action
    refusal = "modifier cette action"

    @cached_property
    def action(self) -> Action:
        action = get_object_or_404(
            queries.actions(self.agreement, date.today()), pk=self.kwargs["pk"]
        )
        self.check_rule(action)
        return action

    def parent(self) -> Action:
        return self.action

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "action": self.action}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.action), **kwargs)


class NoteCreate(_NewPart):
    form_class = forms.NoteForm
    title = "Ajouter une note de suivi"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "with_internal": self.access.can(C.INTERNAL_VIEW)}


class _OfNote(_ToSheet):
    """Notes that the reader may read: an internal one does not exist for the others."""

    capability = BOTH
    rule = change_note
    refusal = "modifier cette note"
    access: Any
    object: Any

    def get_queryset(self) -> QuerySet[FollowUpNote]:
        return queries.readable_notes(
            self.agreement, internal=self.access.can(C.INTERNAL_VIEW)
        ).filter(action__is_archived=False)

    def parent(self) -> Action:
        return self.object.action


class NoteUpdate(_OfNote, AgreementUpdateView):
    form_class = forms.NoteForm
    title = "Modifier une note de suivi"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "action": self.object.action,
            "with_internal": self.access.can(C.INTERNAL_VIEW),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.object.action), **kwargs)


class NoteDelete(_OfNote, AgreementDeleteView):
    title = "Retirer une note de suivi"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer la note « {self.object.text[:120]} » ?",
            consequences=["Les documents déjà produits la gardent."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_note(self.object, actor=self.access.user)


class WeatherCreate(_NewPart):
    """The judgement of today above those before it."""

    template_name = "actionplan/weather.html"
    form_class = forms.WeatherForm
    title = "Donner la météo de l'action"
    anchor = "meteo"

    @cached_property
    def action(self) -> Action:
        if not self.agreement.uses_weather:
            raise Http404("Cette convention ne donne pas de météo aux actions.")
        action = get_object_or_404(
            queries.actions(self.agreement, date.today()), pk=self.kwargs["pk"]
        )
        self.check_rule(action)
        return action

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        history = list(self.action.weather.all())
        can_touch = {row.pk: self.access.test(change_note, row) for row in history}
        return super().get_context_data(
            history=[(row, can_touch[row.pk]) for row in history], **kwargs
        )


class WeatherDelete(_ToSheet, AgreementDeleteView):
    capability = BOTH
    rule = change_note
    refusal = "retirer cette météo"
    title = "Retirer une météo"
    submit_label = "Retirer"
    anchor = "meteo"

    def get_queryset(self) -> QuerySet[ActionWeather]:
        return ActionWeather.objects.filter(
            agreement=self.agreement, action__is_archived=False
        ).select_related("action__agreement", "action__lead_contact", "agreement")

    def parent(self) -> Action:
        return self.object.action  # type: ignore[union-attr]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer « {self.object} » ?",
            consequences=["Celle d'avant redevient la météo de l'action."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_weather(self.object, actor=self.access.user)
