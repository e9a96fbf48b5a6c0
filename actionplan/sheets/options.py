"""What is asked once of a table that does not say all that an action needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.models import Agreement
from core.formats import plain_key
from partners.models import Organisation


@dataclass(frozen=True)
class Options:
    """``lead``: the pilot of the actions that name none (an organisation, created when it is the
    commune's own). ``due_on``: the due date of those that have none. ``budget_year``: the year of
    amounts given as one total. ``clamp_dates``: dates out of the agreement are brought to its
    bounds rather than refused. ``reason``: why targets and values already said change."""

    lead: str
    due_on: date
    budget_year: int
    create_levels: bool = True
    clamp_dates: bool = False
    reason: str = ""


def default_lead(agreement: Agreement) -> str:
    """The commune's own organisation, known or to be: who signs the CTG leads what nobody does."""
    municipalities = Organisation.objects.filter(
        agreement=agreement, kind=Organisation.Kind.MUNICIPALITY, is_archived=False
    )
    commune = plain_key(agreement.lead_commune.name)
    found = sorted(
        municipalities.values_list("name", flat=True),
        key=lambda name: (
            commune not in plain_key(name),
            plain_key(name).startswith(("ccas", "centre communal")),
            len(name),
        ),
    )
    return found[0] if found else f"Ville de {agreement.lead_commune.name}"


def options_of(agreement: Agreement, given: Mapping[str, Any]) -> Options:
    """From what was kept of a form or of a command: names and values as text; what is absent or is
    not acceptable any more takes its default."""
    try:
        due_on = date.fromisoformat(str(given.get("due_on") or ""))
    except ValueError:
        due_on = agreement.ends_on
    year = str(given.get("budget_year") or "")
    years = agreement.years
    return Options(
        lead=str(given.get("lead") or "") or default_lead(agreement),
        due_on=due_on if agreement.covers(due_on) else agreement.ends_on,
        budget_year=int(year) if year in map(str, years) else years[0],
        create_levels=bool(given.get("create_levels", True)),
        clamp_dates=bool(given.get("clamp_dates", False)),
        reason=str(given.get("reason") or "")[:300],
    )
