"""Writes of the figures: typed one by one or by the grid, what they are compared with, how they
are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from core.audience import Audience
from core.errors import DomainError, StaleObject
from opendata.models import Indicator, Territory
from territory.models import ComparedTerritory, IndicatorNote, LocalObservation

MOST_COMPARED = 7
"""Beyond, lines and columns cannot be told apart."""


@dataclass(frozen=True)
class Typed:
    """What a cell says: a value, or the reason why there is none."""

    value: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Given:
    """Who gave the figures of a grid, and who may read them."""

    source: str
    audience: str
    is_from_caf: bool = False


@transaction.atomic
def set_local_figure(
    agreement: Agreement,
    *,
    actor: User | None,
    indicator: Indicator,
    territory: Territory,
    period: int,
    typed: Typed | None,
    given: Given,
    known: LocalObservation | None = None,
) -> LocalObservation | None:
    """Write one cell of the grid. ``known`` is the figure that the cell showed.

    None removes it. A figure keeps its audience: typing over it never shows it to more people.
    """
    if typed is None:
        if known is not None:
            delete_row(known, actor=actor)
        return None
    fields = {
        "value": typed.value,
        "reason": typed.reason,
        "source": given.source,
        "is_from_caf": given.is_from_caf,
    }
    if known is not None:
        return update_row(known, actor=actor, fields=fields)
    return create_row(
        LocalObservation,
        agreement,
        actor=actor,
        fields={
            **fields,
            "indicator": indicator,
            "territory": territory,
            "period": period,
            "audience": given.audience,
        },
    )


# --- What the agreement is compared with ------------------------------------------------------
@transaction.atomic
def set_comparison(
    agreement: Agreement, *, actor: User | None, territories: Sequence[Territory]
) -> None:
    """Keep ``territories`` as the comparison set, in their order; the lead commune is always first.

    An empty list goes back to what holds the commune: EPCI, département, région, France.
    """
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    wanted = list(dict.fromkeys(t for t in territories if t.pk != agreement.lead_commune_id))
    if len(wanted) > MOST_COMPARED:
        raise DomainError(
            f"La comparaison tient {MOST_COMPARED} territoires au plus, en plus de la commune :"
            " retirez-en un d'abord."
        )
    before = [row.territory_id for row in ComparedTerritory.objects.filter(agreement=agreement)]
    if before == [territory.pk for territory in wanted]:
        return
    ComparedTerritory.objects.filter(agreement=agreement).delete()
    ComparedTerritory.objects.bulk_create(
        [
            ComparedTerritory(agreement=agreement, territory=territory, position=position)
            for position, territory in enumerate(wanted, start=1)
        ]
    )
    told = ", ".join(territory.name for territory in wanted)
    record(
        agreement,
        actor=actor,
        verb="update",
        sentence=f"a choisi les territoires de comparaison : {told}"
        if told
        else "a rétabli les territoires de comparaison proposés",
    )


# --- How an indicator is read -----------------------------------------------------------------
@transaction.atomic
def save_indicator_note(
    agreement: Agreement,
    *,
    actor: User | None,
    indicator: Indicator,
    automatic_sentence: str = "",
    told_from: LocalObservation | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> IndicatorNote:
    """Write the author's sentence and comment. ``automatic_sentence``: what the application said;
    ``told_from``: the figure typed here that it tells, if any.

    Raises ``StaleObject`` when somebody wrote it meanwhile, the first time as well, and
    ``DomainError`` when the rewritten sentence would be read by more people than that figure.
    """
    known = IndicatorNote.objects.filter(agreement=agreement, indicator=indicator).first()
    if "sentence" in fields:
        same = fields["sentence"].strip() == automatic_sentence.strip()
        fields["sentence"] = "" if same else fields["sentence"].strip()
        fields["sentence_basis"] = automatic_sentence if fields["sentence"] else ""
    _keep_to_readers(known or IndicatorNote(), fields, told_from)
    told = f"a commenté l'indicateur « {indicator} »"
    if known is None:
        return create_row(
            IndicatorNote, agreement, actor=actor, fields={"indicator": indicator, **fields},
            sentence=told,
        )  # fmt: skip
    if expected_version is None:
        raise StaleObject(known)
    return update_row(
        known, actor=actor, fields=fields, expected_version=expected_version, sentence=told
    )


def _keep_to_readers(
    known: IndicatorNote, fields: dict[str, Any], told_from: LocalObservation | None
) -> None:
    """A sentence rewritten from a figure of narrower audience goes no further than the figure."""
    wanted = Audience(fields.get("audience", known.audience))
    if told_from is None or not fields.get("sentence", known.sentence):
        return
    if not wanted.allows(told_from.audience):
        raise DomainError(
            "La phrase de lecture dit un chiffre réservé"
            f" (« {told_from.get_audience_display()} ») : choisissez le même lectorat.",
            field="audience",
        )
