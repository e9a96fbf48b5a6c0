"""Measures, their targets and their values."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from actionplan.models import (
    Measure,
    MeasurePoint,
)
from actionplan.services.common import UNSET, check_year, touch
from agreements.models import Agreement
from agreements.services import create_row, update_row
from core.errors import DomainError


@transaction.atomic
def create_measure(agreement: Agreement, *, actor: User | None, **fields: Any) -> Measure:
    """Of an action or of an orientation. The starting value comes with its year."""
    measure = create_row(Measure, agreement, actor=actor, fields=fields)
    if measure.action is not None:
        touch(measure.action)
    return measure


def update_measure(
    measure: Measure,
    *,
    actor: User | None,
    expected_version: int | None = None,
    reason: str = "",
    **fields: Any,
) -> Measure:
    return update_row(
        measure, actor=actor, fields=fields, expected_version=expected_version, reason=reason
    )


@transaction.atomic
def set_measure_point(
    measure: Measure,
    *,
    actor: User | None,
    year: int,
    target: Decimal | None = UNSET,
    value: Decimal | None = UNSET,
    comment: str = UNSET,
    reason: str = "",
) -> MeasurePoint:
    """Target and value of one year. Changing what was already said asks for a reason."""
    check_year(measure.agreement, year)
    given = {
        name: new
        for name, new in (("target", target), ("value", value), ("comment", comment))
        if new is not UNSET
    }
    sentence = f"a renseigné la mesure « {measure} » pour {year}"
    Measure.objects.filter(pk=measure.pk).update(version=F("version") + 1)
    point = MeasurePoint.objects.filter(measure=measure, year=year).first()
    if point is None:
        return create_row(
            MeasurePoint,
            measure.agreement,
            actor=actor,
            fields={"measure": measure, "year": year, **given},
            sentence=sentence,
        )
    _require_reason(point, given, reason)
    return update_row(point, actor=actor, fields=given, reason=reason, sentence=sentence)


def _require_reason(point: MeasurePoint, given: dict[str, Any], reason: str) -> None:
    words = {"target": "la cible", "value": "la valeur"}
    for name, word in words.items():
        known = getattr(point, name)
        if name in given and known is not None and given[name] != known and not reason.strip():
            raise DomainError(f"Dites pourquoi {word} de {point.year} change.", field=name)
