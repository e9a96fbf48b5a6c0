"""What import-linter does not see: the direction of foreign keys, and a few habits."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from agreements.models import Agreement, AgreementOwned
from core.db import SameAgreement

ORDER = [
    "core", "accounts", "opendata", "agreements", "partners", "territory", "actionplan",
    ("committees", "participation"), "evaluation", "desk", "reports", "demo",
]  # fmt: skip
"""From the ground up: a room may point at those before it."""
FLOOR = {
    room: floor
    for floor, rooms in enumerate(ORDER)
    for room in ((rooms,) if isinstance(rooms, str) else rooms)
}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in FLOOR]


def relations(model: type[models.Model]) -> list[models.Field]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [field for field in fields if field.is_relation and field.related_model]


def test_no_foreign_key_points_up() -> None:
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in our_models()
        for field in relations(model)
        if field.related_model._meta.app_label in FLOOR
        and not may_point(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []


def may_point(room: str, target: str) -> bool:
    return room == target or FLOOR[target] < FLOOR[room]


def test_every_link_inside_an_agreement_is_held_by_the_database() -> None:
    """Each foreign key from a row of an agreement to another such row has its constraint."""
    unheld = []
    for model in our_models():
        if not issubclass(model, AgreementOwned):
            continue
        held = {c.field for c in model._meta.constraints if isinstance(c, SameAgreement)}
        unheld += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.fields
            if field.is_relation
            and field.name != "agreement"
            and field.related_model
            and issubclass(field.related_model, AgreementOwned)
            and field.name not in held
        ]
    assert unheld == []


def test_many_to_many_inside_an_agreement_goes_through_a_model_of_ours() -> None:
    automatic = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        if issubclass(model, AgreementOwned)
        for field in model._meta.many_to_many
        if issubclass(field.related_model, AgreementOwned)
        and not issubclass(field.remote_field.through, AgreementOwned)
    ]
    assert automatic == []


def test_rows_of_an_agreement_leave_with_it() -> None:
    """RESTRICT or CASCADE inside an agreement, never PROTECT: the whole can still be deleted."""
    protecting = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.fields
        if field.is_relation
        and field.related_model
        and (issubclass(field.related_model, AgreementOwned) or field.related_model is Agreement)
        and getattr(field.remote_field, "on_delete", None) is models.PROTECT
    ]
    assert protecting == []


def test_names_of_models_are_french_and_lower_case() -> None:
    """Proper names excepted, a name begins with a small letter: it is used inside sentences."""
    wrong = [
        model._meta.label
        for model in our_models()
        if not model._meta.label.split(".")[1].startswith("Historical")
        and str(model._meta.verbose_name) != str(model._meta.verbose_name).lower()
        and not str(model._meta.verbose_name).isupper()
        and any(word.istitle() for word in str(model._meta.verbose_name).split()[:1])
    ]
    assert wrong == []


def test_permissions_page_is_current() -> None:
    call_command("print_permissions", check=True)


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_room_is_installed(room: str) -> None:
    assert apps.is_installed(room)
