"""Reads of the room: the offer, what was found, what matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from agreements.models import Agreement
from core.audience import Audience
from core.formats import with_unit
from opendata.models import Observation, Reason
from opendata.queries import amount, ladder
from territory.models import (
    Challenge,
    Diagnosis,
    Evidence,
    Facility,
    Finding,
    LocalObservation,
    ReportText,
)
from territory.secrecy import Subject, Total, subject_of, withheld_totals


def facilities(agreement: Agreement) -> QuerySet[Facility]:
    return (
        Facility.objects.filter(agreement=agreement)
        .select_related("type", "manager", "theme", "commune", "agreement")
        .prefetch_related("capacities", "contracts")
        .in_alphabetical_order()
    )


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


def report_texts(agreement: Agreement, audience: Audience) -> QuerySet[ReportText]:
    """The author's words of the report that a reader of this audience may read."""
    return ReportText.objects.filter(
        agreement=agreement, audience__in=audience.readable
    ).select_related("theme", "agreement")


def diagnoses(agreement: Agreement) -> QuerySet[Diagnosis]:
    """The latest first, with how many findings came of each; archived ones last."""
    return (
        Diagnosis.objects.filter(agreement=agreement)
        .select_related("theme", "organisation", "agreement")
        .annotate(finding_count=Count("findings", filter=Q(findings__is_archived=False)))
        .order_by("is_archived", F("ends_on").desc(nulls_first=True), "pk")
    )


def findings(agreement: Agreement) -> QuerySet[Finding]:
    evidence = Evidence.objects.select_related(
        "indicator", "local_observation", "territory", "version__dataset"
    )
    return (
        Finding.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme", "diagnosis", "agreement")
        .prefetch_related(
            Prefetch("evidence", evidence),
            Prefetch("challenges", Challenge.objects.filter(is_archived=False)),
        )
    )


def challenges(agreement: Agreement) -> QuerySet[Challenge]:
    """By priority then rank, with how many findings support each and how many actions answer it."""
    return (
        Challenge.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme", "workshop", "agreement")
        .annotate(
            finding_count=Count("findings", filter=Q(findings__is_archived=False), distinct=True),
            action_count=Count("actions", filter=Q(actions__is_archived=False), distinct=True),
        )
        .prefetch_related(Prefetch("findings", Finding.objects.filter(is_archived=False)))
        .order_by("priority", F("rank").asc(nulls_last=True), "theme__position", "pk")
    )


def readable_evidence(
    evidence: Iterable[Evidence], audience: Audience, withheld: set[Total]
) -> list[Evidence]:
    """Without the figures given to fewer people than the reader belongs to, nor the totals that
    would give them by subtraction (``withheld``: ``secrecy.withheld_totals`` of the reader)."""
    return [
        row
        for row in evidence
        if (row.local_observation is None or audience.allows(row.local_observation.audience))
        and _total_cited(row) not in withheld
    ]


def _total_cited(row: Evidence) -> Total:
    figure = row.local_observation
    if figure is not None:
        return subject_of(figure), figure.territory_id
    return Subject(row.indicator_id, "", row.period), row.territory_id


@dataclass(frozen=True)
class EvidenceLine:
    """A figure as it was read, and the figure that now stands in its place when it differs.

    ``is_superseded``: the same figure was read again later; the former reading stays, without
    a warning.
    """

    evidence: Evidence
    current: Decimal | None
    is_superseded: bool = False

    @property
    def has_changed(self) -> bool:
        return (
            not self.is_superseded
            and self.current is not None
            and self.current != self.evidence.value_as_read
        )

    @property
    def label(self) -> str:
        row = self.evidence
        return row.indicator.label if row.indicator else row.local_observation.title  # type: ignore[union-attr]

    @property
    def as_read(self) -> str:
        return self._text(self.evidence.value_as_read)

    @property
    def current_text(self) -> str:
        return self._text(self.current)

    @property
    def source(self) -> str:
        row = self.evidence
        if row.version is not None:
            return f"{row.version.dataset.producer}, {row.version.dataset.title}"
        if row.local_observation is not None:
            return row.local_observation.source
        return row.indicator.source if row.indicator else ""

    def _text(self, value: Decimal | None) -> str:
        row = self.evidence
        if value is None:
            return str(Reason.MISSING.label)
        if row.indicator:
            return amount(row.indicator, value)
        decimals = max(0, -int(value.normalize().as_tuple().exponent))
        return with_unit(value, row.local_observation.unit, decimals)  # type: ignore[union-attr]


def evidence_lines(evidence: Iterable[Evidence]) -> list[EvidenceLine]:
    """Published figures are compared with the current version of the same year, in one query.

    Among several datasets of one year the one of highest precedence wins, as everywhere.
    """
    rows = list(evidence)
    wanted = [row for row in rows if row.indicator_id]
    current: dict[tuple[Any, int, int], Decimal | None] = {
        (row.indicator_id, row.territory_id, row.period): row.value
        for row in Observation.objects.current()
        .filter(
            indicator__in={row.indicator_id for row in wanted},
            territory__in={row.territory_id for row in wanted},
        )
        .order_by("version__dataset__precedence", "version_id")
    }
    latest = {_same_figure(row): row.pk for row in sorted(rows, key=lambda row: row.pk)}
    return [
        EvidenceLine(
            row,
            row.local_observation.value
            if row.local_observation
            else current.get((row.indicator_id, row.territory_id, row.period)),
            is_superseded=latest[_same_figure(row)] != row.pk,
        )
        for row in rows
    ]


def _same_figure(row: Evidence) -> tuple[Any, ...]:
    return (
        row.finding_id, row.indicator_id, row.local_observation_id, row.territory_id, row.period
    )  # fmt: skip


def published_figure(
    agreement: Agreement, indicator_key: str, territory_code: str, period: int | None = None
) -> Observation | None:
    """The latest known figure of an indicator for a territory near the agreement: what a finding is
    written from. None for an unknown key, a stranger's territory, or no value."""
    near = {row.pk: row for row in ladder(agreement.lead_commune)}
    near |= {row.pk: row for row in agreement.communes.all()}
    places = [pk for pk, row in near.items() if row.code == territory_code]
    rows = Observation.objects.current().filter(
        indicator__key=indicator_key, territory__in=places, value__isnull=False
    )
    if period:
        rows = rows.filter(period=period)
    return (
        rows.select_related("indicator", "territory", "version__dataset")
        .order_by("-period", "-version__dataset__precedence", "-version_id")
        .first()
    )
