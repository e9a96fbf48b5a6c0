"""Where facilities stand, what they did, the areas they do not reach, the projection, the rates."""

from __future__ import annotations

from decimal import Decimal

from demo.build.context import Example
from demo.content.offer import (
    ACTIVITIES,
    NEEDS,
    NEEDS_SOURCE,
    PLACES,
    PROJECTION,
    PROJECTION_NOTE,
    RATES,
    RATES_YEAR,
    UNDER_SERVED,
    PlaceFact,
)
from opendata.models import Indicator, Territory
from opendata.rates import of_year, save_rate
from territory.models import Facility
from territory.services import create_local_observation, update_facility
from territory.services.projection import create_projection
from territory.services.register import create_area, set_activity


def build_register(example: Example) -> None:
    district = Territory.objects.filter(
        level=Territory.Level.QPV, commune=example.agreement.lead_commune
    ).first()
    for key, place in PLACES.items():
        _place(example, example.facilities[key], place, district)
    for key, measures in ACTIVITIES.items():
        for kind, values in measures.items():
            years = (example.agreement.starts_on.year - 1, example.agreement.starts_on.year)
            for year, value in zip(years, values, strict=True):
                if value is not None:
                    set_activity(
                        example.facilities[key], actor=example.actor, year=year, kind=kind,
                        value=Decimal(value), note="Exemple fictif.",
                    )  # fmt: skip
    for name, in_district, theme, reason in UNDER_SERVED:
        create_area(
            example.agreement, actor=example.actor, name=name,
            territory=district if in_district else None, theme=example.themes[theme],
            reason=reason, observed_on=example.agreement.starts_on,
        )  # fmt: skip
    _needs(example)


def _place(
    example: Example, facility: Facility, place: PlaceFact, district: Territory | None
) -> None:
    update_facility(
        facility, actor=example.actor, address=place.address,
        latitude=Decimal(place.latitude) if place.latitude else None,
        longitude=Decimal(place.longitude) if place.longitude else None,
        min_age_months=place.ages[0], max_age_months=place.ages[1],
        quarter=district if place.in_district else None,
    )  # fmt: skip


def _needs(example: Example) -> None:
    """Figures that a service would give, and hypotheses to argue."""
    indicators = {row.key: row for row in Indicator.objects.filter(key__in={n[0] for n in NEEDS})}
    for key, year, value in NEEDS:
        create_local_observation(
            example.agreement, actor=example.actor, indicator=indicators[key],
            territory=example.agreement.lead_commune, period=year, value=Decimal(value),
            estimated=True, source=NEEDS_SOURCE, audience="public", unit=indicators[key].unit,
        )  # fmt: skip
    create_projection(
        example.agreement, actor=example.actor, note=PROJECTION_NOTE,
        births_trend=Decimal(str(PROJECTION["births_trend"])),
        yearly_migration=Decimal(str(PROJECTION["yearly_migration"])),
        horizon=int(str(PROJECTION["horizon"])),
    )  # fmt: skip


def build_rates() -> None:
    """Published rates belong to the instance; those already given there are left as they are."""
    given = {(rate.scheme, rate.unit) for rate in of_year(RATES_YEAR)}
    for scheme, unit, calculation, amount, keys, source, note in RATES:
        if (scheme, unit) not in given:
            save_rate(
                scheme=scheme, year=RATES_YEAR, unit=unit, calculation=calculation,
                amount=Decimal(amount), facility_keys=keys, source=source, note=note,
            )  # fmt: skip
