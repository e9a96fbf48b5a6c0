"""Caf rates: the instance's, one row a scheme, a year and a unit. Writes and reads."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import DomainError
from opendata.models import FundingRate


def years() -> list[int]:
    """Years that have rates, the latest first."""
    return list(FundingRate.objects.values_list("year", flat=True).distinct().order_by("-year"))


def of_year(year: int) -> list[FundingRate]:
    return list(FundingRate.objects.filter(year=year).order_by("scheme", "unit"))


def save_rate(
    rate: FundingRate | None = None,
    *,
    scheme: str,
    year: int,
    unit: str,
    amount: Decimal,
    source: str,
    calculation: str = FundingRate.Calculation.PER_UNIT,
    ceiling: Decimal | None = None,
    facility_keys: Sequence[str] = (),
    note: str = "",
) -> FundingRate:
    """Add a rate, or change one. Raises ``DomainError`` when the year has it already."""
    row = rate or FundingRate()
    row.scheme, row.year, row.unit = scheme.strip(), year, unit
    row.amount, row.source, row.note = amount, source.strip(), note.strip()
    row.calculation, row.ceiling, row.facility_keys = calculation, ceiling, list(facility_keys)
    if calculation == FundingRate.Calculation.SHARE and amount > 100:
        raise DomainError("Un taux est un pourcentage : 100 au plus.", field="amount")
    try:
        with transaction.atomic():
            row.full_clean(validate_unique=False, validate_constraints=False)
            row.save()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise DomainError(
            f"« {row.scheme} » a déjà un barème en {year} dans cette unité : modifiez-le.",
            field="scheme",
        ) from error
    return row


def delete_rate(rate: FundingRate) -> None:
    rate.delete()


@transaction.atomic
def copy_from_previous_year(year: int) -> int:
    """Take up the rates of the latest earlier year, those that ``year`` has not; returns how many.

    Their source says from which year they come: they are to be checked against the circular.
    """
    previous = FundingRate.objects.filter(year__lt=year).order_by("-year").first()
    if previous is None:
        raise DomainError(f"Aucun barème d'une année antérieure à {year} à reprendre.")
    there = set(FundingRate.objects.filter(year=year).values_list("scheme", "unit"))
    rows = [
        FundingRate(
            scheme=row.scheme, unit=row.unit, amount=row.amount, year=year,
            calculation=row.calculation, ceiling=row.ceiling, facility_keys=row.facility_keys,
            note=row.note, source=f"Repris de {row.year}, à vérifier"[:300],
        )
        for row in of_year(previous.year)
        if (row.scheme, row.unit) not in there
    ]  # fmt: skip
    if not rows:
        raise DomainError(f"{year} a déjà tous les barèmes de {previous.year}.")
    FundingRate.objects.bulk_create(rows)
    return len(rows)


def values_of(rate: FundingRate) -> dict[str, Any]:
    """What the form of a rate shows."""
    names = (
        "scheme", "year", "unit", "calculation", "amount", "ceiling", "facility_keys", "source", "note",
    )  # fmt: skip
    return {name: getattr(rate, name) for name in names}
