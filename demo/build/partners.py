"""Organisations, people, facilities with their capacity, and the contracts of the Caf."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core import formats as fr
from demo.build.context import Example
from demo.content.offer import CHILDMINDERS, FACILITIES, PLACE_NOTE, FacilityFact
from demo.content.partners import CONTACTS, ORGANISATIONS
from partners.models import AmountStage, Contract
from partners.services import (
    create_contact,
    create_contract,
    create_organisation,
    log_exchange,
    set_contract_amount,
    set_position,
)
from territory.models import FacilityType
from territory.services import create_facility, set_capacity

MAIL_DOMAIN = "exemple.fr"
FICTIONAL_PHONE = fr.NBSP.join(("03", "53", "01", "00"))
"""Numbers that Arcep keeps for fiction: nobody answers (décision n° 2018-0881)."""


def build_partners(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for key, (name, short, kind, themes, last_contact) in ORGANISATIONS.items():
        organisation = create_organisation(
            agreement, actor=actor, name=name, short_name=short, kind=kind,
            themes=example.pick("themes", themes),
        )  # fmt: skip
        example.organisations[key] = organisation
        if last_contact is not None:
            log_exchange(
                organisation, actor=actor, on=example.day(-last_contact),
                kind="meeting" if last_contact < 60 else "mail",
                summary="Point sur les actions menées ensemble (exemple fictif).",
            )  # fmt: skip
    for rank, (key, fact) in enumerate(CONTACTS.items()):
        first, last, organisation_key, function, local_part = fact
        organisation = example.organisations[organisation_key]
        contact = create_contact(
            agreement, actor=actor, first_name=first, last_name=last,
            email=f"{local_part}@{organisation_key.replace('_', '-')}.{MAIL_DOMAIN}",
            phone=f"{FICTIONAL_PHONE}{fr.NBSP}{rank:02d}",
        )  # fmt: skip
        set_position(
            contact, actor=actor, organisation=organisation, function=function,
            starts_on=agreement.starts_on,
        )  # fmt: skip
        example.contacts[key] = contact


def build_offer(example: Example) -> None:
    types = {row.key: row for row in FacilityType.objects.filter(agreement=example.agreement)}
    for fact in [*FACILITIES, CHILDMINDERS]:
        contracts = _contracts(example, fact) if fact.scheme else []
        facility = create_facility(
            example.agreement, actor=example.actor, name=fact.name, type=types[fact.type],
            manager=example.organisations[fact.manager], theme=example.themes[fact.theme],
            commune=example.agreement.lead_commune, contracts=contracts,
            opened_on=date(*fact.opened) if fact.opened else None,
            note=PLACE_NOTE,
        )  # fmt: skip
        example.facilities[fact.key] = facility
        first = example.agreement.starts_on.year - 1
        for year, value, planned in (
            (first, fact.start, False),
            (example.year, fact.now, False),
            (example.agreement.ends_on.year, fact.planned, True),
        ):
            set_capacity(
                facility, actor=example.actor, year=year, unit=fact.unit, value=Decimal(str(value)),
                is_planned=planned,
            )  # fmt: skip


def _contracts(example: Example, fact: FacilityFact) -> list[Contract]:
    """The contract of the service, and the bonus territoire where there is one."""
    main = _contract(example, fact, fact.scheme)
    for year, amount in fact.planned_amounts.items():
        _amount(example, main, year, AmountStage.PLANNED, Decimal(amount))
    if fact.updated_2026 is not None:
        _amount(example, main, example.year, AmountStage.UPDATED, Decimal(fact.updated_2026))
    example.contracts[fact.key] = main
    if not fact.second_scheme:
        return [main]
    bonus = _contract(example, fact, fact.second_scheme)
    for year in example.agreement.years:
        _amount(example, bonus, year, AmountStage.PLANNED, Decimal(fact.second_amount))
    return [main, bonus]


def _contract(example: Example, fact: FacilityFact, scheme: str) -> Contract:
    agreement = example.agreement
    return create_contract(
        agreement, actor=example.actor, title=f"{fact.name} – {scheme}",
        funder=example.organisations["caf"], beneficiary=example.organisations[fact.manager],
        scheme=scheme, capacity=Decimal(str(fact.now)) or None, capacity_unit=fact.capacity_unit,
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, note="Montants fictifs.",
    )  # fmt: skip


def _amount(example: Example, contract: Contract, year: int, stage: str, amount: Decimal) -> None:
    stated = example.day(-30) if stage == AmountStage.UPDATED else example.agreement.starts_on
    set_contract_amount(
        contract, actor=example.actor, year=year, stage=stage, amount=amount, stated_on=stated,
        is_estimate=stage == AmountStage.PLANNED,
    )  # fmt: skip
