"""Working time, an estimate from a rate, files and sources of measures, through the services."""

from __future__ import annotations

from decimal import Decimal

from django.core.files.base import ContentFile

from actionplan.measure_sources import offers
from actionplan.models import Action
from actionplan.services import (
    create_measure,
    set_measure_point,
    set_staff_time,
    take_up,
    update_funding,
    update_measure,
)
from agreements.queries import communes_of
from agreements.services.attachments import add_attachment
from demo.build.context import Example
from demo.content.offer import RATES_YEAR
from demo.content.sheet import (
    ATTACHMENTS,
    CHANGED_TARGET,
    ESTIMATE,
    FROM_FACILITY,
    FROM_INDICATOR,
    STAFF_TIME,
)
from opendata import rates
from opendata.models import Indicator


def build_sheets(example: Example) -> None:
    for code, (planned, spent) in STAFF_TIME.items():
        _staff_time(example, example.actions[code], planned, spent)
    _estimate(example)
    for code, title, name, text, kind, day, audience in ATTACHMENTS:
        add_attachment(
            example.actions[code], actor=example.actor, title=title, kind=kind,
            dated_on=example.day(day), audience=audience,
            file=ContentFile(text.encode(), name=name),
        )  # fmt: skip
    _sources(example)


def _staff_time(example: Example, action: Action, planned: str, spent: str | None) -> None:
    for year in example.agreement.years:
        done = Decimal(spent) if spent and year == example.year else None
        set_staff_time(action, actor=example.actor, year=year, planned=Decimal(planned), spent=done)


def _estimate(example: Example) -> None:
    """The Caf's part of the last year becomes what its rate gives; the commune pays the rest.
    Once that year is here, its amounts are known: nothing is estimated."""
    code, scheme, groups = ESTIMATE
    action, year = example.actions[code], example.agreement.ends_on.year
    if year <= example.year:
        return
    rate = next(row for row in rates.of_year(RATES_YEAR) if row.scheme == scheme)
    amount, _ = rates.amount(rate, Decimal(groups))
    assert amount is not None
    caf = action.fundings.get(year=year, funder=example.organisations["caf"], scheme="")
    town = action.fundings.get(year=year, funder=example.organisations["ville"])
    rest = town.amount + caf.amount - amount
    update_funding(
        caf, actor=example.actor, scheme=scheme, amount=amount, is_estimate=True,
        basis=rates.basis(rate, Decimal(groups)),
    )  # fmt: skip
    update_funding(town, actor=example.actor, amount=rest)


def _sources(example: Example) -> None:
    """One measure reads a facility of the register; another starts from a published figure."""
    code, facility, figure = FROM_FACILITY
    update_measure(
        example.actions[code].measures.get(), actor=example.actor,
        facility=example.facilities[facility], facility_figure=figure,
    )  # fmt: skip
    code, year, target, reason = CHANGED_TARGET
    set_measure_point(
        example.actions[code].measures.get(), actor=example.actor, year=year,
        target=Decimal(target), reason=reason,
    )  # fmt: skip
    code, label, unit, key = FROM_INDICATOR
    indicator = Indicator.objects.filter(key=key).first()
    measure = create_measure(
        example.agreement, actor=example.actor, action=example.actions[code], label=label,
        unit=unit, kind="outcome", indicator=indicator, position=1,
    )  # fmt: skip
    found = offers(measure, list(communes_of(example.agreement)))
    before = [row for row in found.takeable if row.is_baseline] if found else []
    if before:
        last = before[-1]
        assert last.value is not None
        take_up(measure, actor=example.actor, values={last.year: (last.value, last.source)})
