"""What a decision changes in the plan: preparing it, applying it, confirming it, setting it aside."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import AgreementDeleteView, AgreementFormView, AgreementMixin
from committees import forms, register, services
from committees.effect_lines import EffectLine, effect_lines, effects
from committees.forms.effects import TO_MEND
from committees.models import Decision, DecisionEffect
from committees.views.committees import Change
from core.errors import DomainError
from core.formats import plural

S = DecisionEffect.State


def told(slug: str, pk: int) -> str:
    return f"{reverse('committees:decision', args=[slug, pk])}#effets"


class EffectsView(Change, AgreementFormView):
    """The rows of one decision, those prepared and three blank ones."""

    template_name = "committees/effects.html"
    title = "Ce que la décision change au plan"
    form_class = forms.EffectRows
    decision: Decision

    def load(self) -> Decision:
        found = register.decisions(self.agreement).select_related("chosen_option__point__action")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.decision = self.load()
        try:
            services.refuse_if_locked(self.decision.meeting)
        except DomainError as refusal:
            messages.info(request, refusal.message)
            return redirect(self.get_default_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.decision = self.load()
        return super().post(request, *args, **kwargs)

    def get_default_url(self) -> str:
        return told(self.agreement.slug, self.decision.pk)

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_form(self, form_class: Any = None) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return forms.EffectRows(
            data,
            agreement=self.agreement,
            drafts=forms.drafts_of(self.decision, self.decision.decided_on),
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            written = form.save(self.decision, actor=self.access.user)
        except DomainError:
            return self.form_invalid(form)
        if written:
            words = plural(written, "ligne enregistrée", "lignes enregistrées")
            messages.success(self.request, f"{words}.")
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("form", None) or self.get_form()
        lines = effect_lines(
            effects(self.agreement).filter(decision=self.decision, state=S.PREPARED),
            with_money=True,
            on=date.today(),
        )
        return super().get_context_data(
            form=rows,
            rows=rows,
            told={line.effect.pk: line for line in lines},
            refusal=TO_MEND if rows.is_bound else "",
            decision=self.decision,
            lead=str(self.decision),
            **kwargs,
        )


class ApplyEffects(Change, AgreementMixin):
    """POST: a decision taken elsewhere enters the plan."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        decision = get_object_or_404(register.decisions(self.agreement), pk=pk)
        try:
            handled = services.apply_elsewhere(decision, actor=self.access.user, on=date.today())
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(told(self.agreement.slug, pk))
        applied = sum(effect.state == S.APPLIED for effect in handled)
        waiting = len(handled) - applied
        words = plural(applied, "effet appliqué au plan", "effets appliqués au plan")
        rest = f", {plural(waiting, 'en attente', 'en attente')}" if waiting else ""
        messages.success(request, f"{words}{rest}.")
        return redirect(told(self.agreement.slug, pk))


class _OfEffect(Change, AgreementDeleteView):
    """An act on one effect, asked for in words."""

    def get_queryset(self) -> QuerySet[DecisionEffect]:
        return effects(self.agreement)

    @property
    def line(self) -> EffectLine:
        effect: Any = self.object
        return effect_lines([effect], with_money=True, on=date.today(), with_now=True)[0]

    def get_default_url(self) -> str:
        assert self.object is not None
        return told(self.agreement.slug, self.object.decision_id)  # type: ignore[attr-defined]

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class EffectConfirm(_OfEffect):
    """The plan has changed since the effect was prepared: what was, what is, what would be."""

    template_name = "committees/effect_confirm.html"
    title = "Confirmer un effet de la décision"
    submit_label = "Appliquer au plan"
    success_message = "L'effet est appliqué au plan."

    def get_queryset(self) -> QuerySet[DecisionEffect]:
        return super().get_queryset().filter(state=S.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effect: Any = self.object
        return super().get_context_data(
            line=self.line,
            seen=services.value_now(effect),
            submit_variant="primary",
            submit_icon="check",
            **kwargs,
        )

    def perform(self, form: Any) -> Any:
        return services.confirm_effect(
            self.object, actor=self.access.user, on=date.today(), seen=self.request.POST.get("vu")
        )


class EffectSetAside(_OfEffect):
    template_name = "core/confirm.html"
    title = "Écarter un effet de la décision"
    submit_label = "Écarter cet effet"
    success_message = "L'effet est écarté : il n'entrera pas au plan."
    capability = C.COMMITTEES_CHANGE

    def get_queryset(self) -> QuerySet[DecisionEffect]:
        return super().get_queryset().exclude(state__in=[S.APPLIED, S.SET_ASIDE])

    def get_form_class(self) -> Any:
        return forms.SetAsideForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.line
        return super().get_context_data(
            question=f"Écarter « action {line.action.code}, {line.label} : {line.old} → {line.new} » ?",
            consequences=[
                "Le plan reste comme il est.",
                "La décision garde la trace de cet effet et de la raison que vous donnez.",
            ],
            submit_variant="primary",
            submit_icon="check",
            **kwargs,
        )

    def perform(self, form: Any) -> Any:
        return services.set_aside_effect(
            self.object, actor=self.access.user, reason=form.cleaned_data["reason"]
        )
