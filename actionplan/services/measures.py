"""Measures, their targets and their values."""

from collections.abc import Mapping
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
from core.errors import DomainError, StaleObject


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
    """Change a measure. Its starting value, once said, changes with a reason kept in history; its
    version rises with its points too."""
    before = Measure.objects.get(pk=measure.pk)
    if before.baseline is not None and not reason.strip():
        for name in ("baseline", "baseline_year"):
            if name in fields and fields[name] != getattr(before, name):
                raise DomainError("Dites pourquoi la valeur de départ change.", field=name)
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
    read_from: str = UNSET,
    reason: str = "",
) -> MeasurePoint:
    """Target and value of one year. Changing what was already said asks for a reason. A value typed
    over one that was read in a source is nobody's but its author's: ``read_from`` is emptied."""
    check_year(measure.agreement, year)
    given = {
        name: new
        for name, new in (
            ("target", target),
            ("value", value),
            ("comment", comment),
            ("read_from", read_from),
        )
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
    if "read_from" not in given and given.get("value", point.value) != point.value:
        given["read_from"] = ""
    return update_row(point, actor=actor, fields=given, reason=reason, sentence=sentence)


def _require_reason(point: MeasurePoint, given: dict[str, Any], reason: str) -> None:
    words = {"target": "la cible", "value": "la valeur"}
    for name, word in words.items():
        known = getattr(point, name)
        if name in given and known is not None and given[name] != known and not reason.strip():
            raise DomainError(f"Dites pourquoi {word} de {point.year} change.", field=name)


@transaction.atomic
def take_up(
    measure: Measure,
    *,
    actor: User | None,
    values: Mapping[int, tuple[Decimal, str]],
    reason: str = "",
    expected_version: int | None = None,
) -> Measure:
    """Write values that a source offers: year → (value, where it was read). A year of the agreement
    fills its point; the latest year before it, the starting value. Never called but by a person.

    Raises ``DomainError`` for a year that is neither, or when what was already said would change
    without a reason; ``StaleObject`` when the measure changed since it was read.
    """
    current = Measure.objects.select_for_update().get(pk=measure.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleObject(current)
    agreement = measure.agreement
    before = [year for year in values if year < agreement.starts_on.year]
    if len(before) > 1:
        raise DomainError("La mesure n'a qu'une valeur de départ : choisissez une seule année.")
    for year in before:
        value, read_from = values[year]
        update_measure(
            measure, actor=actor, reason=reason, baseline=value, baseline_year=year,
            source=measure.source or read_from[:200],
        )  # fmt: skip
    for year, (value, read_from) in sorted(values.items()):
        if year not in before:
            set_measure_point(
                measure, actor=actor, year=year, value=value, read_from=read_from[:200],
                reason=reason,
            )  # fmt: skip
    return measure
