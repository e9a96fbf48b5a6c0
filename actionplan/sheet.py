"""The sheet of an action as its page shows it: short first, then every field in sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject

from actionplan.models import Action, ActionPartner, ActionWeather, Funding, Step
from actionplan.scheme_items import LABELS, split_codes
from agreements.models import Agreement
from core.formats import date_long

MONEY = (
    "budget_lines",
    "staff_times",
    Prefetch("fundings", Funding.objects.select_related("funder")),
)


def sheet(agreement: Agreement, on: date, *, with_money: bool) -> QuerySet[Action]:
    """One action with all that its page shows, archived or not, in a constant number of queries.
    ``weather_now`` is its last météo, as a dictionary, or None."""
    late = Action.objects.late(on).filter(pk=OuterRef("pk"))
    weather = (
        ActionWeather.objects.filter(action=OuterRef("pk"))
        .order_by("-on", "-pk")
        .values(told=JSONObject(level="level", on="on", sentence="sentence", by="author_label"))
    )
    rows = Action.objects.filter(agreement=agreement).select_related(
        "orientation", "objective__parent", "lead_organisation", "lead_contact", "elected_sponsor",
        "agreement",
    )  # fmt: skip
    return rows.annotate(is_late=Exists(late), weather_now=Subquery(weather[:1])).prefetch_related(
        Prefetch("steps", Step.objects.select_related("owner")),
        Prefetch("partners", ActionPartner.objects.select_related("organisation")),
        "themes",
        "challenges",
        "measures__points",
        "notes",
        *(MONEY if with_money else ()),
    )


@dataclass(frozen=True)
class Weather:
    level: str
    label: str
    on: date
    sentence: str
    by: str


def weather_of(action: Action) -> Weather | None:
    told: dict[str, Any] | None = action.weather_now  # type: ignore[attr-defined]
    if not action.agreement.uses_weather or not told:
        return None
    level = ActionWeather.Level(told["level"])
    on = date.fromisoformat(told["on"])
    return Weather(level.value, level.label, on, told["sentence"], told["by"])


def levels(action: Action) -> list[tuple[str, str]]:
    """(name of the level, the level): as many as the agreement's plan has."""
    agreement = action.agreement
    found = [(agreement.orientation_label, str(action.orientation))]
    if action.objective is not None and agreement.uses_objectives:
        parent = action.objective.parent
        if parent is not None:
            found.append((agreement.objective_label, str(parent)))
            found.append((agreement.sub_objective_label, str(action.objective)))
        else:
            found.append((agreement.objective_label, str(action.objective)))
    return found


def brief(action: Action) -> list[tuple[str, str]]:
    """The few lines that everybody reads; a line that is empty is not shown."""
    rows = [
        *levels(action),
        ("Structure pilote", str(action.lead_organisation)),
        ("Personne pilote", str(action.lead_contact or "")),
        ("Élu référent", str(action.elected_sponsor or "")),
        ("Début", date_long(action.starts_on) if action.starts_on else ""),
        ("Échéance", date_long(action.due_on)),
        ("Partenaires", _partners(action)),
        ("Décision attendue", action.awaited_decision),
    ]
    return [(term, value) for term, value in rows if value.strip()]


def _partners(action: Action) -> str:
    return ", ".join(
        f"{row.organisation} ({row.get_role_display()})" for row in action.partners.all()
    )


def sections(action: Action) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that unfolds (domaine.md §3): title, then (term, text) of what is written. A section
    with nothing in it is not there."""
    groups = [
        ("Pourquoi", [
            ("Origine", action.get_origin_display()),
            ("Priorité", action.get_priority_display()),
            ("Thèmes", ", ".join(theme.name for theme in action.themes.all())),
            ("Enjeux auxquels elle répond", " ; ".join(c.title for c in action.challenges.all())),
            ("Constat et contexte", action.context),
            ("Résultats attendus", action.expected_results),
        ]),
        ("Quoi, pour qui, où", [
            ("Description", action.description),
            ("Public", action.target_public),
            ("Territoire concerné", action.area),
            ("Participation des habitants", action.participation),
        ]),
        ("Avec qui et comment", [
            ("Instance de suivi", action.steering_body),
            ("Moyens humains", action.human_means),
            ("Moyens matériels", action.material_means),
            ("Difficultés et leviers", action.difficulties),
        ]),
        ("Schéma petite enfance (article D. 214-10-1)", [
            (code, LABELS[code]) for code in split_codes(action.legal_codes)
        ]),
    ]  # fmt: skip
    written = [
        (title, [(term, text) for term, text in rows if text.strip()]) for title, rows in groups
    ]
    return [(title, rows) for title, rows in written if rows]
