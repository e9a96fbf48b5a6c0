"""What the committees say of the week: the meeting to come, its rétroplanning, the silent ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from agreements.models import Agreement
from committees import rhythm
from committees.models import Attendance, Committee, Meeting, PreparationLine, Sending
from committees.sendings import ASKING
from core.formats import date_long, plural
from desk.week import WeekLine, countdown, days_in_words

AHEAD = timedelta(days=7)
ANSWERS_AHEAD = timedelta(days=14)
MINUTES_PER_STEP = 30
SHOWN = 3


@dataclass(frozen=True)
class PendingStep:
    label: str
    due_on: date

    def words(self, today: date) -> str:
        when = "aujourd'hui" if self.due_on == today else f"le {date_long(self.due_on)}"
        late = ", date passée" if self.due_on < today else ""
        return f"{self.label} ({when}{late})"


@dataclass(frozen=True)
class CommitteeFacts:
    coming: list[Meeting]
    """Planned, the nearest first."""
    pending: list[tuple[Meeting, list[PendingStep]]]
    """Meetings with steps not done, cancelled ones left out; each step in the order of its date."""
    silent: list[tuple[Committee, str]]
    """Committees that do not keep their rhythm, each with a sentence."""

    def steps_of(self, meeting: Meeting) -> list[PendingStep]:
        return next((steps for row, steps in self.pending if row.pk == meeting.pk), [])


def read(agreement: Agreement, today: date) -> CommitteeFacts:
    """In two queries: the committees, and their meetings with what is left to do for each."""
    undone = (
        PreparationLine.objects.filter(meeting=OuterRef("pk"), done_on__isnull=True)
        .order_by("due_on", "pk")
        .values(step=JSONObject(label=F("label"), due_on=F("due_on")))
    )
    unanswered = (
        Attendance.objects.filter(
            meeting=OuterRef("pk"),
            answer="",
            sendings__sending__state=Sending.State.SENT,
            sendings__sending__kind__in=ASKING,
        )
        .order_by()
        .values("meeting")
        .annotate(people=Count("pk", distinct=True))
        .values("people")
    )
    meetings = list(
        Meeting.objects.filter(agreement=agreement)
        .exclude(state=Meeting.State.CANCELLED)
        .select_related("committee__kind")
        .annotate(undone=ArraySubquery(undone), unanswered=Subquery(unanswered))
        .order_by("on", "starts_at", "pk")
    )
    by_committee: dict[int, list[rhythm.MeetingDay]] = defaultdict(list)
    for meeting in meetings:
        by_committee[meeting.committee_id].append(rhythm.MeetingDay(meeting.on, meeting.state))
    silent = [
        (committee, sentence)
        for committee in Committee.objects.filter(agreement=agreement).select_related("kind")
        if (
            sentence := rhythm.advice(
                agreement, committee.expected_per_year, by_committee[committee.pk], today
            )
        )
    ]
    return CommitteeFacts(
        coming=[m for m in meetings if m.state == Meeting.State.PLANNED and m.on >= today],
        pending=[(m, steps_in(m.undone)) for m in meetings if m.undone],  # type: ignore[attr-defined]
        silent=silent,
    )


def steps_in(rows: list[dict[str, str]]) -> list[PendingStep]:
    return [PendingStep(row["label"], date.fromisoformat(row["due_on"])) for row in rows]


# --- The lines --------------------------------------------------------------------------------
def committee_line(agreement: Agreement, facts: CommitteeFacts, today: date) -> list[WeekLine]:
    """The countdown to the next COPIL, and what its rétroplanning asks now."""
    meeting = next((row for row in facts.coming if row.committee.is_steering), None)
    if meeting is None:
        return []
    minutes, urgency, task = countdown(meeting.on, today)
    steps = facts.steps_of(meeting)
    if steps:
        task = told(steps, today)
        if steps[0].due_on < today:
            urgency = min(urgency, 2)
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


def answers_line(agreement: Agreement, facts: CommitteeFacts, today: date) -> list[WeekLine]:
    """Those invited to the next COPIL who have said nothing, when it is near."""
    meeting = next((row for row in facts.coming if row.committee.is_steering), None)
    silent = getattr(meeting, "unanswered", None) or 0
    if meeting is None or not silent or meeting.on > today + ANSWERS_AHEAD:
        return []
    told = plural(silent, "personne n'a pas répondu", "personnes n'ont pas répondu")
    return [
        WeekLine(
            key=f"answers-{meeting.pk}",
            title=f"{told} à l'invitation",
            detail=f"{meeting.committee}, le {date_long(meeting.on)}. Un appel suffit souvent.",
            minutes=10,
            url=reverse("committees:sendings", args=[agreement.slug, meeting.pk]) + "#reponses",
            link_label="Voir les réponses",
            urgency=3,
            icon="user-question",
        )
    ]


def told(steps: list[PendingStep], today: date) -> str:
    """The steps whose date is past or near; else the next one."""
    near = [step for step in steps if step.due_on <= today + AHEAD] or steps[:1]
    return " ; ".join(step.words(today) for step in near[:SHOWN]) + "."


def preparation_lines(agreement: Agreement, facts: CommitteeFacts, today: date) -> list[WeekLine]:
    """One line for each other meeting whose rétroplanning asks for something this week: one to
    come, or one held whose decisions are to be sent."""
    steering = next((row.pk for row in facts.coming if row.committee.is_steering), None)
    lines = []
    for meeting, steps in facts.pending:
        near = [step for step in steps if step.due_on <= today + AHEAD]
        if meeting.pk == steering or not near:
            continue
        is_late = near[0].due_on < today
        lines.append(
            WeekLine(
                key=f"preparation-{meeting.pk}",
                title=f"{meeting.committee} du {date_long(meeting.on)} : {plural(len(near), 'étape')} du rétroplanning",
                detail=told(steps, today),
                minutes=MINUTES_PER_STEP * min(len(near), SHOWN),
                url=reverse("committees:meeting", args=[agreement.slug, meeting.pk])
                + "#retroplanning",
                link_label="Voir le rétroplanning",
                urgency=3 if is_late else 4,
                icon="list-check",
            )
        )
    return lines


def rhythm_line(agreement: Agreement, facts: CommitteeFacts) -> list[WeekLine]:
    """Advice, in one line for all the committees that are silent; a COPIL comes first."""
    if not facts.silent:
        return []
    ordered = sorted(facts.silent, key=lambda pair: not pair[0].is_steering)
    committee, sentence = ordered[0]
    rest = len(ordered) - 1
    more = f" Et {plural(rest, 'autre instance', 'autres instances')}." if rest else ""
    keys = "-".join(str(row.pk) for row, _ in ordered[:5])
    return [
        WeekLine(
            key=f"rhythm-{keys}",
            title="Un rythme de réunion n'est pas tenu",
            detail=f"{committee} : {sentence}{more}",
            minutes=15,
            url=reverse("committees:home", args=[agreement.slug]),
            link_label="Voir les instances",
            urgency=4 if committee.is_steering else 5,
            icon="repeat",
        )
    ]
