"""A row of any model of an agreement, with what the database demands and nothing more.

The leak test fills every table of the other agreement: it cannot depend on what each room's own
factories think of building.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import User
from agreements.models import Agreement, AgreementOwned
from opendata.models import Domain, Territory
from tests.factories import DomainFactory, TerritoryFactory, UserFactory

_serial = count(1)
_years = count(2100)  # unique in an agreement, and no other object's year
MADE_ELSEWHERE = {User: UserFactory, Territory: TerritoryFactory, Domain: DomainFactory}
SPECIAL: dict[str, dict[str, Any]] = {
    "actionplan.Measure": {"action": lambda agreement: make("actionplan.Action", agreement)},
    "territory.LocalObservation": {"value": Decimal(12), "label": "Familles reçues"},
    "territory.Evidence": {
        "local_observation": lambda agreement: make("territory.LocalObservation", agreement)
    },
    "territory.UnderServedArea": {"name": "Les Écrevolles"},
    "committees.DecisionEffect": {"new_date": date(2027, 6, 30)},
    "evaluation.EvaluationYear": {"year": lambda agreement: next(_years)},
}
"""What a constraint demands of a model beyond the types of its fields."""


def owned_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, AgreementOwned)]


def make(model: type[models.Model] | str, agreement: Agreement, **given: Any) -> Any:
    """One row of ``model`` (« app.Model » or the class) in ``agreement``, and its parents."""
    if isinstance(model, str):
        model = apps.get_model(model)
    values = {**SPECIAL.get(model._meta.label, {}), **given}
    values = {name: v(agreement) if callable(v) else v for name, v in values.items()}
    for field in model._meta.concrete_fields:
        if field.name in values or not needed(field):
            continue
        values[field.name] = agreement if field.name == "agreement" else value_for(field, agreement)
    return model._base_manager.create(**values)


def needed(field: models.Field) -> bool:
    automatic = field.primary_key or any(
        getattr(field, name, False) for name in ("auto_now", "auto_now_add")
    )
    empty_text = field.blank and isinstance(field, models.CharField | models.TextField)
    return not (automatic or empty_text or field.null or field.has_default())


def value_for(field: models.Field, agreement: Agreement) -> Any:
    serial = next(_serial)
    if field.is_relation:
        return parent_for(field, agreement)
    if field.choices:
        return next(value for value, _ in field.flatchoices if value != "")
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return date(2026, 6, 1)
    if isinstance(field, models.TimeField):
        return time(14, 0)
    if isinstance(field, models.DecimalField):
        return Decimal(1)
    if isinstance(field, models.IntegerField):
        # Small integers end at 32 767, and a run makes more rows than that.
        return 2026 if "year" in field.name else serial % 30_000
    if isinstance(field, models.EmailField):
        return f"personne{serial}@example.org"
    if isinstance(field, models.BinaryField):
        return b"contenu"
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.FileField):
        return "piece.pdf"
    return f"{serial} {field.name}"[: field.max_length or 200]  # what is cut is not what differs


def parent_for(field: models.Field, agreement: Agreement) -> Any:
    parent = field.related_model
    for known, factory in MADE_ELSEWHERE.items():
        if parent is known:
            return factory()
    return make(parent, agreement)
