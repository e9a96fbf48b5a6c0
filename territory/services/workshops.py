"""Writes about prioritisation workshops: their sheet, the dots counted, the ranking kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from core.errors import DomainError
from core.formats import date_long, plural
from territory.models import Challenge, Workshop, WorkshopVote
from territory.ranking import ranking

LOCKED = "Le classement de cet atelier est retenu : rouvrez l'atelier, en disant pourquoi, pour le corriger."


def create_workshop(agreement: Agreement, *, actor: User | None, **fields: Any) -> Workshop:
    return create_row(Workshop, agreement, actor=actor, fields=fields)


def update_workshop(
    workshop: Workshop, *, actor: User | None, expected_version: int | None = None, **fields: Any
) -> Workshop:
    _refuse_if_locked(workshop)
    return update_row(workshop, actor=actor, fields=fields, expected_version=expected_version)


def remove_workshop(workshop: Workshop, *, actor: User | None) -> None:
    """A workshop that ranked challenges is evidence: it stays."""
    _refuse_if_locked(workshop)
    if workshop.ranked_challenges.exists():
        raise DomainError("Cet atelier a classé des enjeux : il reste dans l'historique.")
    delete_row(workshop, actor=actor)


@transaction.atomic
def set_votes(
    workshop: Workshop, *, actor: User | None, votes: Mapping[Challenge, int | None]
) -> int:
    """Write the dots that challenges received. None: the challenge was not submitted.

    A challenge keeps the title that it bore when its dots were first typed. The workshop takes a
    new version, so that nobody keeps a ranking other than the one under their eyes. Returns how
    many counts changed; one line of the journal for all.
    """
    workshop = _locked(workshop)
    _refuse_if_locked(workshop)
    known = {row.challenge_id: row for row in workshop.votes.select_related("agreement")}
    changed = 0
    for challenge, count in votes.items():
        row = known.get(challenge.pk)
        if count is None:
            if row is not None:
                row.delete()
                changed += 1
        elif row is None:
            create_row(
                WorkshopVote,
                workshop.agreement,
                actor=actor,
                fields={
                    "workshop": workshop,
                    "challenge": challenge,
                    "title_as_voted": challenge.title,
                    "votes": count,
                },
                sentence="",
            )
            changed += 1
        elif row.votes != count:
            update_row(row, actor=actor, fields={"votes": count}, sentence="")
            changed += 1
    if changed:
        workshop.save_new_version(expected=None)
        record(
            workshop.agreement,
            actor=actor,
            verb="update",
            sentence=f"a saisi les gommettes de l'atelier du {date_long(workshop.held_on)}",
            target=workshop,
        )
    return changed


@transaction.atomic
def apply_ranking(
    workshop: Workshop,
    *,
    actor: User | None,
    priorities: Mapping[int, int],
    on: date,
    expected_version: int | None = None,
) -> Workshop:
    """« Retenir ce classement » : rank and priority of every challenge submitted, in one go.

    ``priorities``: challenge → priority; the proposal stands for one that is not there. One
    ranking is in force at a time: challenges that this workshop did not submit lose the rank of
    a former one (that workshop keeps its own table). The workshop is then locked.
    """
    workshop = _locked(workshop)
    _refuse_if_locked(workshop)
    _refuse_if_older(workshop)
    votes = {row.challenge_id: row.votes for row in workshop.votes.all()}
    if not votes:
        raise DomainError("Saisissez d'abord les gommettes de l'atelier.")
    reason = f"atelier du {date_long(workshop.held_on)}"
    challenges = Challenge.objects.filter(agreement=workshop.agreement_id)
    submitted = {challenge.pk: challenge for challenge in challenges.filter(pk__in=votes)}
    for row in ranking(votes):
        update_row(
            submitted[row.key],
            actor=actor,
            fields={
                "rank": row.rank,
                "workshop": workshop,
                "priority": priorities.get(row.key, row.proposal),
                "prioritised_on": workshop.held_on,
            },
            reason=reason,
            sentence="",
        )
    for challenge in challenges.filter(rank__isnull=False).exclude(pk__in=votes):
        update_row(
            challenge,
            actor=actor,
            fields={"rank": None, "workshop": None},
            reason=f"non soumis à l'{reason}",
            sentence="",
        )
    return _set_applied(
        workshop,
        on,
        actor=actor,
        expected=expected_version,
        verb="apply",
        sentence=f"a retenu le classement de l'{reason} ({plural(len(votes), 'enjeu', 'enjeux')})",
    )


@transaction.atomic
def reopen_workshop(workshop: Workshop, *, actor: User | None, reason: str) -> Workshop:
    """Open again a workshop whose ranking was kept, to correct it. Ranks stay until it is kept anew."""
    workshop = _locked(workshop)
    if workshop.applied_on is None:
        raise DomainError("Cet atelier n'est pas verrouillé.")
    if not reason.strip():
        raise DomainError("Dites pourquoi l'atelier est rouvert.", field="reason")
    _refuse_if_older(workshop)
    return _set_applied(
        workshop,
        None,
        actor=actor,
        reason=reason.strip(),
        verb="reopen",
        sentence=f"a rouvert l'atelier du {date_long(workshop.held_on)} : {reason.strip()}",
    )


def _set_applied(
    workshop: Workshop,
    day: date | None,
    *,
    actor: User | None,
    verb: str,
    sentence: str,
    reason: str = "",
    expected: int | None = None,
) -> Workshop:
    """Lock or unlock. No form writes this field, so ``update_row`` does not look at it."""
    workshop.applied_on = day
    workshop._history_user = actor  # type: ignore[attr-defined]
    workshop._change_reason = reason or None  # type: ignore[attr-defined]
    workshop.save_new_version(expected=expected)
    record(
        workshop.agreement,
        actor=actor,
        verb=verb,
        sentence=sentence,
        target=workshop,
        reason=reason,
    )
    return workshop


def _locked(workshop: Workshop) -> Workshop:
    """The row as it stands, held until the end of the transaction: two people cannot both apply it."""
    return Workshop.objects.select_for_update().select_related("agreement").get(pk=workshop.pk)


def _refuse_if_locked(workshop: Workshop) -> None:
    if workshop.applied_on is not None:
        raise DomainError(LOCKED)


def _refuse_if_older(workshop: Workshop) -> None:
    """The ranking in force is that of the latest workshop kept."""
    later = (
        Workshop.objects.filter(
            agreement=workshop.agreement_id,
            applied_on__isnull=False,
            held_on__gt=workshop.held_on,
        )
        .order_by("-held_on")
        .first()
    )
    if later is not None:
        raise DomainError(
            f"Le classement en vigueur vient de l'atelier du {date_long(later.held_on)}, plus récent : "
            "celui-ci reste comme il est."
        )
