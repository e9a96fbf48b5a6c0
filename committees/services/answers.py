"""The answer to an invitation: given by the personal link, or typed by the coordinator."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.models import AccessLink
from agreements.services import update_row
from agreements.services.links import door_of
from committees.models import Attendance, Meeting, SendingRecipient
from core.dates import end_of_day
from core.errors import DomainError
from core.formats import date_long

Answer = Attendance.Answer
NOTE_LENGTH: int = Attendance._meta.get_field("answer_note").max_length or 0


def find_door(token: str) -> SendingRecipient | None:
    doors = SendingRecipient.objects.select_related(
        "agreement",
        "link__created_by",
        "contact",
        "attendance__organisation",
        "sending__meeting__committee",
        "sending__meeting__agreement",
    )
    return door_of(doors, token, AccessLink.Purpose.ANSWER_INVITATION)


def door_problem(door: SendingRecipient) -> str:
    """Why this door opens no more; empty when it does."""
    link, meeting = door.link, door.sending.meeting
    if link is None or door.contact_id is None or door.attendance_id is None:
        return "Ce lien n'ouvre plus rien."
    if meeting.state == Meeting.State.CANCELLED:
        return f"La réunion du {date_long(meeting.on)} est annulée : il n'y a plus à répondre."
    if link.revoked_at is not None:
        return "Ce lien a été remplacé ou retiré. Utilisez le dernier message reçu."
    if (
        meeting.state != Meeting.State.PLANNED
        or link.expires_at <= timezone.now()
        or end_of_day(meeting.on) <= timezone.now()
    ):
        return f"La réunion était le {date_long(meeting.on)} : ce lien est fermé."
    return ""


@transaction.atomic
def answer_invitation(
    attendance: Attendance,
    *,
    answer: str,
    represented_by: str = "",
    note: str = "",
    through: SendingRecipient | None = None,
    actor: User | None = None,
) -> Attendance:
    """Write what the person announces; it may change until the meeting. What is seen there is
    another fact (``Attendance.status``).

    ``through``: the door by which they come, which may have closed since the page was opened.
    Raises ``DomainError``.
    """
    row = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("contact", "organisation", "meeting__committee", "agreement")
        .get(pk=attendance.pk)
    )
    if through is not None:
        door = (
            SendingRecipient.objects.select_for_update(of=("self",))
            .select_related("link", "sending__meeting")
            .get(pk=through.pk)
        )
        problem = door_problem(door)
        if problem:
            raise DomainError(problem)
    if row.meeting.state != Meeting.State.PLANNED:
        raise DomainError("Cette réunion n'est plus à venir : notez plutôt les présences.")
    represented_by, note = " ".join(represented_by.split()), note.strip()
    _check(row, answer, represented_by, note)
    said = str(Answer(answer).label) + (f" par {represented_by}" if represented_by else "")
    told = f"la réponse de {row.contact} : {said} ({row.meeting})"
    return update_row(
        row,
        actor=actor,
        fields={
            "answer": answer,
            "answer_represented_by": represented_by,
            "answer_note": note,
            "answered_at": timezone.now(),
        },
        verb="answer",
        sentence=f"a noté {told}" if actor else f"a reçu {told}",
    )


def _check(row: Attendance, answer: str, represented_by: str, note: str) -> None:
    if answer not in Answer.values:
        raise DomainError("Choisissez une réponse.", field="answer")
    if answer == Answer.REPRESENTED and not represented_by:
        raise DomainError("Dites par qui vous serez représenté(e).", field="represented_by")
    if answer != Answer.REPRESENTED and represented_by:
        raise DomainError(
            "Choisissez « représenté(e) », ou videz le nom de la personne qui représente.",
            field="represented_by",
        )
    if represented_by.casefold() == str(row.contact).casefold():
        raise DomainError("Une personne ne se représente pas elle-même.", field="represented_by")
    if len(note) > NOTE_LENGTH:
        raise DomainError(f"Ce mot dépasse {NOTE_LENGTH} caractères.", field="note")


@transaction.atomic
def clear_answer(attendance: Attendance, *, actor: User | None) -> Attendance:
    """It was typed for the wrong person."""
    return update_row(
        attendance,
        actor=actor,
        fields={
            "answer": "", "answer_represented_by": "", "answer_note": "", "answered_at": None,
        },
        verb="answer",
        sentence=f"a effacé la réponse de {attendance.contact} ({attendance.meeting})",
    )  # fmt: skip
