"""Caf rates: the instance's, one row a scheme, a year and a unit. Writes and reads."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import formats as fr
from core.errors import DomainError
from opendata.models import FundingRate, Unit

ONE = {
    Unit.PLACES: "place", Unit.HOURS: "heure", Unit.FTE: "ETP", Unit.SESSIONS: "séance",
    Unit.GROUPS: "groupe",
}  # fmt: skip


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


# --- What a rate gives ------------------------------------------------------------------------
def text(rate: FundingRate) -> str:
    """« 0,59 € par heure », « 66 % du prix de revient par heure, plafonné à 7 € »."""
    one = ONE[Unit(rate.unit)]
    if rate.calculation == FundingRate.Calculation.PER_UNIT:
        decimals = 0 if rate.amount == rate.amount.to_integral_value() else 2
        return f"{fr.euros(rate.amount, decimals)} par {one}"
    told = f"{fr.percent(rate.amount, 0)} du prix de revient par {one}"
    return f"{told}, plafonné à {fr.euros(rate.ceiling, 2)}" if rate.ceiling is not None else told


def counted_cost(rate: FundingRate, unit_cost: Decimal) -> Decimal:
    return unit_cost if rate.ceiling is None else min(unit_cost, rate.ceiling)


def amount(
    rate: FundingRate, units: Decimal, unit_cost: Decimal | None = None
) -> tuple[Decimal | None, str]:
    """What a rate gives for so many units, in whole euros; or None, and what is missing to say it.

    ``PER_UNIT``: amount × units. ``SHARE``: percent of the unit cost, up to the ceiling, × units;
    without the unit cost there is no amount, only what it cannot exceed.
    """
    if rate.calculation == FundingRate.Calculation.PER_UNIT:
        return fr.rounded(units * rate.amount), ""
    share = rate.amount / 100
    if unit_cost is not None:
        return fr.rounded(units * share * counted_cost(rate, unit_cost)), ""
    wanted = f"le prix de revient par unité ({Unit(rate.unit).label})"
    if rate.ceiling is None:
        return None, f"il manque {wanted} et le prix plafond"
    most = fr.euros(units * share * rate.ceiling)
    return None, f"il manque {wanted} ; au plus {most}, au prix plafond"


def basis(rate: FundingRate, units: Decimal, unit_cost: Decimal | None = None) -> str:
    """How an estimate was computed: « 45 places × 1 200 € par place, barème « … » 2026 »."""
    decimals = 0 if units == units.to_integral_value() else 2
    told = f"{fr.with_unit(units, Unit(rate.unit).label, decimals)} × "
    if rate.calculation == FundingRate.Calculation.PER_UNIT or unit_cost is None:
        told += text(rate)
    else:
        told += f"{fr.percent(rate.amount, 0)} de {fr.euros(counted_cost(rate, unit_cost), 2)}"
        if rate.ceiling is not None and unit_cost > rate.ceiling:
            told += f" (plafond ; prix de revient {fr.euros(unit_cost, 2)})"
    return f"{told}, barème « {rate.scheme} » {rate.year}"
