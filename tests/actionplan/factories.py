"""Objects of the room, built through its services."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from actionplan import services
from actionplan.models import Action, ActionStatus, Orientation
from agreements.models import Agreement
from partners.models import Organisation
from tests.committees.factories import OrganisationFactory

_codes = count(1)


def orientation(agreement: Agreement, **fields: Any) -> Orientation:
    given = {"code": str(next(_codes)), "title": "Accueillir les tout-petits", **fields}
    return services.create_orientation(agreement, actor=None, **given)


def action(agreement: Agreement, **fields: Any) -> Action:
    """An action in progress with no more than what makes it valid."""
    if "orientation" not in fields:
        fields["orientation"] = orientation(agreement)
    if "lead_organisation" not in fields:
        fields["lead_organisation"] = organisation(agreement)
    given = {
        "title": "Ouvrir un relais",
        "summary": "Un lieu où les familles trouvent un mode d'accueil.",
        "status": ActionStatus.IN_PROGRESS,
        "due_on": date(2030, 6, 30),
        **fields,
    }
    return services.create_action(agreement, actor=None, **given)


def organisation(agreement: Agreement, **fields: Any) -> Organisation:
    return OrganisationFactory(agreement=agreement, **fields)
