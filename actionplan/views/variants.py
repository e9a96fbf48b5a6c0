"""« Variantes »: prepared beside the plan, compared, and one of them chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan.forms.variants import ChooseForm, VariantForm, VariantGridForm
from actionplan.models import BudgetVariant, Orientation
from actionplan.queries import orientations
from actionplan.variants import queries, services
from actionplan.variants.charts import remaining_chart
from actionplan.variants.comparison import side_by_side
from actionplan.variants.documents import NOTE, VariantsPaper, VariantsRequest
from actionplan.variants.tables import (
    YEAR_HEADERS,
    actions_rows,
    cards,
    effects_rows,
    summary_rows,
    year_groups,
)
from actionplan.views.tabs import PlanTabs
from actionplan.views.versions import FORMATS, as_file
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from territory.views.compare import figure


class VariantsView(PlanTabs, AgreementPageView):
    template_name = "actionplan/variants.html"
    tab = "actionplan:variants"
    capability = C.MONEY_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.at_study(self.agreement)
        side = side_by_side(self.agreement, rows) if rows else None
        theme = self.request.COOKIES.get("theme", "")
        return super().get_context_data(
            variants=rows,
            side=side,
            summary=summary_rows(side) if side else None,
            cards=cards(side) if side else [],
            years=year_groups(side) if side else [],
            year_headers=YEAR_HEADERS,
            note=NOTE,
            actions=actions_rows(side) if side else None,
            chart=figure(remaining_chart(side), theme) if side else None,
            decided=queries.decided(self.agreement),
            can_add=len(rows) < services.MOST,
            can_change=self.access.can(C.PLAN_CHANGE),
            formats=FORMATS,
            **kwargs,
        )


class VariantsFile(AgreementMixin):
    capability = C.MONEY_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        if fmt not in FORMATS:
            raise Http404("Ce document n'existe pas.")
        return as_file(VariantsPaper().content(VariantsRequest(self.agreement)), fmt)


class VariantCreate(ReturnToPage, AgreementCreateView):
    capability = C.PLAN_CHANGE
    refusal = "préparer une variante"
    form_class = VariantForm
    title = "Préparer une variante"
    lead = "Elle part du plan tel qu'il est ; vous saisissez ensuite ce qu'elle change."
    submit_label = "Préparer"
    page = "actionplan:variants"
    success_message = "La variante est prête : saisissez ce qu'elle change."

    def get_default_url(self) -> str:
        created: Any = self.object
        if created is not None:
            return reverse("actionplan:variant_grid", args=[self.agreement.slug, created.pk])
        return super().get_default_url()

    @property
    def cancel_url(self) -> str:
        return reverse("actionplan:variants", args=[self.agreement.slug])


class _AtStudy(ReturnToPage):
    capability = C.PLAN_CHANGE
    refusal = "modifier une variante"
    page = "actionplan:variants"
    agreement: Any

    def get_queryset(self) -> QuerySet[BudgetVariant]:
        return queries.variants(self.agreement).filter(state=BudgetVariant.State.PREPARED)


class VariantUpdate(_AtStudy, AgreementUpdateView):
    form_class = VariantForm
    title = "Modifier la variante"


class VariantGrid(_AtStudy, AgreementUpdateView):
    """The amounts of one orientation at a time; ``orientation`` is in the address."""

    template_name = "actionplan/variant_grid.html"
    form_class = VariantGridForm
    title = "Montants de la variante"
    success_message = "Les montants de la variante sont enregistrés."

    @cached_property
    def levels(self) -> list[Orientation]:
        return list(orientations(self.agreement))

    @cached_property
    def orientation(self) -> Orientation:
        if not self.levels:
            raise Http404("Le plan n'a pas encore d'orientation.")
        asked = self.request.GET.get("orientation", "")
        return next((row for row in self.levels if str(row.pk) == asked), self.levels[0])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "orientation": self.orientation}

    def get_success_url(self) -> str:
        page = reverse("actionplan:variant_grid", args=[self.agreement.slug, self.object.pk])  # type: ignore[union-attr]
        return f"{page}?orientation={self.orientation.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=str(self.object),
            levels=[
                {
                    "label": f"{self.agreement.orientation_label} {row.code}",
                    "url": f"?orientation={row.pk}",
                    "active": row == self.orientation,
                }
                for row in self.levels
            ],
            orientation=self.orientation,
            **kwargs,
        )


class VariantChoose(_AtStudy, AgreementUpdateView):
    """What would be written, old → new, then one confirmation."""

    template_name = "actionplan/variant_choose.html"
    refusal = "retenir une variante"
    form_class = ChooseForm
    title = "Retenir cette variante"
    submit_label = "Retenir et inscrire au plan"
    success_message = "La variante retenue est entrée au plan ; les autres sont écartées."

    def get_initial(self) -> dict[str, Any]:
        return {"on": date.today()}

    def form_invalid(self, form: Any) -> HttpResponse:
        form.refresh_seen()
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context["form"].rows
        others = [row for row in queries.at_study(self.agreement) if row.pk != self.object.pk]  # type: ignore[union-attr]
        return {
            **context,
            "lead": str(self.object),
            "effects": effects_rows(rows),
            "moved": [row for row in rows if row.has_moved],
            "no_expense": not any(row.is_expense and not row.does_nothing for row in rows),
            "others": others,
        }


class VariantDelete(_AtStudy, AgreementDeleteView):
    title = "Supprimer la variante"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["Le plan ne change pas."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.delete_variant(self.object, actor=self.access.user)  # type: ignore[arg-type]
