"""Findings resting on published figures as they were read, local figures, challenges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agreements.models import Agreement
from demo.build.context import Example
from demo.content.diagnosis import (
    CHALLENGES,
    DIAGNOSES,
    DIAGNOSIS_OF,
    FINDINGS,
    LOCAL_FIGURES,
    WORKSHOP_DAY,
    WORKSHOP_DOTS,
    WORKSHOP_NOTE,
    WORKSHOP_PARTICIPANTS,
    WORKSHOP_PEOPLE,
    WORKSHOP_PLACE,
    WORKSHOP_PRIORITIES,
    WORKSHOP_VOTES,
)
from opendata.models import Observation
from territory.models import Diagnosis, Finding
from territory.services import (
    add_evidence,
    apply_ranking,
    create_challenge,
    create_diagnosis,
    create_finding,
    create_local_observation,
    create_workshop,
    set_votes,
)


def build_diagnosis(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for label, unit, year, value, reason, source, is_from_caf, audience in LOCAL_FIGURES:
        create_local_observation(
            agreement, actor=actor, label=label, unit=unit, territory=agreement.lead_commune,
            period=year, value=None if value is None else Decimal(value), reason=reason,
            source=source, is_from_caf=is_from_caf, audience=audience,
        )  # fmt: skip
    diagnoses = _diagnoses(example)
    for key, (theme, quadrant, text, indicator) in FINDINGS.items():
        finding = create_finding(
            agreement, actor=actor, theme=example.themes[theme], quadrant=quadrant, text=text,
            found_on=agreement.starts_on, diagnosis=diagnoses[DIAGNOSIS_OF.get(key, "partage")],
        )  # fmt: skip
        example.findings[key] = finding
        if indicator:
            _rest_on_figure(example, finding, indicator)
    for key, (title, theme, priority, findings) in CHALLENGES.items():
        example.challenges[key] = create_challenge(
            agreement, actor=actor, title=title, theme=example.themes[theme], priority=priority,
            prioritised_on=agreement.starts_on, findings=example.pick("findings", findings),
        )  # fmt: skip
    _workshops(example)


def _diagnoses(example: Example) -> dict[str, Diagnosis]:
    built = {}
    for key, row in DIAGNOSES.items():
        title, kind, theme, scope, method, starts, ends, author, organisation, people = row
        built[key] = create_diagnosis(
            example.agreement, actor=example.actor, title=title, kind=kind,
            theme=example.themes.get(theme), scope=scope, method=method,
            starts_on=date.fromisoformat(starts), ends_on=date.fromisoformat(ends), author=author,
            organisation=example.organisations[organisation], participants=people,
        )  # fmt: skip
    return built


def _workshops(example: Example) -> None:
    """One held before the plan, whose ranking was kept; one to come, still to be prepared."""
    agreement, actor = example.agreement, example.actor
    day = date.fromisoformat(WORKSHOP_DAY)
    held = create_workshop(
        agreement, actor=actor, held_on=day, place=WORKSHOP_PLACE, participants=WORKSHOP_PEOPLE,
        participant_count=WORKSHOP_PARTICIPANTS, dots_each=WORKSHOP_DOTS, note=WORKSHOP_NOTE,
    )  # fmt: skip
    challenges = example.challenges
    votes = {challenges[key]: dots for key, dots in WORKSHOP_VOTES.items()}
    set_votes(held, actor=actor, votes=votes)
    priorities = {challenges[key].pk: value for key, value in WORKSHOP_PRIORITIES.items()}
    apply_ranking(held, actor=actor, priorities=priorities, on=day)
    for challenge in challenges.values():
        challenge.refresh_from_db()
    create_workshop(
        agreement, actor=actor, held_on=example.day(28), place=WORKSHOP_PLACE,
        participant_count=WORKSHOP_PARTICIPANTS, dots_each=WORKSHOP_DOTS,
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
