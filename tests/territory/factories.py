"""Facilities, published figures and money of the territory's tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agreements.models import Agreement, Theme
from opendata.models import (
    Dataset,
    DatasetVersion,
    Indicator,
    Observation,
    Territory,
)
from partners.models import Contract, ContractAmount, Organisation
from territory.models import Capacity, Facility, FacilityType
from tests.factories import ThemeFactory


def facility(
    agreement: Agreement,
    name: str = "Les Petits Pas",
    mode: str = "collective",
    unit: str = "places",
    key: str = "",
    **fields: Any,
) -> Facility:
    theme = Theme.objects.filter(agreement=agreement).first() or ThemeFactory(agreement=agreement)
    manager, _ = Organisation.objects.get_or_create(agreement=agreement, name="Ville")
    kind, _ = FacilityType.objects.get_or_create(
        agreement=agreement,
        name=f"Type {mode} {unit} {key}",
        defaults={"mode": mode, "unit": unit, "key": key},
    )
    return Facility.objects.create(
        agreement=agreement, name=name, type=kind, manager=manager, theme=theme,
        commune=agreement.lead_commune, **fields,
    )  # fmt: skip


def capacity(
    where: Facility, year: int, value: int | str, unit: str = "places", planned: bool = False
) -> Capacity:
    return Capacity.objects.create(
        agreement=where.agreement, facility=where, year=year, unit=unit, value=Decimal(str(value)),
        is_planned=planned,
    )  # fmt: skip


def indicator(key: str, summable: bool = True, **fields: Any) -> Indicator:
    known, _ = Indicator.objects.get_or_create(
        key=key, defaults={"label": key, "is_summable": summable, **fields}
    )
    return known


def figure(
    key: str, territory: Territory, period: int, value: int | str | None, reason: str = ""
) -> Observation:
    """A published figure; a rate (``taux_…``) is never summable."""
    dataset, _ = Dataset.objects.get_or_create(
        key="essai", defaults={"title": "Recensement", "producer": "Insee"}
    )
    version, _ = DatasetVersion.objects.get_or_create(dataset=dataset, vintage=str(period))
    rate = key.startswith("taux")
    unit = "places pour 100 enfants" if rate else ""
    return Observation.objects.create(
        indicator=indicator(key, not rate, unit=unit, decimals=1 if rate else 0),
        territory=territory, period=period, version=version,
        value=None if value is None else Decimal(str(value)), reason=reason,
    )  # fmt: skip


def contract(where: Facility, scheme: str = "PSU", **fields: Any) -> Contract:
    made = Contract.objects.create(
        agreement=where.agreement, title=f"{where.name} – {scheme}", funder=where.manager,
        scheme=scheme, starts_on=date(2026, 1, 1), ends_on=date(2030, 12, 31), **fields,
    )  # fmt: skip
    made.facilities.through.objects.create(agreement=where.agreement, facility=where, contract=made)
    return made


def money(of: Contract, year: int, stage: str, amount: int | str) -> ContractAmount:
    return ContractAmount.objects.create(
        agreement=of.agreement, contract=of, year=year, stage=stage, amount=Decimal(str(amount)),
        stated_on=date(year, 6, 1),
    )  # fmt: skip
