"""Reads of the room: the offer, what was found, what matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from agreements.models import Agreement
from core.audience import Audience
from opendata.models import Observation
from territory.models import Capacity, Challenge, Evidence, Facility, Finding, LocalObservation
from territory.secrecy import withheld_totals


def facilities(agreement: Agreement) -> QuerySet[Facility]:
    return (
        Facility.objects.filter(agreement=agreement)
        .select_related("type", "manager", "theme", "commune", "agreement")
        .prefetch_related("capacities", "contracts")
        .in_alphabetical_order()
    )


@dataclass(frozen=True)
class OfferLine:
    """A facility with its capacity of the latest year known, and what is planned next."""

    facility: Facility
    now: Capacity | None
    planned: Capacity | None


def offer_lines(agreement: Agreement) -> list[OfferLine]:
    lines = []
    for facility in facilities(agreement):
        actual = [row for row in facility.capacities.all() if not row.is_planned]
        planned = [row for row in facility.capacities.all() if row.is_planned]
        lines.append(
            OfferLine(
                facility,
                max(actual, key=lambda row: row.year, default=None),
                max(planned, key=lambda row: row.year, default=None),
            )
        )
    return lines


def local_observations(agreement: Agreement, audience: Audience) -> QuerySet[LocalObservation]:
    """The figures typed here that the reader may read, without those that would give, by
    subtraction, a figure of narrower audience."""
    rows = (
        LocalObservation.objects.filter(agreement=agreement, audience__in=audience.readable)
        .select_related("indicator", "territory", "agreement")
        .order_by("-period", "pk")
    )
    for subject, whole in withheld_totals(agreement, audience):
        rows = rows.exclude(
            indicator=subject.indicator_id,
            period=subject.period,
            territory=whole,
            **({} if subject.indicator_id else {"label": subject.label}),
        )
    return rows


def findings(agreement: Agreement) -> QuerySet[Finding]:
    evidence = Evidence.objects.select_related(
        "indicator", "local_observation", "territory", "version__dataset"
    )
    return (
        Finding.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme", "agreement")
        .prefetch_related(Prefetch("evidence", evidence), "challenges")
    )


def challenges(agreement: Agreement) -> QuerySet[Challenge]:
    """By priority, with how many findings support each and how many actions answer it."""
    return (
        Challenge.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme", "agreement")
        .annotate(
            finding_count=Count("findings", distinct=True),
            action_count=Count("actions", distinct=True),
        )
        .prefetch_related("findings")
    )


@dataclass(frozen=True)
class EvidenceLine:
    """A figure as it was read, and the figure that now stands in its place when it differs."""

    evidence: Evidence
    current: Decimal | None

    @property
    def has_changed(self) -> bool:
        return self.current is not None and self.current != self.evidence.value_as_read


def evidence_lines(evidence: Iterable[Evidence]) -> list[EvidenceLine]:
    """Published figures are compared with the current version of the same year, in one query."""
    rows = list(evidence)
    wanted = [row for row in rows if row.indicator_id]
    current: dict[tuple[Any, int, int], Decimal | None] = {
        (row.indicator_id, row.territory_id, row.period): row.value
        for row in Observation.objects.current()
        .filter(
            indicator__in={row.indicator_id for row in wanted},
            territory__in={row.territory_id for row in wanted},
        )
        .order_by("version_id")
    }
    return [
        EvidenceLine(
            row,
            row.local_observation.value
            if row.local_observation
            else current.get((row.indicator_id, row.territory_id, row.period)),
        )
        for row in rows
    ]
