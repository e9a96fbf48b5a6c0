"""The page of the sendings of a meeting: what left, who answered, what it is time to send."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from committees import queries
from committees.models import Attendance, Meeting, Sending, SendingRecipient
from committees.sendings import (
    TELLING,
    Fate,
    Sent,
    changed_at,
    document_problem,
    is_stale,
    last_told,
    mails_of,
    packs,
    people_for,
    recipients,
    record_snapshot,
    sendings,
)
from core.formats import date_long, plural

Kind = Sending.Kind


@dataclass(frozen=True)
class Next:
    """A sending that it is time to prepare. ``reason`` says why; ``problem``, what it waits for;
    without ``may_leave`` it may be prepared, not sent yet."""

    kind: str
    label: str
    reason: str
    problem: str = ""
    may_leave: bool = True


@dataclass(frozen=True)
class AnswerRow:
    attendance: Attendance
    fate: Fate | None
    """Of the last sending that told them when and where; None: not invited yet."""
    is_stale: bool

    @property
    def key(self) -> str:
        """A state of the kind « reply »."""
        if self.attendance.answer:
            return str(self.attendance.answer)
        return "silent" if self.fate is not None else "not_asked"


@dataclass(frozen=True)
class Board:
    """All of the page, read in a fixed number of queries."""

    meeting: Meeting
    answers: list[AnswerRow]
    drafts: list[Sending]
    sent: list[Sent]
    next: list[Next]
    moved_at: datetime | None

    @property
    def is_silent(self) -> bool:
        """It was held, and nothing left nor was answered from here."""
        told = self.sent or self.drafts or any(row.attendance.answer for row in self.answers)
        return self.meeting.state == Meeting.State.HELD and not told

    def count(self, key: str) -> int:
        return sum(row.key == key for row in self.answers)

    @property
    def coming(self) -> int:
        return self.count("coming")

    @property
    def represented(self) -> int:
        return self.count("represented")

    @property
    def excused(self) -> int:
        return self.count("excused")

    @property
    def silent(self) -> int:
        return self.count("silent")

    @property
    def asked(self) -> int:
        return sum(row.fate is not None for row in self.answers)

    @property
    def stale(self) -> int:
        return sum(row.is_stale for row in self.answers)


def board(meeting: Meeting, today: date) -> Board:
    rows = list(queries.attendances(meeting.agreement).filter(meeting=meeting))
    all_sendings = list(
        sendings(meeting.agreement).filter(meeting=meeting).order_by("-sent_at", "-pk")
    )
    mails, people = mails_of(meeting), defaultdict(list)
    listed = recipients(meeting.agreement).filter(sending__meeting=meeting)
    for recipient in listed:
        people[recipient.sending_id].append(Fate(recipient, mails.get(recipient.pk)))
    sent = [Sent(row, people[row.pk]) for row in all_sendings if row.state == Sending.State.SENT]
    telling = [
        fate for group in reversed(sent) if group.sending.kind in TELLING for fate in group.fates
    ]
    last_fate = {fate.recipient.contact_id: fate for fate in telling}
    last = last_told(fate.recipient for fate in telling)
    drafts = [row for row in all_sendings if row.state == Sending.State.DRAFT]
    moved_at = changed_at(meeting)
    return Board(
        meeting=meeting,
        answers=[
            AnswerRow(row, last_fate.get(row.contact_id), is_stale(row, moved_at)) for row in rows
        ],
        drafts=drafts,
        sent=sent,
        next=_next(meeting, rows, last, drafts, sent, today),
        moved_at=moved_at,
    )


def _next(
    meeting: Meeting,
    rows: list[Attendance],
    last: dict[int, SendingRecipient],
    drafts: list[Sending],
    sent: list[Sent],
    today: date,
) -> list[Next]:
    """What is to be sent, the most pressing first. A sending under preparation is not proposed
    again."""
    begun = {row.kind for row in drafts}
    found = []
    is_coming = meeting.state == Meeting.State.PLANNED and meeting.on >= today
    for kind, label, is_open in (
        (Kind.CANCELLATION, "Préparer l'annonce de l'annulation", meeting.state == Meeting.State.CANCELLED),
        (Kind.UPDATE, "Préparer l'annonce du changement", is_coming),
        (Kind.INVITATION, "Préparer l'invitation", is_coming),
    ):  # fmt: skip
        wanted = people_for(kind, meeting, rows, last) if is_open else []
        if wanted and kind not in begun:
            found.append(Next(kind, label, _reason(kind, wanted, last)))
    found += _documents(meeting, begun, {row.sending.kind for row in sent}, is_coming, bool(last))
    return found


def _reason(kind: str, wanted: list[Attendance], last: dict[int, SendingRecipient]) -> str:
    count = len(wanted)
    if kind == Kind.CANCELLATION:
        words = plural(count, "personne invitée ne le sait", "personnes invitées ne le savent")
        return f"La réunion est annulée, et {words} pas encore."
    if kind == Kind.UPDATE:
        words = plural(count, "personne ne le sait", "personnes ne le savent")
        return f"Le jour, l'heure ou le lieu a changé depuis l'invitation, et {words} pas encore."
    if last:
        return plural(
            count,
            "personne inscrite depuis n'est pas encore invitée.",
            "personnes inscrites depuis ne sont pas encore invitées.",
        )
    return plural(count, "personne est inscrite.", "personnes sont inscrites.")


def _documents(
    meeting: Meeting, begun: set[str], left: set[str], is_coming: bool, is_invited: bool
) -> list[Next]:
    """The pack after the invitation, never with it; the record once the meeting is held."""
    if meeting.state == Meeting.State.HELD and Kind.RECORD not in begun | left:
        snapshot = record_snapshot(meeting)
        problem = document_problem(snapshot, Kind.RECORD)
        words = problem or "Le relevé validé est prêt à être diffusé."
        return [Next(Kind.RECORD, "Préparer l'envoi du relevé", words, problem)]
    if is_coming and is_invited and Kind.PACK not in begun | left:
        snapshot = packs(meeting).first()
        problem = document_problem(snapshot, Kind.PACK)
        if snapshot is None:
            return [Next(Kind.PACK, "Préparer l'envoi du dossier", problem, problem)]
        words = problem or f"Le dossier n° {snapshot.number} est prêt à être transmis."
        return [Next(Kind.PACK, "Préparer l'envoi du dossier", words, may_leave=not problem)]
    return []


def told_sentence(sent: Sent) -> str:
    sending = sent.sending
    on = date_long(sending.sent_at)
    by = f" par {sending.sent_by}" if sending.sent_by else ""
    return f"Parti le {on}{by}. {sent.summary}."
