"""What a sending gives to print, to sign or to keep: its letters, and the meeting's calendar file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin
from committees import letters
from committees import sending_texts as texts
from committees import sendings as reads
from committees.invitations import meeting_file
from committees.models import SendingRecipient
from committees.views.meetings import OfMeeting
from committees.views.sendings import OfSending, file_name
from core.documents import letter as letter_pdf
from core.views.files import download

Channel = SendingRecipient.Channel
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterFile(OfSending, AgreementMixin):
    """One letter for all: in Word for the signature, in PDF to be read over."""

    capability = C.PREPARATION_VIEW

    def get(self, request: HttpRequest, pk: int, fmt: str, **kwargs: Any) -> HttpResponse:
        sending = self.sending
        if not sending.letter.strip():
            raise Http404("Cet envoi n'a pas de lettre.")
        letter = letters.letter_of(
            sending, texts.confirmed(sending.meeting), sender=letters.sender_of(self.agreement),
            follower=sending.sent_by or self.follower(), today=date.today(),
        )  # fmt: skip
        name = file_name(sending, "lettre", fmt)
        if fmt == "docx":
            from core.documents.letter_docx import word  # Word is heavy to import

            return download(word(letter), WORD, name)
        if fmt == "pdf":
            data = letter_pdf.pdf([letter], title=letter.subject, author=letter.sender)
            return download(data, "application/pdf", name)
        raise Http404(f"Cette lettre n'existe pas au format {fmt}.")

    def follower(self) -> Any:
        """Who steers the agreement answers the questions, whoever draws the letter."""
        return reads.coordinator(self.agreement) or self.access.user


class PaperFile(LetterFile):
    """The letters of those without e-mail, a page each, with a slip to return."""

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        sending = self.sending
        people = list(
            reads.recipients(self.agreement).filter(sending=sending, channel=Channel.PAPER)
        )
        if not people or not sending.letter.strip():
            raise Http404("Aucun courrier à imprimer pour cet envoi.")
        drawn = letters.personal_letters(
            sending, people, texts.confirmed(sending.meeting),
            roles=reads.roles_of(sending.meeting, [row.contact_id for row in people]),
            follower=sending.sent_by or self.follower(), today=date.today(),
        )  # fmt: skip
        data = letter_pdf.pdf(drawn, title=drawn[0].subject, author=drawn[0].sender)
        return download(data, "application/pdf", file_name(sending, "courriers", "pdf"))


class MeetingCalendarFile(OfMeeting, AgreementMixin):
    """The meeting for one's own calendar."""

    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        data = meeting_file(self.meeting, texts.confirmed(self.meeting))
        name = f"{slugify(str(self.meeting))}.ics"
        return download(data, "text/calendar; charset=utf-8", name)
