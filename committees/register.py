"""Reads of the register of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from agreements.models import Agreement
from committees.models import Decision
from core.formats import date_long

OPEN = (Decision.State.TO_DO, Decision.State.IN_PROGRESS)
NOWHERE = Decision.InstitutionalFollowUp.NONE


@dataclass(frozen=True)
class DecisionRow:
    decision: Decision
    state: str
    """The decision's own, or « late »: computed, never typed."""

    @property
    def act(self) -> str:
        """« conseil municipal, n° 2026-41 du 12 mai 2026 »; empty when nothing must follow."""
        decision = self.decision
        if decision.institutional == NOWHERE:
            return ""
        words = str(decision.get_institutional_display())
        if decision.institutional_reference:
            words += f", {decision.institutional_reference}"
        if decision.institutional_on:
            words += f", le {date_long(decision.institutional_on)}"
        return words

    @property
    def awaits_act(self) -> bool:
        decision = self.decision
        return (
            decision.institutional != NOWHERE
            and not decision.institutional_reference
            and decision.state != Decision.State.DROPPED
        )


def is_overdue(decision: Decision, on: date) -> bool:
    return decision.state in OPEN and decision.due_on is not None and decision.due_on < on


def rows_of(decisions: Iterable[Decision], on: date) -> list[DecisionRow]:
    return [
        DecisionRow(decision, "late" if is_overdue(decision, on) else decision.state)
        for decision in decisions
    ]


def decisions(agreement: Agreement) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(agreement=agreement)
        .select_related(
            "meeting__committee", "responsible", "agreement", "chosen_option__point", "item"
        )
        .prefetch_related("actions")
    )


def register_filters(on: date) -> dict[str, tuple[str, Q]]:
    """What the address asks (``?suite=``) → its label and its condition."""
    is_open = Q(state__in=OPEN)
    return {
        "toutes": ("Toutes", Q()),
        "echues": ("Échues", is_open & Q(due_on__lt=on)),
        "ouvertes": ("Ouvertes", is_open),
        "faites": ("Faites", Q(state=Decision.State.DONE)),
        "a-porter": (
            "À porter devant une autre instance",
            ~Q(institutional=NOWHERE)
            & Q(institutional_reference="")
            & ~Q(state=Decision.State.DROPPED),
        ),
    }


def register_counts(agreement: Agreement, on: date) -> dict[str, int]:
    """How many decisions each filter holds, in one query."""
    counts = {
        key.replace("-", "_"): Count("pk", filter=condition) if condition else Count("pk")
        for key, (_, condition) in register_filters(on).items()
    }
    found = Decision.objects.filter(agreement=agreement).aggregate(**counts)
    return {key: found[key.replace("-", "_")] for key in register_filters(on)}


def register(agreement: Agreement, which: str, on: date) -> QuerySet[Decision]:
    """``which`` is a key of ``register_filters``; the overdue come first, then the latest."""
    _, condition = register_filters(on)[which]
    found = decisions(agreement).filter(condition)
    return found.order_by("due_on", "pk") if which == "echues" else found
