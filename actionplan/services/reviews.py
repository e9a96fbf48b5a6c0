"""Weighing the answers: accepted into the plan, amended first, or returned with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan import campaign_messages as words
from actionplan import campaign_queries as queries
from actionplan.models import Action, CampaignLead, NewsAnswer
from actionplan.news_fields import Difference, missing_words, photograph
from actionplan.services.actions import change_status, update_action
from actionplan.services.campaigns import write
from actionplan.services.common import check_version
from actionplan.services.doors import check_can_answer, new_link
from actionplan.services.measures import set_measure_point
from actionplan.services.news import Entry, keep_answer
from agreements.services import record, update_row
from core.errors import DomainError, StaleObject
from core.formats import plural

Channel = CampaignLead.Channel
State = NewsAnswer.State
MOVED = "L'action a été modifiée pendant que vous lisiez : relisez ce qui a bougé, puis décidez."


def _to_review(answer: NewsAnswer) -> NewsAnswer:
    """The answer as it stands, locked. Raises ``DomainError`` when it was decided meanwhile."""
    NewsAnswer.objects.select_for_update().get(pk=answer.pk)
    row = queries.answers_of(answer.lead.campaign).get(pk=answer.pk)
    if row.state != State.TO_REVIEW:
        by = f" par {row.reviewed_by}" if row.reviewed_by else ""
        raise DomainError(f"Cette réponse est déjà {row.get_state_display()}{by}.")
    if row.action.is_archived:
        raise DomainError("Cette action est archivée : rétablissez-la, ou renvoyez la réponse.")
    return row


@transaction.atomic
def accept(answer: NewsAnswer, *, actor: User | None, action_version: int | None = None) -> Action:
    """Write into the plan what the lead changed, and that only.

    Raises ``DomainError`` with what the plan refuses (a transition no longer allowed…).
    """
    row = _to_review(answer)
    action = row.action
    changes = [line for line in queries.review(row).lines if line.is_proposed]
    _write(row, action, changes, actor=actor, action_version=action_version)
    _decide(row, actor=actor, state=State.ACCEPTED)
    record(
        row.agreement,
        actor=actor,
        verb="accept",
        target=action,
        sentence=f"a accepté les nouvelles de {row.lead} sur l'action {action.code}",
    )
    return action


def _write(
    answer: NewsAnswer,
    action: Action,
    changes: list[Difference],
    *,
    actor: User | None,
    action_version: int | None,
) -> None:
    reason = f"nouvelles de {answer.lead}, campagne « {answer.lead.campaign} »"
    fields: dict[str, Any] = {line.key: line.value for line in changes if line.measure is None}
    try:
        check_version(action, expected=action_version)
        if "status" in fields:
            change_status(action, actor=actor, reason=reason, **fields)
        elif fields:
            update_action(action, actor=actor, reason=reason, **fields)
    except StaleObject:
        raise DomainError(MOVED) from None
    for line in changes:
        if line.measure is not None:
            set_measure_point(
                line.measure,
                actor=actor,
                year=answer.lead.campaign.year,
                value=line.value,
                reason=reason,
            )


def _decide(answer: NewsAnswer, *, actor: User | None, state: str, return_reason: str = "") -> None:
    update_row(
        answer,
        actor=actor,
        fields={
            "state": state,
            "return_reason": return_reason,
            "reviewed_by": actor,
            "reviewed_at": timezone.now(),
        },
        sentence="",
    )


def accept_many(
    answers: Iterable[NewsAnswer],
    *,
    actor: User | None,
    versions: Mapping[int, int] | None = None,
) -> tuple[list[NewsAnswer], dict[int, str]]:
    """Each in its own transaction: (accepted, refusals by answer). One refused keeps no other."""
    seen = versions or {}
    accepted, refused = [], {}
    for answer in answers:
        try:
            accept(answer, actor=actor, action_version=seen.get(answer.pk))
        except DomainError as refusal:
            refused[answer.pk] = refusal.message
        else:
            accepted.append(answer)
    return accepted, refused


@transaction.atomic
def amend(
    answer: NewsAnswer, entry: Entry, *, actor: User | None, action_version: int | None = None
) -> Action:
    """Correct what was answered, then accept it: both, or neither. The history of the answer
    keeps the lead's own words."""
    row = _to_review(answer)
    missing = missing_words(entry.values)
    if missing:
        name, sentence = next(iter(missing.items()))
        raise DomainError(sentence, field=name)
    if entry.version not in (None, row.version):
        raise DomainError("Cette réponse a changé pendant que vous la lisiez : rechargez la page.")
    # What was corrected was corrected beside today's plan: all of it counts.
    row.asked = photograph(row.action, row.lead.campaign.year)
    row.save(update_fields=["asked"])
    keep_answer(row, entry, row.lead.campaign.year, actor=actor)
    return accept(row, actor=actor, action_version=action_version)


@transaction.atomic
def return_answers(
    answers: Iterable[NewsAnswer], *, actor: User | None, reason: str
) -> list[CampaignLead]:
    """Give the pen back with a reason: one message a person, with a new link. The others of the
    person's answers are not touched. Returns the people who must be told by another way."""
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Dites ce qu'il faut préciser.", field="reason")
    rows = sorted((_returnable(answer) for answer in answers), key=lambda row: row.lead_id)
    if not rows:
        raise DomainError("Cochez au moins une réponse.")
    by_hand = []
    for _, group in groupby(rows, key=lambda row: row.lead_id):
        theirs = list(group)
        if not _return_to(theirs, actor=actor, reason=reason):
            by_hand.append(theirs[0].lead)
    return by_hand


def _returnable(answer: NewsAnswer) -> NewsAnswer:
    NewsAnswer.objects.select_for_update().get(pk=answer.pk)
    row = queries.answers_of(answer.lead.campaign).get(pk=answer.pk)
    if row.state != State.TO_REVIEW:
        raise DomainError(f"La réponse sur {row.action.code} est déjà {row.get_state_display()}.")
    return row


def _return_to(answers: list[NewsAnswer], *, actor: User | None, reason: str) -> bool:
    """True when a message leaves (or waits as a draft)."""
    lead = CampaignLead.objects.select_for_update(of=("self",)).select_related(
        "campaign__agreement", "contact", "agreement"
    ).get(pk=answers[0].lead_id)  # fmt: skip
    lead.sent_at = None
    check_can_answer(lead)
    lead.save(update_fields=["sent_at"])
    for answer in answers:
        _decide(answer, actor=actor, state=State.RETURNED, return_reason=reason)
    record(
        lead.agreement,
        actor=actor,
        verb="return",
        target=lead.campaign,
        sentence=f"a renvoyé {plural(len(answers), 'réponse')} à {lead} : campagne « {lead.campaign} »",
        reason=reason,
    )
    contact = lead.contact
    if contact is None or not contact.email or contact.is_archived or lead.channel == Channel.PAPER:
        return False
    rank = len(queries.mails_of(lead.campaign).get(lead.pk, [])) + 1
    told = [(answer.action, reason) for answer in answers]
    address = new_link(lead, actor=actor)
    write(lead, f"return:{rank}", words.returned(lead, told, address, actor=actor))
    return True
