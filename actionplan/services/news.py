"""What a lead says of their actions: kept visit after visit, then sent, then out of their hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan.campaign_queries import AWAITED
from actionplan.models import CampaignLead, CampaignLink, NewsAnswer, NewsFigure
from actionplan.news_fields import FIELDS, asked_measures, missing_words, normal, photograph
from actionplan.services.doors import check_can_answer, close_doors
from agreements.models import AccessLink
from agreements.services import create_row, record, update_row
from agreements.services.links import door_of, note_use
from core.errors import DomainError
from core.formats import date_long, datetime_long, plural

Purpose = AccessLink.Purpose
State = NewsAnswer.State


@dataclass(frozen=True)
class Entry:
    """What was typed of one action. ``version`` is the answer's, ``action_version`` the action's,
    as the page showed them; None when nobody read them before (a workbook)."""

    answer_pk: int
    values: Mapping[str, Any]
    figures: Mapping[int, Decimal | None] = field(default_factory=dict)
    version: int | None = None
    action_version: int | None = None


class StaleAnswers(DomainError):
    """The same page was saved elsewhere since it was read (another tab, another phone)."""

    def __init__(self, answers: Sequence[NewsAnswer]) -> None:
        super().__init__(
            "Cette page a été enregistrée ailleurs depuis que vous l'avez ouverte : comparez, "
            "puis enregistrez ce que vous voulez garder."
        )
        self.answers = list(answers)


class Incomplete(DomainError):
    """What a status demands and was not said: ``missing[answer pk][field]`` is the sentence."""

    def __init__(self, missing: dict[int, dict[str, str]]) -> None:
        super().__init__("Il manque une précision avant l'envoi.")
        self.missing = missing


def find_door(token: str) -> CampaignLink | None:
    doors = CampaignLink.objects.select_related(
        "link__created_by", "lead__contact", "lead__campaign__agreement", "lead__agreement"
    )
    return door_of(doors, token, AccessLink.Purpose.GIVE_NEWS)


def door_problem(door: CampaignLink) -> str:
    """Why this door opens no more; empty when it does."""
    lead, link = door.lead, door.link
    if lead.contact_id is None:
        return "Ce lien n'ouvre plus rien."
    if lead.sent_at is not None:
        return f"Vos réponses sont envoyées depuis le {datetime_long(lead.sent_at)} : merci. Le lien est fermé."
    if link.revoked_at is not None:
        return "Ce lien a été retiré. Utilisez le dernier message reçu, ou demandez un autre lien."
    if link.expires_at <= timezone.now():
        return f"Les réponses étaient attendues jusqu'au {date_long(lead.campaign.closes_on)} : ce lien est fermé."
    if lead.campaign.state != lead.campaign.State.OPEN:
        return "Cette campagne est terminée : ce lien est fermé."
    return ""


def note_opening(door: CampaignLink) -> None:
    note_use(door.link_id)
    unopened = CampaignLead.objects.filter(pk=door.lead_id, first_opened_at=None)
    unopened.update(first_opened_at=timezone.now())


def _locked(lead: CampaignLead, through: CampaignLink | None) -> CampaignLead:
    """The lead, locked. ``through`` is the door by which they come: it may have been taken away, or
    the person erased, since the page was opened."""
    row = (
        CampaignLead.objects.select_for_update(of=("self",))
        .select_related("campaign__agreement", "contact", "agreement")
        .get(pk=lead.pk)
    )
    if through is not None:
        link = AccessLink.objects.select_for_update().get(pk=through.link_id)
        problem = door_problem(CampaignLink(lead=row, link=link))
        if problem:
            raise DomainError(problem)
    check_can_answer(row)
    return row


@transaction.atomic
def save_answers(
    lead: CampaignLead,
    entries: Sequence[Entry],
    *,
    typed_by: User | None = None,
    through: CampaignLink | None = None,
) -> None:
    """Keep what was typed, all of it or nothing; the plan does not move.

    Raises ``StaleAnswers`` when another tab kept something else meanwhile, ``DomainError`` when
    the door has closed.
    """
    _save(_locked(lead, through), entries, typed_by)


@transaction.atomic
def send_answers(
    lead: CampaignLead,
    entries: Sequence[Entry],
    *,
    typed_by: User | None = None,
    through: CampaignLink | None = None,
) -> list[NewsAnswer]:
    """Keep, then send: the answers wait « à valider » and every link of the person closes.

    Raises ``Incomplete`` too, when a status asks for more words.
    """
    row = _locked(lead, through)
    _save(row, entries, typed_by)
    awaited = _awaited(row)
    missing = {
        answer.pk: words
        for answer in awaited
        if answer.status
        and not answer.action.is_archived
        and (words := missing_words({name: getattr(answer, name) for name in FIELDS}))
    }
    if missing:
        raise Incomplete(missing)
    sent = []
    for answer in awaited:
        if not answer.status:  # its action left the plan before anything was said of it
            continue
        update_row(answer, actor=typed_by, fields={"state": State.TO_REVIEW}, sentence="")
        sent.append(answer)
    if not sent:
        raise DomainError("Il n'y a rien à envoyer : ces actions ne sont plus dans le plan.")
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
    close_doors(row)
    told = f"les nouvelles de {row} ({plural(len(sent), 'action')}) : campagne « {row.campaign} »"
    record(
        row.agreement,
        actor=typed_by,
        verb="news",
        target=row.campaign,
        sentence=f"a saisi {told}" if typed_by else f"a reçu {told}",
    )
    lead.sent_at = row.sent_at
    return sent


def _awaited(lead: CampaignLead) -> list[NewsAnswer]:
    return list(
        NewsAnswer.objects.select_for_update(of=("self",))
        .filter(lead=lead, state__in=AWAITED)
        .select_related("action__agreement", "agreement")
        .prefetch_related("figures", "action__measures__points")
        .order_by("pk")
    )


def _save(lead: CampaignLead, entries: Sequence[Entry], typed_by: User | None) -> None:
    answers = {answer.pk: answer for answer in _awaited(lead)}
    stale = [
        answers[entry.answer_pk]
        for entry in entries
        if entry.answer_pk in answers and _is_stale(answers[entry.answer_pk], entry)
    ]
    if stale:
        raise StaleAnswers(stale)
    for entry in entries:
        answer = answers.get(entry.answer_pk)
        if answer is not None and not answer.action.is_archived:
            keep_answer(answer, entry, lead.campaign.year, actor=typed_by, is_typed=bool(typed_by))


def _is_stale(answer: NewsAnswer, entry: Entry) -> bool:
    """Another version, and other words: saving the same thing twice is no conflict."""
    if entry.version in (None, answer.version):
        return False
    kept = {figure.measure_id: figure.value for figure in answer.figures.all()}
    same_words = all(
        normal(getattr(answer, name)) == normal(value) for name, value in entry.values.items()
    )
    return not same_words or any(kept.get(pk) != value for pk, value in entry.figures.items())


def keep_answer(
    answer: NewsAnswer,
    entry: Entry,
    year: int,
    *,
    actor: User | None,
    is_typed: bool = False,
) -> None:
    """Write what was typed of one action; ``is_typed``: by ``actor``, in the lead's name."""
    fields: dict[str, Any] = {
        name: normal(entry.values[name]) for name in FIELDS if name in entry.values
    }
    if not answer.status and entry.action_version == answer.action.version:
        # What was under the lead's eyes is today's plan: what moved before is no conflict.
        fields["asked"] = photograph(answer.action, year)
    if is_typed:
        fields["typed_by"] = actor
    update_row(answer, actor=actor, fields=fields, sentence="")
    allowed = {measure.pk: measure for measure in asked_measures(answer.action)}
    known = {figure.measure_id: figure for figure in answer.figures.all()}
    for pk, value in entry.figures.items():
        if pk in known:
            update_row(known[pk], actor=actor, fields={"value": value}, sentence="")
        elif pk in allowed and value is not None:
            create_row(
                NewsFigure,
                answer.agreement,
                actor=actor,
                fields={"answer": answer, "measure": allowed[pk], "value": value},
                sentence="",
            )
