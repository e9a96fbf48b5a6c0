"""Reads of the register of decisions: all years, the overdue first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from agreements.models import Agreement
from committees.effect_words import act_words
from committees.models import AgendaItem, Decision, DecisionEffect, Meeting
from core.formats import date_long

OPEN = (Decision.State.TO_DO, Decision.State.IN_PROGRESS)
NOWHERE = Decision.InstitutionalFollowUp.NONE
E_STATE = DecisionEffect.State
OVERDUE, RUNNING, CLOSED = 0, 1, 2


@dataclass(frozen=True)
class DecisionRow:
    decision: Decision
    state: str
    """The decision's own, or « late »: computed, never typed."""

    @property
    def act(self) -> str:
        """« conseil municipal, délibération n° 2026-41 du 12 mai 2026 »; empty when nothing must
        follow."""
        decision = self.decision
        words = [act_words(decision)]
        if decision.institutional_on and not decision.institutional_reference:
            words = [f"le {date_long(decision.institutional_on)}"]
        if decision.institutional != NOWHERE:
            words.insert(0, str(decision.get_institutional_display()))
        return ", ".join(filter(None, words))

    @property
    def awaits_act(self) -> bool:
        decision = self.decision
        return (
            decision.institutional != NOWHERE
            and not decision.institutional_reference
            and decision.state != Decision.State.DROPPED
        )

    @property
    def source(self) -> str:
        """Where it was taken: the committee, or the body named by hand."""
        meeting = self.decision.meeting
        return str(meeting.committee) if meeting is not None else self.decision.taken_by


def is_overdue(decision: Decision, on: date) -> bool:
    return decision.state in OPEN and decision.due_on is not None and decision.due_on < on


def rows_of(decisions: Iterable[Decision], on: date) -> list[DecisionRow]:
    return [
        DecisionRow(decision, "late" if is_overdue(decision, on) else decision.state)
        for decision in decisions
    ]


def decisions(agreement: Agreement) -> QuerySet[Decision]:
    """``awaits_vote`` and ``to_confirm``: some of its effects wait for the vote, or for somebody."""
    found = Decision.objects.filter(agreement=agreement).annotate(
        awaits_vote=_has_effect(E_STATE.PENDING_VOTE), to_confirm=_has_effect(E_STATE.CONFLICT)
    )
    return found.select_related(
        "meeting__committee", "responsible", "agreement", "chosen_option__point", "item"
    ).prefetch_related("actions")


def _has_effect(state: str) -> Exists:
    return Exists(DecisionEffect.objects.filter(decision=OuterRef("pk"), state=state))


def in_order(found: QuerySet[Decision], on: date) -> QuerySet[Decision]:
    """Overdue first, then the open ones by due date, then what is closed, the latest first."""
    is_open = Q(state__in=OPEN)
    return found.annotate(
        rank=Case(
            When(is_open & Q(due_on__lt=on), then=Value(OVERDUE)),
            When(is_open, then=Value(RUNNING)),
            default=Value(CLOSED),
            output_field=IntegerField(),
        ),
        term=Case(When(is_open, then=F("due_on"))),
    ).order_by("rank", F("term").asc(nulls_last=True), "-decided_on", "-number", "pk")


def register_filters(on: date) -> dict[str, tuple[str, Q]]:
    """What the address asks (``?suite=``) → its label and its condition."""
    is_open = Q(state__in=OPEN)
    return {
        "toutes": ("Toutes", Q()),
        "echues": ("En retard", is_open & Q(due_on__lt=on)),
        "ouvertes": ("Ouvertes", is_open),
        "faites": ("Faites", Q(state=Decision.State.DONE)),
        "abandonnees": ("Abandonnées", Q(state=Decision.State.DROPPED)),
        "a-porter": (
            "À porter devant une autre instance",
            ~Q(institutional=NOWHERE)
            & Q(institutional_reference="")
            & ~Q(state=Decision.State.DROPPED),
        ),
        "vote": ("Sous réserve du vote", Q(awaits_vote=True)),
        "a-confirmer": ("Effets à confirmer", Q(to_confirm=True)),
    }


def register_counts(
    agreement: Agreement, on: date, found: QuerySet[Decision] | None = None
) -> dict[str, int]:
    """How many decisions of ``found`` (all of them when it is not given) each filter holds, in one
    query."""
    rows = decisions(agreement) if found is None else found
    counts = {
        key.replace("-", "_"): Count("pk", filter=condition) if condition else Count("pk")
        for key, (_, condition) in register_filters(on).items()
    }
    counted = rows.order_by().aggregate(**counts)
    return {key: counted[key.replace("-", "_")] for key in register_filters(on)}


def register(agreement: Agreement, which: str, on: date) -> QuerySet[Decision]:
    """``which`` is a key of ``register_filters``."""
    _, condition = register_filters(on)[which]
    return in_order(decisions(agreement).filter(condition), on)


def deferred(agreement: Agreement) -> list[AgendaItem]:
    """Points that a meeting put off (« à revoir ») and on which nobody has decided since; each with
    ``returns``, the points by which it came back."""
    points = (
        AgendaItem.objects.filter(
            agreement=agreement,
            outcome=AgendaItem.Outcome.TO_REVIEW,
            meeting__state=Meeting.State.HELD,
            decisions__isnull=True,
        )
        .exclude(carried_to__decisions__isnull=False)
        .exclude(carried_to__outcome__in=list(AgendaItem.Outcome))
        .select_related("meeting__committee")
        .prefetch_related("carried_to__meeting__committee")
    )
    return list(points.order_by("-meeting__on", "position").distinct())
