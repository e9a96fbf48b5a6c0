"""Findings resting on published figures as they were read, local figures, challenges."""

from __future__ import annotations

from decimal import Decimal

from agreements.models import Agreement
from demo.build.context import Example
from demo.content.diagnosis import CHALLENGES, FINDINGS, LOCAL_FIGURES
from opendata.models import Observation
from territory.models import Finding
from territory.services import (
    add_evidence,
    create_challenge,
    create_finding,
    create_local_observation,
)

ORIGIN = "Diagnostic partagé de 2025 (exemple fictif)"


def build_diagnosis(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for label, unit, year, value, reason, source, is_from_caf, audience in LOCAL_FIGURES:
        create_local_observation(
            agreement, actor=actor, label=label, unit=unit, territory=agreement.lead_commune,
            period=year, value=None if value is None else Decimal(value), reason=reason,
            source=source, is_from_caf=is_from_caf, audience=audience,
        )  # fmt: skip
    for key, (theme, quadrant, text, indicator) in FINDINGS.items():
        finding = create_finding(
            agreement, actor=actor, theme=example.themes[theme], quadrant=quadrant, text=text,
            found_on=agreement.starts_on, origin=ORIGIN,
        )  # fmt: skip
        example.findings[key] = finding
        if indicator:
            _rest_on_figure(example, finding, indicator)
    for key, (title, theme, priority, findings) in CHALLENGES.items():
        example.challenges[key] = create_challenge(
            agreement, actor=actor, title=title, theme=example.themes[theme], priority=priority,
            prioritised_on=agreement.starts_on, findings=example.pick("findings", findings),
        )  # fmt: skip


def _rest_on_figure(example: Example, finding: Finding, indicator: str) -> None:
    observation = _latest(example.agreement, indicator)
    if observation is None or observation.value is None:
        return
    add_evidence(
        finding, actor=example.actor, indicator=observation.indicator,
        territory=observation.territory, period=observation.period, version=observation.version,
        value=observation.value, read_on=example.agreement.starts_on,
    )  # fmt: skip


def _latest(agreement: Agreement, indicator: str) -> Observation | None:
    return (
        Observation.objects.current()
        .filter(indicator__key=indicator, territory=agreement.lead_commune, value__isnull=False)
        .select_related("indicator", "territory", "version")
        .order_by("-period", "-version_id")
        .first()
    )
