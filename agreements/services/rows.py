"""How every room writes a row: checked, versioned, told in the journal, all or nothing.

Rooms wrap these in functions that say what they do (``create_action``); a rule that a constraint
cannot hold is checked there, before the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from accounts.models import User
from agreements.models import Agreement, AgreementOwned
from agreements.services import recording
from agreements.services.journal import changes_between, record
from core.errors import DomainError
from core.models import Versioned

Row = TypeVar("Row", bound=AgreementOwned)
Links = Mapping[str, Iterable[models.Model]]


def check(row: models.Model) -> None:
    """``full_clean`` as a sentence: raises ``DomainError`` for the first field refused."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == "__all__" else field) from error


def set_links(row: AgreementOwned, name: str, targets: Iterable[models.Model]) -> bool:
    """Make the many-to-many ``name`` (through a model of the agreement) hold exactly ``targets``.

    Returns whether anything changed.
    """
    field = row._meta.get_field(name)
    through = field.remote_field.through  # type: ignore[union-attr]
    source, target = field.m2m_field_name(), field.m2m_reverse_field_name()  # type: ignore[union-attr]
    wanted = {thing.pk: thing for thing in targets}
    present = dict(through.objects.filter(**{source: row}).values_list(f"{target}_id", "pk"))
    gone = [pk for target_id, pk in present.items() if target_id not in wanted]
    new = [thing for pk, thing in wanted.items() if pk not in present]
    if gone:
        recording.note_deleting(through.objects.filter(pk__in=gone))
        through.objects.filter(pk__in=gone).delete()
    for thing in new:
        link = through(agreement_id=row.agreement_id, **{source: row, target: thing})
        check(link)
        link.save()
        recording.note_created(link)
    return bool(gone or new)


def _remember(row: models.Model, actor: User | None, reason: str) -> None:
    """What django-simple-history writes beside the change."""
    row._history_user = actor  # type: ignore[attr-defined]
    row._change_reason = reason or None  # type: ignore[attr-defined]


def _set(row: models.Model, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)


@transaction.atomic
def create_row(
    model: type[Row],
    agreement: Agreement,
    *,
    actor: User | None,
    fields: Mapping[str, Any],
    links: Links | None = None,
    sentence: str | None = None,
    verb: str = "create",
    is_internal: bool = False,
) -> Row:
    """Create a row of ``agreement``. ``sentence`` None: « a ajouté l'enjeu « … » » ; "" : no line."""
    row = model(agreement=agreement)
    _set(row, fields)
    check(row)
    _remember(row, actor, "")
    row.save()
    recording.note_created(row)
    for name, targets in (links or {}).items():
        set_links(row, name, targets)
    if sentence is None:
        sentence = f"a ajouté : {row._meta.verbose_name} « {row} »"
    if sentence:
        record(
            agreement,
            actor=actor,
            verb=verb,
            sentence=sentence,
            target=row,
            is_internal=is_internal,
        )
    return row


@transaction.atomic
def update_row(
    row: Row,
    *,
    actor: User | None,
    fields: Mapping[str, Any],
    links: Links | None = None,
    expected_version: int | None = None,
    reason: str = "",
    sentence: str | None = None,
    verb: str = "update",
) -> Row:
    """Change a row. Nothing is written, and no line told, when nothing changes.

    ``sentence`` "" tells no line: the caller tells one for several rows.
    Raises ``StaleObject`` when ``expected_version`` is not the row's any more.
    """
    before = type(row)._base_manager.get(pk=row.pk)
    _set(row, fields)
    check(row)
    linked = False
    changes = changes_between(before, row)
    _remember(row, actor, reason)
    if changes:
        recording.note_changed(before)
    if isinstance(row, Versioned):
        if changes or expected_version not in (None, before.version):  # type: ignore[attr-defined]
            row.save_new_version(expected=expected_version)
    elif changes:
        row.save()
    for name, targets in (links or {}).items():
        linked = set_links(row, name, targets) or linked
    if (changes or linked) and sentence is None:
        sentence = f"a modifié : {row._meta.verbose_name} « {row} »"
    if (changes or linked) and sentence:
        record(
            row.agreement,
            actor=actor,
            verb=verb,
            sentence=sentence,
            target=row,
            changes=changes,
            reason=reason,
        )
    return row


@transaction.atomic
def delete_row(row: AgreementOwned, *, actor: User | None, reason: str = "") -> None:
    """Delete a row that evidences nothing. What is used elsewhere is refused, saying by what."""
    label, name = str(row), row._meta.verbose_name
    agreement = row.agreement
    _remember(row, actor, reason)
    try:
        recording.note_deleting([row])
        row.delete()
    except (ProtectedError, RestrictedError) as error:
        users = getattr(error, "restricted_objects", None) or getattr(
            error, "protected_objects", []
        )
        listed = ", ".join(f"« {thing} »" for thing in sorted(map(str, users))[:3])
        raise DomainError(f"Impossible de supprimer « {label} » : utilisé par {listed}.") from error
    record(
        agreement,
        actor=actor,
        verb="delete",
        sentence=f"a supprimé : {name} « {label} »",
        reason=reason,
    )
