"""What the CTG holds that answers the legal items, read once, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from actionplan.models import (
    Action,
    ActionStatus,
    ActionTheme,
    BudgetLine,
    Funding,
    Measure,
    MeasurePoint,
    StaffTime,
    Step,
)
from actionplan.scheme.items import EARLY_DOMAIN, THRESHOLD, UNDER_THREE
from actionplan.scheme_items import split_codes
from agreements.models import Agreement, Competence
from core.audience import Audience
from opendata.models import Indicator, Territory
from opendata.queries import Reading, latest_readings
from territory.comparison import as_reading
from territory.models import Diagnosis, Facility, Finding, Projection, UnderServedArea
from territory.queries import local_observations

POPULATION = "population_municipale"
NEEDS: dict[str, tuple[str, ...]] = {
    "les naissances": ("naissances_domiciliees",),
    "le nombre d'enfants de moins de trois ans": ("population_0_2", "caf_enfants_0_2"),
    "le taux de couverture de l'accueil": ("taux_couverture_pe",),
}
"""The least that a need is told with, and the indicators that tell it, the best first."""
Mode = Facility.type.field.related_model.Mode  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Population:
    """The legal population of a commune, with its year and its source."""

    commune: Territory
    reading: Reading | None

    @property
    def is_above(self) -> bool:
        value = self.reading.value if self.reading else None
        return value is not None and value > THRESHOLD


@dataclass
class SchemeContent:
    facilities: list[Facility]
    populations: list[Population]
    figures: dict[str, Reading]
    """Need → what is known of it: published for the commune, typed here, or for the EPCI."""
    findings: int
    diagnoses: int
    has_projection: bool
    areas: list[UnderServedArea]
    actions: list[Any]
    """In the plan and not given up; annotated (see ``_actions``)."""
    competences: list[Competence]

    @property
    def early(self) -> list[Any]:
        """The actions that the scheme speaks of: of the theme, or that name one of its items."""
        return [row for row in self.actions if row.is_early or split_codes(row.legal_codes)]

    def tagged(self, code: str) -> list[Any]:
        return [row for row in self.actions if code in split_codes(row.legal_codes)]

    @property
    def is_owed(self) -> bool | None:
        """None when no population is known."""
        if not any(row.reading for row in self.populations):
            return None
        return any(row.is_above for row in self.populations)


def scheme_content(agreement: Agreement, on: date, audience: Audience) -> SchemeContent:
    communes = {agreement.lead_commune_id: agreement.lead_commune}
    communes |= {row.pk: row for row in agreement.communes.all()}
    wanted = [key for keys in NEEDS.values() for key in keys]
    places = [
        *communes,
        *([agreement.lead_commune.epci_id] if agreement.lead_commune.epci_id else []),
    ]
    readings = latest_readings(
        Indicator.objects.filter(key__in=[POPULATION, *wanted]),
        places,  # type: ignore[arg-type]
    )
    by_key = {(row.indicator.key, place): row for (_, place), row in readings.items()}
    local = {
        row.indicator.key: as_reading(row)  # type: ignore[union-attr]
        for row in local_observations(agreement, audience)
        .filter(indicator__key__in=wanted, value__isnull=False)
        .order_by("period")
    }
    counts = _counts(agreement)
    return SchemeContent(
        facilities=_facilities(agreement, on),
        populations=[
            Population(row, by_key.get((POPULATION, row.pk))) for row in communes.values()
        ],
        figures={
            need: known[0]
            for need, keys in NEEDS.items()
            if (
                known := [
                    reading
                    for key in keys
                    for reading in (
                        by_key.get((key, agreement.lead_commune_id)),
                        local.get(key),
                        by_key.get((key, agreement.lead_commune.epci_id or 0)),
                    )
                    if reading is not None and reading.value is not None
                ]
            )
        },
        findings=counts["finding_count"] or 0,
        diagnoses=counts["diagnosis_count"] or 0,
        has_projection=counts["has_projection"],
        areas=list(
            UnderServedArea.objects.filter(
                agreement=agreement, theme__domain__key=EARLY_DOMAIN
            ).select_related("territory")
        ),
        actions=list(_actions(agreement)),
        competences=list(
            Competence.objects.filter(agreement=agreement).filter(
                Q(subject__icontains="petite enfance") | Q(subject__icontains="jeune enfant")
            )
        ),
    )


def _counts(agreement: Agreement) -> dict[str, Any]:
    """Findings and studies of the theme, and whether needs are projected: one query."""

    def counted(rows: QuerySet[Any]) -> Subquery:
        return Subquery(rows.order_by().values("agreement").annotate(n=Count("pk")).values("n"))

    own: dict[str, Any] = {"agreement": OuterRef("pk"), "is_archived": False}
    diagnoses = Diagnosis.objects.filter(**own)
    found: Any = (
        Agreement.objects.filter(pk=agreement.pk)
        .values(
            finding_count=counted(Finding.objects.filter(**own, theme__domain__key=EARLY_DOMAIN)),
            diagnosis_count=counted(
                diagnoses.filter(Q(theme__isnull=True) | Q(theme__domain__key=EARLY_DOMAIN))
            ),
            has_projection=Exists(Projection.objects.filter(agreement=OuterRef("pk"))),
        )
        .get()
    )
    return found


def _facilities(agreement: Agreement, on: date) -> list[Facility]:
    """Open, and for children under three: by their own ages, else those of their type, else by
    their theme."""
    for_them = (
        Q(min_age_months__lt=UNDER_THREE)
        | Q(min_age_months__isnull=True, type__min_age_months__lt=UNDER_THREE)
        | Q(
            min_age_months__isnull=True,
            type__min_age_months__isnull=True,
            theme__domain__key=EARLY_DOMAIN,
        )
    )
    return list(
        Facility.objects.filter(for_them, agreement=agreement)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
        .select_related("type", "manager", "agreement")
        .annotate(capacity_count=Count("capacities"))
        .in_alphabetical_order()
    )


def _actions(agreement: Agreement) -> QuerySet[Any]:
    def own(model: Any, **having: Any) -> Exists:
        return Exists(model.objects.filter(action=OuterRef("pk"), **having))

    investment = (
        BudgetLine.objects.filter(
            action=OuterRef("pk"), nature=BudgetLine.Nature.INVESTMENT, planned__gt=0
        )
        .order_by()
        .values("action")
        .annotate(total=Sum("planned"))
        .values("total")
    )
    targets = MeasurePoint.objects.filter(measure__action=OuterRef("pk"), target__isnull=False)
    return (
        Action.objects.filter(agreement=agreement)
        .active()
        .exclude(status=ActionStatus.DROPPED)
        .select_related("orientation", "objective", "agreement")
        .annotate(
            is_early=own(ActionTheme, theme__domain__key=EARLY_DOMAIN),
            investment=Subquery(investment),
            has_budget=own(BudgetLine, planned__isnull=False),
            has_funding=own(Funding),
            has_staff=own(StaffTime, planned__isnull=False),
            has_steps=own(Step),
            has_measure=own(Measure),
            has_target=Exists(targets),
        )
        .order_by(F("orientation__position"), "position", "pk")
    )
