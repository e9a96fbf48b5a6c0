"""« Par quelle décision »: the reason that the plan's history keeps leads to the decision."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import reverse

from agreements.models import Agreement
from committees.models import Decision

NAMED = re.compile(r"^Décision n°\s(?P<number>.{1,12}?)(?= du | de l|\s;| \()")
"""As ``effect_words.reason_of`` writes it."""


def number_in(reason: str) -> str:
    """« 2026-04 » in « Décision n° 2026-04 du COPIL du 8 décembre 2026 »; empty for another reason."""
    match = NAMED.match(reason)
    return match["number"] if match else ""


def decision_links(agreement: Agreement, reasons: Iterable[str]) -> dict[str, str]:
    """Reason → the page of the decision that it names; in one query, none when none is named."""
    named = {reason: number for reason in reasons if (number := number_in(reason))}
    if not named:
        return {}
    known = dict(
        Decision.objects.filter(agreement=agreement, number__in=set(named.values())).values_list(
            "number", "pk"
        )
    )
    return {
        reason: reverse("committees:decision", args=[agreement.slug, known[number]])
        for reason, number in named.items()
        if number in known
    }
