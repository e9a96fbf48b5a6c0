"""What is asked of an action in a campaign, and how an answer differs from the plan.

Three states of each field: when asked (``NewsAnswer.asked``), in the plan today, as answered. What
the lead left as it was says nothing: the plan keeps what it has become since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actionplan.models import Action, ActionStatus, Measure, NewsAnswer
from core.formats import date_long, number, with_unit

S = ActionStatus
LABELS = {
    "status": "Statut",
    "progress": "Avancement",
    "progress_note": "Où en est-on",
    "blocked_cause": "Bloquée par",
    "unblock_condition": "Pour débloquer",
    "blocked_review_on": "À revoir le",
    "dropped_reason": "Raison de l'abandon",
}
FIELDS = tuple(LABELS)
ALWAYS = ("status", "progress", "progress_note")
IF_BLOCKED = ("blocked_cause", "unblock_condition", "blocked_review_on")
IF_DROPPED = ("dropped_reason",)

PLAIN_STATUS = {
    S.TO_DISCUSS: "À discuter : rien n'est décidé",
    S.PLANNED: "À venir : pas encore commencée",
    S.IN_PROGRESS: "En cours : le travail avance",
    S.PAUSED: "En pause : on a choisi d'attendre",
    S.BLOCKED: "Bloquée : quelque chose empêche d'avancer",
    S.DONE: "Réalisée : c'est fait",
    S.DROPPED: "Abandonnée : on ne la fera pas",
}
"""The statuses as somebody who never opened the plan understands them."""


def normal(value: Any) -> Any:
    """Browsers send other line ends than the plan may hold: that is no change."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def asked_measures(action: Action) -> list[Measure]:
    """Those that a person fills: a value read in a published indicator or in the register of
    facilities is not asked again."""
    return [
        measure
        for measure in action.measures.all()
        if measure.indicator_id is None and measure.facility_id is None
    ]


def value_of(measure: Measure, year: int) -> Decimal | None:
    return next((point.value for point in measure.points.all() if point.year == year), None)


def last_known(measure: Measure, year: int) -> str:
    """« 12 places en 2025 »: the last value up to the year asked, else the starting one."""
    known = [p for p in measure.points.all() if p.value is not None and p.year <= year]
    if known:
        point = max(known, key=lambda p: p.year)
        return f"{with_unit(point.value, measure.unit, measure.decimals)} en {point.year}"
    if measure.baseline is not None:
        told = with_unit(measure.baseline, measure.unit, measure.decimals)
        return f"{told} en {measure.baseline_year} (départ)"
    return ""


def photograph(action: Action, year: int) -> dict[str, Any]:
    """The action as it stands, kept beside the question."""
    taken: dict[str, Any] = {name: getattr(action, name) for name in FIELDS}
    review = taken["blocked_review_on"]
    taken["blocked_review_on"] = review.isoformat() if review else None
    taken["figures"] = {
        str(measure.pk): None if (value := value_of(measure, year)) is None else str(value)
        for measure in asked_measures(action)
    }
    return taken


def when_asked(answer: NewsAnswer, name: str) -> Any:
    value = answer.asked.get(name)
    if name == "blocked_review_on":
        return date.fromisoformat(value) if value else None
    return value


def figure_when_asked(answer: NewsAnswer, measure: Measure) -> Decimal | None:
    value = answer.asked.get("figures", {}).get(str(measure.pk))
    return None if value is None else Decimal(value)


def missing_words(values: Mapping[str, Any]) -> dict[str, str]:
    """What a status demands and was not said, by field: refused when sending, not when keeping."""
    found = {}
    if values.get("status") == S.BLOCKED:
        sentences = {
            "blocked_cause": "Dites par quoi elle est bloquée.",
            "unblock_condition": "Dites ce qui la débloquerait.",
            "blocked_review_on": "Dites quand la revoir.",
        }
        found = {name: words for name, words in sentences.items() if not values.get(name)}
    if values.get("status") == S.DROPPED and not values.get("dropped_reason"):
        found["dropped_reason"] = "Dites pourquoi elle est abandonnée."
    return found


def relevant(status: str) -> tuple[str, ...]:
    """The fields that this status gives a meaning to."""
    if status == S.BLOCKED:
        return (*ALWAYS, *IF_BLOCKED)
    return (*ALWAYS, *IF_DROPPED) if status == S.DROPPED else ALWAYS


@dataclass(frozen=True)
class Difference:
    """One field of an answer that is worth a look. ``is_proposed``: the lead changed it;
    ``has_moved``: the plan has changed since it was asked."""

    key: str
    label: str
    asked: str
    current: str
    proposed: str
    value: Any
    is_proposed: bool
    has_moved: bool
    measure: Measure | None = None

    @property
    def is_both(self) -> bool:
        return self.is_proposed and self.has_moved


def differences(answer: NewsAnswer, action: Action, year: int) -> list[Difference]:
    """What the answer would change, and what has moved in the plan since it was asked."""
    if not answer.status:
        return []
    found = [_field(answer, action, name) for name in relevant(answer.status)]
    given = {figure.measure_id: figure.value for figure in answer.figures.all()}
    found += [
        _figure(answer, measure, year, given.get(measure.pk)) for measure in asked_measures(action)
    ]
    return [line for line in found if line.is_proposed or line.has_moved]


def _field(answer: NewsAnswer, action: Action, name: str) -> Difference:
    asked, current = normal(when_asked(answer, name)), normal(getattr(action, name))
    said = normal(getattr(answer, name))
    return Difference(
        key=name,
        label=LABELS[name],
        asked=readable(name, asked),
        current=readable(name, current),
        proposed=readable(name, said),
        value=said,
        is_proposed=said not in (asked, current),
        has_moved=current != asked and current != said,
    )


def _figure(answer: NewsAnswer, measure: Measure, year: int, said: Decimal | None) -> Difference:
    asked, current = figure_when_asked(answer, measure), value_of(measure, year)

    def words(value: Decimal | None) -> str:
        return (
            with_unit(value, measure.unit, decimals_of(measure, value)) if value is not None else ""
        )

    return Difference(
        key=f"m{measure.pk}",
        label=f"{measure.label}, {year}",
        asked=words(asked),
        current=words(current),
        proposed=words(said),
        value=said,
        # An empty box is « I do not know », which never takes away what is known.
        is_proposed=said is not None and said not in (asked, current),
        has_moved=current != asked and current != said,
        measure=measure,
    )


def decimals_of(measure: Measure, value: Decimal | None) -> int:
    """As many as were typed, at least those of the measure: « 12,5 » must not read « 13 »."""
    if value is None:
        return measure.decimals
    exponent = value.normalize().as_tuple().exponent
    return max(measure.decimals, -exponent if isinstance(exponent, int) else 0)


def readable(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "status":
        return str(S(value).label)
    if name == "progress":
        return with_unit(value, "%")
    if name == "blocked_review_on":
        return date_long(value)
    return str(value)


def plain_number(value: Decimal) -> str:
    """A figure as one types it in a cell or a form: « 12,5 »."""
    exponent = value.normalize().as_tuple().exponent
    return number(value, max(0, -exponent if isinstance(exponent, int) else 0))
