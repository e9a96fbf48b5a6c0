"""What the author says of an item, and the acts around the scheme. Both keep their history."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from actionplan.models import SchemeAct, SchemeItem
from actionplan.scheme_items import LABELS
from agreements.models import Agreement
from agreements.services import create_row, update_row
from core.errors import DomainError
from core.formats import date_long


@transaction.atomic
def set_item(
    agreement: Agreement,
    *,
    actor: User | None,
    code: str,
    text: str,
    judgement: str,
    checked_on: date | None,
    expected_version: int | None = None,
) -> SchemeItem:
    """A judgement says otherwise than the content: it needs a text that tells why."""
    if code not in LABELS:
        raise DomainError("Cet attendu n'est pas dans l'article D. 214-10-1.")
    if judgement and not text.strip():
        raise DomainError(
            "Dites en quelques mots pourquoi votre appréciation diffère.", field="text"
        )
    _check_past(checked_on, "checked_on")
    fields = {"text": text, "judgement": judgement, "checked_on": checked_on}
    sentence = f"a écrit ce que la CTG dit de l'attendu {code} du schéma petite enfance"
    row = SchemeItem.objects.filter(agreement=agreement, code=code).first()
    if row is None:
        return create_row(
            SchemeItem,
            agreement,
            actor=actor,
            fields={"code": code, **fields},
            sentence=sentence,
        )
    return update_row(
        row, actor=actor, fields=fields, expected_version=expected_version, sentence=sentence
    )


@transaction.atomic
def set_act(
    agreement: Agreement,
    *,
    actor: User | None,
    act: str,
    done_on: date | None,
    note: str,
    expected_version: int | None = None,
) -> SchemeAct:
    """Tick an act with its date; without a date, it is not done."""
    label = SchemeAct.Act(act).label
    _check_past(done_on, "done_on")
    when = f"le {date_long(done_on)}" if done_on else "pas encore faite"
    sentence = f"a noté : {label}, {when}"
    fields = {"done_on": done_on, "note": note}
    row = SchemeAct.objects.filter(agreement=agreement, act=act).first()
    if row is None:
        return create_row(
            SchemeAct, agreement, actor=actor, fields={"act": act, **fields}, sentence=sentence
        )
    return update_row(
        row, actor=actor, fields=fields, expected_version=expected_version, sentence=sentence
    )


def _check_past(day: date | None, field: str) -> None:
    if day is not None and day > date.today():
        raise DomainError("Cette date est à venir : notez ce qui est fait.", field=field)
