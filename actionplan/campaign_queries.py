"""Reads of the campaigns: whom to ask, who answered, what remains to weigh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actionplan.models import Action, Campaign, CampaignLead, Measure, NewsAnswer
from actionplan.news_fields import Difference, differences
from agreements.models import Agreement
from core.db import fr_order
from core.formats import hours_minutes, plural
from core.models import OutgoingMail
from partners.models import Contact

Channel = CampaignLead.Channel
AWAITED = (NewsAnswer.State.WAITING, NewsAnswer.State.RETURNED)
"""States in which the lead still has the pen."""


# --- Whom to ask ----------------------------------------------------------------------------
@dataclass
class Proposal:
    """A person who leads open actions, and what stands in the way of writing to them."""

    contact: Contact
    actions: list[Action] = field(default_factory=list)

    @property
    def channels(self) -> list[tuple[str, str]]:
        if not self.contact.email:
            return [(Channel.PAPER.value, str(Channel.PAPER.label))]
        return [(value, str(label)) for value, label in Channel.choices]

    @property
    def problem(self) -> str:
        return "" if self.contact.email else "sans adresse électronique"


@dataclass(frozen=True)
class Proposals:
    people: list[Proposal]
    without_person: list[Action]
    """Nobody to ask: no person, an erased one, or one whose record is archived."""


def proposals(agreement: Agreement, *, besides: Iterable[int | None] = ()) -> Proposals:
    """The pilots of the open actions, in alphabetical order, without those of ``besides``."""
    actions = (
        Action.objects.filter(agreement=agreement)
        .open()
        .select_related("lead_contact", "lead_organisation", "agreement")
        .order_by(
            *fr_order("lead_contact__last_name"),
            "lead_contact_id",
            "orientation__position",
            "position",
            "pk",
        )
    )
    known = set(besides)
    people: dict[int, Proposal] = {}
    nobody = []
    for action in actions:
        contact = action.lead_contact
        if contact is None or contact.is_archived:
            nobody.append(action)
        elif contact.pk not in known:
            people.setdefault(contact.pk, Proposal(contact)).actions.append(action)
    return Proposals(list(people.values()), nobody)


# --- The campaigns --------------------------------------------------------------------------
def campaigns(agreement: Agreement) -> QuerySet[Campaign]:
    """Each with its numbers of people, of those who answered, of answers to weigh."""
    leads = CampaignLead.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    waiting = (
        NewsAnswer.objects.filter(lead__campaign=OuterRef("pk"), state=NewsAnswer.State.TO_REVIEW)
        .order_by()
        .values("lead__campaign")
    )

    def counted(rows: QuerySet) -> Coalesce:
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    return Campaign.objects.filter(agreement=agreement).annotate(
        asked=counted(leads),
        answered=counted(leads.filter(sent_at__isnull=False)),
        to_review=counted(waiting),
    )


def answers_of(campaign: Campaign) -> QuerySet[NewsAnswer]:
    """With all that comparing them to the plan takes."""
    return (
        NewsAnswer.objects.filter(lead__campaign=campaign)
        .select_related(
            "lead__contact", "lead__campaign__agreement", "typed_by", "reviewed_by", "agreement"
        )
        .prefetch_related(
            "figures",
            Prefetch(
                "action",
                Action.objects.select_related("agreement").prefetch_related(
                    Prefetch("measures", Measure.objects.prefetch_related("points"))
                ),
            ),
        )
        .order_by("action__orientation__position", "action__position", "action__pk", "pk")
    )


def answers_of_lead(lead: CampaignLead) -> list[NewsAnswer]:
    return list(answers_of(lead.campaign).filter(lead=lead))


def mail_prefix(campaign: Campaign) -> str:
    return f"campaign:{campaign.pk}:"


def mails_of(campaign: Campaign) -> dict[int, list[OutgoingMail]]:
    """The messages of a campaign by person, the last first."""
    rows: dict[int, list[OutgoingMail]] = defaultdict(list)
    for mail in OutgoingMail.objects.filter(
        realm=campaign.agreement.realm, unique_key__startswith=mail_prefix(campaign)
    ).order_by("-pk"):
        rows[int(mail.unique_key.split(":")[2])].append(mail)
    return rows


@dataclass(frozen=True)
class Follow:
    """One person on the page of the campaign."""

    lead: CampaignLead
    answers: list[NewsAnswer]
    mail: OutgoingMail | None
    """The last message written to them; None when none was."""

    @property
    def has_answered(self) -> bool:
        return self.lead.sent_at is not None

    @property
    def to_review(self) -> int:
        return sum(row.state == NewsAnswer.State.TO_REVIEW for row in self.answers)

    @property
    def returned(self) -> int:
        return sum(row.state == NewsAnswer.State.RETURNED for row in self.answers)

    @property
    def delay(self) -> timedelta | None:
        asked, sent = self.lead.asked_at, self.lead.sent_at
        return sent - asked if asked and sent else None

    @property
    def delay_words(self) -> str:
        return delay_words(self.delay) if self.delay is not None else ""

    @property
    def can_write_again(self) -> bool:
        failed = self.mail is not None and self.mail.state == OutgoingMail.State.FAILED
        return failed and self.lead.contact is not None and self.lead.channel != Channel.PAPER

    @property
    def to_decide(self) -> str:
        """What a person must decide about the last message; empty when nothing is."""
        states = OutgoingMail.State
        if self.has_answered or self.mail is None:
            return ""
        return {
            states.UNKNOWN: "Demandez à la personne si elle l'a reçu, puis marquez-le envoyé ou renvoyez-le.",
            states.FAILED: "Corrigez l'adresse puis réécrivez, ou remettez un lien ou une fiche de recueil.",
            states.DRAFT: "À envoyer depuis votre messagerie, puis à marquer comme envoyé.",
        }.get(states(self.mail.state), "")


@dataclass(frozen=True)
class Progress:
    """Who answered, who did not, how long it took."""

    rows: list[Follow]

    @property
    def answered(self) -> int:
        return sum(row.has_answered for row in self.rows)

    @property
    def missing(self) -> int:
        return len(self.rows) - self.answered

    @property
    def to_review(self) -> int:
        return sum(row.to_review for row in self.rows)

    @property
    def median_words(self) -> str:
        known = [row.delay.total_seconds() for row in self.rows if row.delay is not None]
        return delay_words(timedelta(seconds=median(known))) if known else ""


def delay_words(delay: timedelta) -> str:
    """« 25 min », « 5 h », « 3 jours »: nobody counts the minutes of a week."""
    minutes = max(0, round(delay.total_seconds() / 60))
    if minutes < 60:
        return hours_minutes(minutes)
    if minutes < 36 * 60:
        return hours_minutes(round(minutes / 60) * 60)
    return plural(round(minutes / 1440), "jour")


def progress(campaign: Campaign) -> Progress:
    """Four queries, whatever the number of people."""
    mails = mails_of(campaign)
    leads = (
        CampaignLead.objects.filter(campaign=campaign)
        .select_related("contact", "campaign__agreement")
        .prefetch_related(
            Prefetch("answers", NewsAnswer.objects.select_related("action")),
        )
        .order_by(*fr_order("contact__last_name"), "pk")
    )
    return Progress(
        [
            Follow(lead, list(lead.answers.all()), next(iter(mails.get(lead.pk, [])), None))
            for lead in leads
        ]
    )


# --- Reminders ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reminders:
    """Who a reminder would reach, and who it would not, with the reason."""

    will: list[CampaignLead]
    wont: list[tuple[CampaignLead, str]]


def reminders(campaign: Campaign) -> Reminders:
    will, wont = [], []
    for row in progress(campaign).rows:
        if row.has_answered:
            continue
        reason = no_reminder(row.lead, row.mail)
        if reason:
            wont.append((row.lead, reason))
        else:
            will.append(row.lead)
    return Reminders(will, wont)


def no_reminder(lead: CampaignLead, last: OutgoingMail | None) -> str:
    """Why this person is not reminded; empty when they may be."""
    states, contact = OutgoingMail.State, lead.contact
    if lead.sent_at is not None:
        return "a déjà répondu"
    if contact is None:
        return "personne effacée"
    if contact.is_archived:
        return "fiche archivée"
    if lead.is_muted:
        return "vous avez choisi de ne plus relancer cette personne"
    if lead.channel == Channel.PAPER:
        return "fiche de recueil : à demander de vive voix"
    if not contact.email:
        return "sans adresse électronique"
    if lead.reminders_sent >= lead.campaign.max_reminders:
        return (
            f"déjà {plural(lead.reminders_sent, 'relance')}, le maximum choisi"
            if lead.campaign.max_reminders
            else "campagne sans relance"
        )
    if last is not None and last.state in (states.QUEUED, states.SENDING, states.DRAFT):
        return "le message précédent n'est pas encore parti"
    if last is not None and last.state in (states.UNKNOWN, states.FAILED):
        return f"message précédent : {last.get_state_display()}, à décider d'abord"
    return ""


# --- Answers to weigh -----------------------------------------------------------------------
@dataclass(frozen=True)
class Review:
    """An answer beside the plan."""

    answer: NewsAnswer
    action: Action
    lines: list[Difference]
    refusal: str = ""

    @property
    def changes(self) -> list[Difference]:
        return [line for line in self.lines if line.is_proposed]

    @property
    def caption(self) -> str:
        return f"Ce que {self.answer.lead} propose pour l'action {self.action.code}"

    @property
    def has_moved(self) -> bool:
        return any(line.has_moved for line in self.lines)


def review(answer: NewsAnswer, refusal: str = "") -> Review:
    lines = differences(answer, answer.action, answer.lead.campaign.year)
    return Review(answer, answer.action, lines, refusal)


def reviews(campaign: Campaign, refusals: dict[int, str] | None = None) -> list[Review]:
    """The answers « à valider », those that change something first."""
    told = refusals or {}
    rows = [
        review(answer, told.get(answer.pk, ""))
        for answer in answers_of(campaign).filter(state=NewsAnswer.State.TO_REVIEW)
    ]
    return sorted(rows, key=lambda row: not row.changes)


def reviewed(campaign: Campaign) -> QuerySet[NewsAnswer]:
    """What was decided of the answers, the last first."""
    decided = Q(state=NewsAnswer.State.ACCEPTED) | Q(state=NewsAnswer.State.RETURNED)
    return answers_of(campaign).filter(decided).order_by("-reviewed_at")


def is_past(campaign: Campaign, today: date) -> bool:
    return campaign.closes_on < today


def actions_of(answers: Sequence[NewsAnswer]) -> list[Action]:
    return [row.action for row in answers if not row.action.is_archived]
