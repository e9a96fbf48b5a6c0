"""What the decisions say of the week: those past due, those that wait to enter the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from agreements.models import Agreement
from committees.models import Decision, DecisionEffect
from committees.register import is_overdue
from core.formats import plural
from desk.week import WeekLine, days_in_words


def decision_lines(agreement: Agreement, today: date) -> list[WeekLine]:
    """Decisions past due, and those that the plan could not take as they were prepared; in one
    query."""
    conflicts = DecisionEffect.objects.filter(
        decision=OuterRef("pk"), state=DecisionEffect.State.CONFLICT
    )
    overdue = Q(pk__in=Decision.objects.filter(agreement=agreement).overdue(today).values("pk"))
    rows: list[Any] = list(
        Decision.objects.filter(agreement=agreement)
        .annotate(to_confirm=Exists(conflicts))
        .filter(overdue | Q(to_confirm=True))
        .order_by("due_on", "pk")[:50]
    )
    late = [row for row in rows if is_overdue(row, today)]
    waiting = [row for row in rows if row.to_confirm]
    return [*_overdue(agreement, late, today), *_to_confirm(agreement, waiting)]


def _overdue(agreement: Agreement, decisions: list[Decision], today: date) -> list[WeekLine]:
    if not decisions:
        return []
    oldest = decisions[0]
    assert oldest.due_on is not None
    return [
        WeekLine(
            key=f"decisions-{'-'.join(str(decision.pk) for decision in decisions[:5])}",
            title=f"{plural(len(decisions), 'décision échue', 'décisions échues')}",
            detail=f"La plus ancienne : n° {oldest.number}, {days_in_words((oldest.due_on - today).days)}.",
            minutes=10 * min(len(decisions), 3),
            url=reverse("committees:decisions", args=[agreement.slug]) + "?suite=echues",
            link_label="Suivre les décisions",
            urgency=2,
            icon="gavel",
        )
    ]


def _to_confirm(agreement: Agreement, decisions: list[Decision]) -> list[WeekLine]:
    if not decisions:
        return []
    one = len(decisions) == 1
    words = "Une décision attend" if one else f"{len(decisions)} décisions attendent"
    url = (
        reverse("committees:decision", args=[agreement.slug, decisions[0].pk]) + "#effets"
        if one
        else reverse("committees:decisions", args=[agreement.slug]) + "?suite=a-confirmer"
    )
    return [
        WeekLine(
            key=f"effects-{'-'.join(str(decision.pk) for decision in decisions[:5])}",
            title=f"{words} votre confirmation pour entrer au plan",
            detail="Le plan a changé depuis la préparation : relisez, puis confirmez ou écartez.",
            minutes=10 * min(len(decisions), 3),
            url=url,
            link_label="Relire et confirmer",
            urgency=2,
            icon="alert-triangle",
        )
    ]
