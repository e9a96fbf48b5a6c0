"""Points of arbitration: a question put to elected officials, and its two or three options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action
from agreements.services import check, create_row, delete_row, update_row
from committees.models import AgendaItem, ArbitrationOption, ArbitrationPoint, Decision
from committees.services.locking import refuse_if_validated
from core.errors import DomainError

MIN_OPTIONS, MAX_OPTIONS = 2, 3
TOO_FEW = (
    "Un point d'arbitrage propose deux ou trois options : avec une seule, le comité n'a rien à "
    "choisir. Ajoutez au moins ce qui se passe si l'on ne fait rien."
)
TOO_MANY = (
    "Un point d'arbitrage propose deux ou trois options : au-delà, elles ne se comparent plus "
    "pendant la réunion. Regroupez-les, ou gardez les plus réalistes."
)


@transaction.atomic
def set_arbitration(
    item: AgendaItem,
    *,
    actor: User | None,
    question: str,
    context: str,
    options: Iterable[Mapping[str, Any]],
    technical_opinion: str = "",
    action: Action | None = None,
    expected_version: int | None = None,
) -> ArbitrationPoint:
    """A question with two or three options, side by side. Writing again replaces them, until a
    decision has chosen one: what the COPIL had before it does not change afterwards."""
    given = list(options)
    refuse_if_validated(item.meeting, "la question posée")
    if Decision.objects.filter(chosen_option__point__item=item).exists():
        raise DomainError("Une option a été choisie : la question et les options ne changent plus.")
    if len(given) < MIN_OPTIONS:
        raise DomainError(TOO_FEW, field="options")
    if len(given) > MAX_OPTIONS:
        raise DomainError(TOO_MANY, field="options")
    fields = {
        "question": question,
        "context": context,
        "technical_opinion": technical_opinion,
        "action": action,
    }
    point = ArbitrationPoint.objects.select_for_update().filter(item=item).first()
    if point is None:
        point = create_row(
            ArbitrationPoint, item.agreement, actor=actor, fields={"item": item, **fields}
        )
    else:
        update_row(point, actor=actor, fields=fields, expected_version=expected_version)
    if _write_options(point, given):
        point.save_new_version(expected=None)
    if item.kind != AgendaItem.Kind.ARBITRATION:
        update_row(item, actor=actor, fields={"kind": AgendaItem.Kind.ARBITRATION})
    return point


def _write_options(point: ArbitrationPoint, given: list[Mapping[str, Any]]) -> bool:
    """Returns whether an option changed: they carry no version, their question does it for them."""
    known = list(point.options.all())
    changed = len(given) != len(known)
    for position, option in enumerate(given):
        if position < len(known):
            row = known[position]
        else:
            row = ArbitrationOption(agreement=point.agreement, point=point)
        changed = changed or any(getattr(row, name) != value for name, value in option.items())
        for name, value in option.items():
            setattr(row, name, value)
        row.position = position
        check(row)
        row.save()
    for extra in known[len(given) :]:
        extra.delete()
    return changed


@transaction.atomic
def remove_arbitration(point: ArbitrationPoint, *, actor: User | None) -> None:
    refuse_if_validated(point.item.meeting, "la question posée")
    if Decision.objects.filter(chosen_option__point=point).exists():
        raise DomainError("Une option a été choisie : ce point d'arbitrage reste.")
    delete_row(point, actor=actor)
