"""Reads of the desk: what each room has to say this week. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.urls import reverse

from actionplan.models import Action, ActionStatus
from agreements.access import Access
from agreements.models import Agreement, DocumentState, JournalEntry, Snapshot
from committees.models import AgendaItem, Committee, Decision, Meeting
from core.formats import date_long, plural
from desk.models import Deadline, PostponedLine
from desk.week import Week, WeekLine, compose, countdown, days_in_words
from evaluation.queries import current_campaign, readiness
from partners.models import Contact, Contract

HORIZON = timedelta(days=60)
MINUTES_PER_REMINDER = 5


def week_of(access: Access, today: date) -> Week:
    """The lines of one person's week, composed."""
    agreement = access.agreement
    hidden = set(
        PostponedLine.objects.filter(
            agreement=agreement, user=access.user, until__gt=today
        ).values_list("key", flat=True)
    )
    lines = [
        *since_last_visit(access),
        *committee_line(agreement, today),
        *reminders(agreement, today),
        *to_validate(agreement),
        *overdue_decisions(agreement, today),
        *coming_dates(agreement, today),
        *missing_figures(agreement, today),
    ]
    return compose(lines, hidden=hidden, available_minutes=round(agreement.weekly_hours * 60))


def since_last_visit(access: Access) -> list[WeekLine]:
    """What others wrote since the visit before this one."""
    since = access.membership.previous_seen_at
    if since is None:
        return []
    count = (
        JournalEntry.objects.filter(agreement=access.agreement, at__gt=since)
        .exclude(actor=access.user)
        .count()
    )
    if not count:
        return []
    return [
        WeekLine(
            key=f"visit-{since:%Y%m%d%H}",
            title=f"Depuis votre dernière visite : {plural(count, 'changement', 'changements')}",
            detail=f"Depuis le {date_long(since.date())}.",
            minutes=10,
            url=reverse("agreements:journal", args=[access.agreement.slug]),
            link_label="Lire le journal",
            urgency=5,
            icon="history",
        )
    ]


def committee_line(agreement: Agreement, today: date) -> list[WeekLine]:
    """The countdown to the next COPIL, and what its rétroplanning asks now."""
    meeting = (
        Meeting.objects.filter(agreement=agreement, committee__kind=Committee.Kind.STEERING)
        .upcoming(today)
        .select_related("committee")
        .first()
    )
    if meeting is None:
        return []
    minutes, urgency, task = countdown(meeting.on, today)
    return [
        WeekLine(
            key=f"meeting-{meeting.pk}",
            title=f"{meeting.committee} {days_in_words((meeting.on - today).days)}",
            detail=f"Le {date_long(meeting.on)}. {task}",
            minutes=minutes,
            url=reverse("committees:meeting", args=[agreement.slug, meeting.pk]),
            link_label="Préparer la réunion",
            urgency=urgency,
            icon="calendar-event",
        )
    ]


def reminders(agreement: Agreement, today: date) -> list[WeekLine]:
    """One line for all the pilots whose actions are late or blocked, with the text to send."""
    actions = list(
        Action.objects.filter(agreement=agreement)
        .late(today)
        .union(
            Action.objects.filter(
                agreement=agreement,
                status=ActionStatus.BLOCKED,
                blocked_review_on__lte=today + timedelta(days=30),
            ).active()
        )
    )
    if not actions:
        return []
    contacts = Contact.objects.in_bulk(
        {action.lead_contact_id for action in actions if action.lead_contact_id}
    )
    by_pilot: dict[str, list[Action]] = defaultdict(list)
    for action in actions:
        contact = contacts.get(action.lead_contact_id) if action.lead_contact_id else None
        by_pilot[str(contact or "Pilote à désigner")].append(action)
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


def to_validate(agreement: Agreement) -> list[WeekLine]:
    """What waits for a yes: agenda items proposed by the Caf, documents read by the Caf."""
    proposed = AgendaItem.objects.filter(
        agreement=agreement, is_confirmed=False, meeting__state=Meeting.State.PLANNED
    ).count()
    documents = Snapshot.objects.filter(
        agreement=agreement, state__in=[DocumentState.READ_BY_CAF, DocumentState.APPROVED]
    ).count()
    lines = []
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


def overdue_decisions(agreement: Agreement, today: date) -> list[WeekLine]:
    decisions = list(
        Decision.objects.filter(agreement=agreement).overdue(today).order_by("due_on")[:50]
    )
    if not decisions:
        return []
    oldest = decisions[0]
    assert oldest.due_on is not None
    return [
        WeekLine(
            key=f"decisions-{'-'.join(str(decision.pk) for decision in decisions[:5])}",
            title=f"{plural(len(decisions), 'décision échue', 'décisions échues')}",
            detail=f"La plus ancienne : n° {oldest.number}, {days_in_words((oldest.due_on - today).days)}.",
            minutes=10 * min(len(decisions), 3),
            url=reverse("committees:decisions", args=[agreement.slug]),
            link_label="Suivre les décisions",
            urgency=2,
            icon="gavel",
        )
    ]


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
            + (f" {deadline.note}." if deadline.note else ""),
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


def missing_figures(agreement: Agreement, today: date) -> list[WeekLine]:
    """What the year's report still lacks, in one line that opens the first step undone."""
    campaign = current_campaign(agreement, today)
    if campaign is None or campaign.state != campaign.State.OPEN:
        return []
    missing = [todo for todo in readiness(campaign, today) if not todo.is_done]
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


def three_points(agreement: Agreement, today: date) -> list[str]:
    """« Trois points pour mon N+1 / la Caf » : three sentences, from facts only."""
    actions = Action.objects.filter(agreement=agreement).active()
    counts = {"total": actions.count(), "done": actions.filter(status=ActionStatus.DONE).count()}
    running = actions.filter(status=ActionStatus.IN_PROGRESS).count()
    blocked = list(actions.filter(status=ActionStatus.BLOCKED).in_plan_order()[:3])
    meeting = (
        Meeting.objects.filter(agreement=agreement)
        .upcoming(today)
        .select_related("committee")
        .first()
    )
    points = [
        f"Le plan compte {plural(counts['total'], 'action', 'actions')} : "
        f"{plural(counts['done'], 'réalisée', 'réalisées')}, {running} en cours."
    ]
    if blocked:
        causes = " ; ".join(f"{action.code} ({action.blocked_cause})" for action in blocked)
        points.append(f"{plural(len(blocked), 'action bloquée', 'actions bloquées')} : {causes}.")
    else:
        points.append("Aucune action n'est bloquée.")
    if meeting:
        points.append(f"Prochaine réunion : {meeting.committee}, le {date_long(meeting.on)}.")
    else:
        points.append("Aucune réunion n'est encore fixée.")
    return points
