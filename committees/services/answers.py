"""The answer to an invitation: given by the personal link or from one's own account, or typed by the
coordinator."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agreements.models import AccessLink
from agreements.services import update_row
from agreements.services.links import door_of
from committees import queries
from committees.models import Attendance, Meeting, SendingRecipient
from committees.papers import papers_of, with_papers
from core.dates import end_of_day
from core.errors import DomainError
from core.formats import date_long

Answer = Attendance.Answer
NOT_LISTED = (
    "Vous n'êtes pas sur la liste de présence de cette réunion : seules les personnes inscrites "
    "répondent à son invitation."
)
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


def cancelled_words(meeting: Meeting) -> str:
    return f"La réunion du {date_long(meeting.on)} est annulée : il n'y a plus à répondre."


def is_over(meeting: Meeting) -> bool:
    """Answers are taken until the midnight that ends the day of the meeting."""
    return meeting.state != Meeting.State.PLANNED or end_of_day(meeting.on) <= timezone.now()


def door_problem(door: SendingRecipient) -> str:
    """Why this door opens no more; empty when it does."""
    link, meeting = door.link, door.sending.meeting
    if link is None or door.contact_id is None or door.attendance_id is None:
        return "Ce lien n'ouvre plus rien."
    if meeting.state == Meeting.State.CANCELLED:
        return cancelled_words(meeting)
    if link.revoked_at is not None:
        return "Ce lien a été remplacé ou retiré. Utilisez le dernier message reçu."
    if link.expires_at <= timezone.now() or is_over(meeting):
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
    if actor is None:
        sentence = f"a reçu {told}"
    elif actor.pk == row.contact.user_id:
        sentence = f"a répondu à l'invitation : {said} ({row.meeting})"
    else:
        sentence = f"a noté {told}"
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
        sentence=sentence,
    )


@transaction.atomic
def answer_mine(
    meeting: Meeting, *, actor: User, answer: str, represented_by: str = ""
) -> Attendance:
    """By the account of the person invited, as by their personal link. The word they may have left
    by that link stays.

    Raises ``PermissionDenied`` for whoever is not on the list, ``DomainError``.
    """
    row = (
        Attendance.objects.select_related("contact")
        .filter(meeting=meeting, contact__user=actor)
        .first()
    )
    if row is None:
        raise PermissionDenied(NOT_LISTED)
    stored = with_papers(queries.meetings(meeting.agreement)).get(pk=meeting.pk)
    if stored.state == Meeting.State.CANCELLED:
        raise DomainError(cancelled_words(stored))
    if is_over(stored):
        raise DomainError(f"La réunion était le {date_long(stored.on)} : il est trop tard.")
    if not papers_of(stored).has_invited(row.contact_id):
        raise DomainError("L'invitation ne vous a pas encore été envoyée : vous répondrez ensuite.")
    return answer_invitation(
        row, actor=actor, answer=answer, represented_by=represented_by, note=row.answer_note
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
