"""The rooms of which the calendar needs a title and a day: read together, in one query.

Each is a branch of one ``UNION``, with the same columns; a branch is left out when the reader has
no right to its room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from actionplan.models import Campaign
from agreements.models import Agreement, Amendment
from agreements.roles import Capability as C
from desk.calendar.entries import Entry, Kind, Scope, State
from desk.calendar.sources.common import address, uid
from evaluation.models import EvaluationYear
from participation.models import Consultation
from territory.models import Facility, Workshop

CAPABILITIES: dict[Kind, C] = {
    Kind.AGREEMENT: C.AGREEMENT_VIEW,
    Kind.CAMPAIGN: C.PLAN_CHANGE,
    Kind.EVALUATION: C.EVALUATION_VIEW,
    Kind.OFFER: C.DIAGNOSIS_VIEW,
    Kind.PARTICIPATION: C.PARTICIPATION_VIEW,
}


@dataclass(frozen=True)
class Branch:
    """``words``, ``state``: columns; ``title`` says them. ``page`` takes the key when ``has_pk``."""

    kind: Kind
    rows: QuerySet[Any]
    title: str
    page: str
    on: str
    words: str
    state: str = ""
    ends_on: str = ""
    changed: str = "updated_at"
    done: tuple[str, ...] = ()
    has_pk: bool = False


def branches(agreement: Agreement) -> dict[str, Branch]:
    """Name of the date (it names its entries for ever) → where it is read."""
    years = EvaluationYear.objects.all()
    facilities = Facility.objects.all()
    found = {
        "campagne": Branch(
            Kind.CAMPAIGN, Campaign.objects.all(), "Fin des réponses des pilotes : {words}",
            "actionplan:campaign", "closes_on", "title", state="state", done=("closed",), has_pk=True,
        ),
        "bilan-ouvert": Branch(
            Kind.EVALUATION, years, "Ouverture du bilan {words}", "evaluation:home", "opened_on",
            "year", state="state", done=("open", "closed"),
        ),
        "bilan": Branch(
            Kind.EVALUATION, years, "Bilan {words} à rendre à la Caf", "evaluation:home", "due_on",
            "year", state="state", done=("closed",),
        ),
        "avenant": Branch(
            Kind.AGREEMENT, Amendment.objects.all(), "Signature de l'avenant n° {words}",
            "agreements:identity", "signed_on", "number", changed="agreement__updated_at",
        ),
        "ouverture": Branch(
            Kind.OFFER, facilities, "Ouverture : {words}", "territory:facility", "opened_on", "name",
            has_pk=True,
        ),
        "fermeture": Branch(
            Kind.OFFER, facilities, "Fermeture : {words}", "territory:facility", "closed_on", "name",
            has_pk=True,
        ),
        "atelier": Branch(
            Kind.OFFER, Workshop.objects.all(), "Atelier de priorisation{words}",
            "territory:workshop", "held_on", "", has_pk=True,
        ),
        "concertation": Branch(
            Kind.PARTICIPATION, Consultation.objects.all(), "{words}", "participation:home",
            "starts_on", "title", ends_on="ends_on",
        ),
    }  # fmt: skip
    return {
        name: Branch(**{**vars(branch), "rows": branch.rows.filter(agreement=agreement)})
        for name, branch in found.items()
    }


def _select(name: str, branch: Branch, scope: Scope) -> QuerySet[Any]:
    """The rows of one branch between the two days, in the common columns."""
    rows = branch.rows.filter(**{f"{branch.on}__isnull": False})
    if scope.end:
        rows = rows.filter(**{f"{branch.on}__lte": scope.end})
    if scope.start:
        after = Q(**{f"{branch.on}__gte": scope.start})
        if branch.ends_on:
            after |= Q(**{f"{branch.ends_on}__gte": scope.start})
        rows = rows.filter(after)

    def text(column: str) -> Any:
        return Cast(F(column) if column else Value(""), CharField())

    return (
        rows.order_by()
        .annotate(
            branch=Cast(Value(name), CharField()),
            words_=text(branch.words),
            state_=text(branch.state),
            day_=F(branch.on),
            last_day_=Cast(F(branch.ends_on) if branch.ends_on else Value(None), DateField()),
            changed_=Cast(F(branch.changed), DateTimeField()),
        )
        .values_list("branch", "pk", "words_", "state_", "day_", "last_day_", "changed_")
    )


def short_rows(scope: Scope) -> Iterator[Entry]:
    known = {
        name: branch
        for name, branch in branches(scope.access.agreement).items()
        if scope.access.can(CAPABILITIES[branch.kind])
    }
    first, *others = [_select(name, branch, scope) for name, branch in known.items()]
    for name, pk, words, state, on, ends_on, changed_at in first.union(*others, all=True):
        yield _entry(scope, name, known[name], pk, words, state, (on, ends_on), changed_at)


def _entry(
    scope: Scope,
    name: str,
    branch: Branch,
    pk: int,
    words: str,
    state: str,
    days: tuple[date, date | None],
    changed_at: datetime,
) -> Entry:
    on, ends_on = days
    return Entry(
        kind=branch.kind,
        uid=uid(scope, name, pk),
        title=branch.title.format(words=words),
        on=on,
        ends_on=ends_on,
        url=address(scope, branch.page, *([pk] if branch.has_pk else [])),
        changed_at=changed_at,
        state=State.DONE if state in branch.done else _late(branch, on, scope),
    )


def _late(branch: Branch, on: date, scope: Scope) -> State:
    """Only what somebody closes can be late."""
    return State.LATE if branch.done and on < scope.today else State.NONE
