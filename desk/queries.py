"""Reads of the desk: what each room has to say this week. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from actionplan.models import Action, ActionStatus, NewsAnswer
from actionplan.queries import actions as plan_actions
from agreements.access import Access
from agreements.models import Agreement, DocumentState, JournalEntry, Snapshot
from committees.models import AgendaItem, Meeting
from core.formats import date_long, plural
from desk import committees
from desk.committees import CommitteeFacts
from desk.decisions import decision_lines
from desk.models import Deadline, PostponedLine
from desk.week import Week, WeekLine, compose, days_in_words
from evaluation.queries import current_campaign, readiness
from partners.models import Contract

HORIZON = timedelta(days=60)
MINUTES_PER_REMINDER = 5


@dataclass(frozen=True)
class Facts:
    """What several lines of the week rest on, read once."""

    actions: list[Action]
    """The plan's active actions in their order, each with ``is_late`` and its pilot."""
    committees: CommitteeFacts
    changes: int | None
    """Lines of the journal by others since the visit before this one; None at the first visit."""
    proposed: int
    waiting_documents: int
    news: int
    """Answers of action leads that wait « à valider »."""
    hidden: frozenset[str] = frozenset()
    """Keys of the lines that this person put off."""

    @property
    def meetings(self) -> list[Meeting]:
        """The meetings to come, the nearest first."""
        return self.committees.coming

    @property
    def late(self) -> list[Action]:
        return [action for action in self.actions if action.is_late]  # type: ignore[attr-defined]

    def with_status(self, status: str) -> list[Action]:
        return [action for action in self.actions if action.status == status]


def read_facts(access: Access, today: date) -> Facts:
    agreement, since = access.agreement, access.membership.previous_seen_at
    waiting = [DocumentState.READ_BY_CAF, DocumentState.APPROVED]
    counts = Agreement.objects.filter(pk=agreement.pk).values(
        changes=_count(
            JournalEntry.objects.filter(at__gt=since or timezone.now()).exclude(actor=access.user)
        ),
        proposed=_count(
            AgendaItem.objects.filter(is_confirmed=False, meeting__state=Meeting.State.PLANNED)
        ),
        waiting=_count(Snapshot.objects.filter(state__in=waiting)),
        news=_count(NewsAnswer.objects.filter(state=NewsAnswer.State.TO_REVIEW)),
        hidden=ArraySubquery(
            PostponedLine.objects.filter(
                agreement=OuterRef("pk"), user=access.user, until__gt=today
            ).values("key")
        ),
    )[0]
    return Facts(
        actions=list(plan_actions(agreement, today)),
        committees=committees.read(agreement, today),
        changes=counts["changes"] if since else None,
        proposed=counts["proposed"],
        waiting_documents=counts["waiting"],
        news=counts["news"],
        hidden=frozenset(counts["hidden"]),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of ``rows`` the agreement of the outer query holds."""
    counted = (
        rows.filter(agreement=OuterRef("pk"))
        .order_by()
        .values("agreement")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted), 0)


def week_of(access: Access, today: date) -> tuple[Week, list[str]]:
    """The lines of one person's week, composed; and the « trois points »."""
    agreement = access.agreement
    facts = read_facts(access, today)
    lines = [
        *since_last_visit(access, facts),
        *committees.committee_line(agreement, facts.committees, today),
        *committees.answers_line(agreement, facts.committees, today),
        *committees.preparation_lines(agreement, facts.committees, today),
        *committees.rhythm_line(agreement, facts.committees),
        *reminders(agreement, facts, today),
        *to_validate(agreement, facts),
        *decision_lines(agreement, today),
        *coming_dates(agreement, today),
        *missing_figures(agreement, facts, today),
    ]
    week = compose(
        lines, hidden=set(facts.hidden), available_minutes=round(agreement.weekly_hours * 60)
    )
    return week, three_points(facts)


def since_last_visit(access: Access, facts: Facts) -> list[WeekLine]:
    """What others wrote since the visit before this one."""
    since = access.membership.previous_seen_at
    if since is None or not facts.changes:
        return []
    return [
        WeekLine(
            key=f"visit-{since:%Y%m%d%H}",
            title=f"Depuis votre dernière visite : {plural(facts.changes, 'changement', 'changements')}",
            detail=f"Depuis le {date_long(since.date())}.",
            minutes=10,
            url=reverse("agreements:journal", args=[access.agreement.slug]),
            link_label="Lire le journal",
            urgency=5,
            icon="history",
        )
    ]


def reminders(agreement: Agreement, facts: Facts, today: date) -> list[WeekLine]:
    """One line for all the pilots whose actions are late or blocked, with the text to send."""
    soon = today + timedelta(days=30)
    to_review = [
        action
        for action in facts.with_status(ActionStatus.BLOCKED)
        if action.blocked_review_on and action.blocked_review_on <= soon
    ]
    actions = [*facts.late, *to_review]
    if not actions:
        return []
    by_pilot: dict[str, list[Action]] = defaultdict(list)
    for action in actions:
        by_pilot[str(action.lead_contact or "Pilote à désigner")].append(action)
    names = ", ".join(sorted(by_pilot))
    return [
        WeekLine(
            key=f"reminders-{today:%G%V}",
            title=f"{plural(len(by_pilot), 'pilote à relancer', 'pilotes à relancer')}, {plural(len(actions), 'action', 'actions')}",
            detail=names,
            minutes=MINUTES_PER_REMINDER * len(by_pilot),
            url=f"{reverse('actionplan:table', args=[agreement.slug])}?late=true",
            link_label="Voir les actions",
            urgency=3,
            icon="bell",
            text="\n\n".join(reminder_text(name, by_pilot[name]) for name in sorted(by_pilot)),
        )
    ]


def reminder_text(name: str, actions: list[Action]) -> str:
    """A courteous message, ready to send."""
    listed = "\n".join(
        f"- {action.code} {action.title} (échéance du {date_long(action.due_on)})"
        for action in sorted(actions, key=lambda action: action.code)
    )
    return (
        f"À : {name}\nBonjour,\nPour préparer le prochain comité, pourriez-vous me dire où en est :\n"
        f"{listed}\nUne ou deux phrases suffisent. Merci beaucoup."
    )


def to_validate(agreement: Agreement, facts: Facts) -> list[WeekLine]:
    """What waits for a yes: news of the actions, agenda items proposed by the Caf, documents."""
    proposed, documents = facts.proposed, facts.waiting_documents
    lines = []
    if facts.news:
        lines.append(
            WeekLine(
                key=f"news-{facts.news}",
                title=plural(facts.news, "réponse à valider", "réponses à valider"),
                detail="Des pilotes ont donné des nouvelles de leurs actions.",
                minutes=min(3 * facts.news, 30),
                url=reverse("actionplan:campaigns", args=[agreement.slug]),
                link_label="Voir les réponses",
                urgency=2,
                icon="message-circle",
            )
        )
    if proposed:
        lines.append(
            WeekLine(
                key=f"proposed-{proposed}",
                title=f"{plural(proposed, 'point proposé', 'points proposés')} par la Caf",
                detail="À retenir ou non dans l'ordre du jour.",
                minutes=10,
                url=reverse("committees:home", args=[agreement.slug]),
                link_label="Voir les réunions",
                urgency=3,
                icon="message-circle",
            )
        )
    if documents:
        lines.append(
            WeekLine(
                key=f"documents-{documents}",
                title=f"{plural(documents, 'document attend', 'documents attendent')} la suite",
                detail="Relu ou validé : il reste à le présenter ou à le transmettre.",
                minutes=10,
                url=reverse("reports:documents", args=[agreement.slug]),
                link_label="Voir les documents",
                urgency=4,
                icon="file-text",
            )
        )
    return lines


def coming_dates(agreement: Agreement, today: date) -> list[WeekLine]:
    """Caf and legal dates within sixty days, late ones included, and contracts that end."""
    deadlines = Deadline.objects.filter(
        agreement=agreement, done_on__isnull=True, on__lte=today + HORIZON
    ).order_by("on")[:5]
    lines = [
        WeekLine(
            key=f"deadline-{deadline.pk}",
            title=deadline.title,
            detail=f"{date_long(deadline.on)}, {days_in_words((deadline.on - today).days)}."
            + (f" {deadline.note.rstrip(' .')}." if deadline.note else ""),
            minutes=30,
            url=reverse("desk:deadlines", args=[agreement.slug]),
            link_label="Voir les échéances",
            urgency=1 if deadline.on < today + timedelta(days=15) else 4,
            icon="calendar-due",
        )
        for deadline in deadlines
    ]
    ending = list(
        Contract.objects.filter(
            agreement=agreement, ends_on__range=(today, today + HORIZON)
        ).order_by("ends_on")[:20]
    )
    if ending:
        lines.append(
            WeekLine(
                key=f"contracts-{ending[0].pk}-{len(ending)}",
                title=f"{plural(len(ending), 'contrat prend fin', 'contrats prennent fin')} bientôt",
                detail=f"Le premier : {ending[0]}, le {date_long(ending[0].ends_on)}.",
                minutes=20,
                url=reverse("partners:contracts", args=[agreement.slug]),
                link_label="Voir les contrats",
                urgency=3,
                icon="file-certificate",
            )
        )
    return lines


def missing_figures(agreement: Agreement, facts: Facts, today: date) -> list[WeekLine]:
    """What the year's report still lacks, in one line that opens the first step undone."""
    campaign = current_campaign(agreement, today)
    if campaign is None or campaign.state != campaign.State.OPEN:
        return []
    steps = readiness(campaign, today, late=facts.late)
    missing = [todo for todo in steps if not todo.is_done]
    if not missing:
        return []
    return [
        WeekLine(
            key=f"figures-{campaign.year}-{missing[0].url_name}",
            title=f"Bilan {campaign.year} : {plural(len(missing), 'rubrique à compléter', 'rubriques à compléter')}",
            detail=" ; ".join(todo.detail for todo in missing) + ".",
            minutes=30,
            url=reverse(missing[0].url_name, args=[agreement.slug, campaign.year]),
            link_label="Compléter",
            urgency=4,
            icon="target-arrow",
        )
    ]


def three_points(facts: Facts) -> list[str]:
    """« Trois points pour mon N+1 / la Caf » : three sentences, from facts only."""
    done = len(facts.with_status(ActionStatus.DONE))
    running = len(facts.with_status(ActionStatus.IN_PROGRESS))
    blocked = facts.with_status(ActionStatus.BLOCKED)
    points = [
        f"Le plan compte {plural(len(facts.actions), 'action', 'actions')} : "
        f"{plural(done, 'réalisée', 'réalisées')}, {running} en cours."
    ]
    if blocked:
        causes = " ; ".join(f"{action.code} ({action.blocked_cause})" for action in blocked[:3])
        points.append(f"{plural(len(blocked), 'action bloquée', 'actions bloquées')} : {causes}.")
    else:
        points.append("Aucune action n'est bloquée.")
    if facts.meetings:
        meeting = facts.meetings[0]
        points.append(f"Prochaine réunion : {meeting.committee}, le {date_long(meeting.on)}.")
    else:
        points.append("Aucune réunion n'est encore fixée.")
    return points
