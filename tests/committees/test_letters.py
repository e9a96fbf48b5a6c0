"""The letter of the mairie: one page, tagged, with what a secretary would look for."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from docx import Document
from outloud import check

from agreements.models import Signatory
from committees import letters, services
from committees import sending_texts as texts
from committees import sendings as reads
from committees.models import Sending
from core.documents import letter as letter_pdf
from core.documents.content import BulletList, Paragraph
from core.documents.letter import Letter
from core.documents.letter_docx import word
from tests.committees.factories import AgendaItemFactory
from tests.committees.sending_factories import coming_meeting

TODAY = date(2026, 11, 6)


def drawn(*all_letters: Letter) -> bytes:
    return letter_pdf.pdf(all_letters, title=all_letters[0].subject, author=all_letters[0].sender)


def errors_of(data: bytes) -> list[object]:
    report = check(io.BytesIO(data), layers=["conformance"])
    return [finding for finding in report.findings if finding.severity == "error"]


def pages(data: bytes) -> int:
    return len(pikepdf.open(io.BytesIO(data)).pages)


def test_text_becomes_paragraphs_and_lists() -> None:
    blocks = letters.blocks_of("Madame,\n\n1. Un\n2) Deux\n\n- a\n– b\n\nBien à vous,\nX\n\n\n")
    assert blocks == (
        Paragraph("Madame,"),
        BulletList(("Un", "Deux"), ordered=True),
        BulletList(("a", "b")),
        Paragraph("Bien à vous,\nX"),
    )


@pytest.mark.parametrize(
    ("given", "signature"),
    [
        ("Hélène Vauthier, maire", ("Maire", "Hélène Vauthier")),
        ("Hélène Vauthier", ("", "Hélène Vauthier")),
        ("", ("", "")),
    ],
)
def test_quality_stands_above_the_signature(given, signature) -> None:
    assert letters.signature_of(given) == signature


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Comité de pilotage (COPIL)", "du comité de pilotage"),
        ("COTECH", "du COTECH"),
        ("Commission petite enfance", "de la commission petite enfance"),
        ("Instance de suivi", "de l'instance de suivi"),
        ("Les mercredis", "«\xa0Les mercredis\xa0»"),
    ],
)
def test_committee_is_named_in_a_sentence(name, words) -> None:
    class Stub:
        committee = type("C", (), {"name": name})

    assert texts.of_committee(Stub()) == words  # type: ignore[arg-type]


@pytest.fixture
def sending(agreement, db) -> Sending:
    Signatory.objects.create(
        agreement=agreement, kind="municipality", name="Ville d'Essai",
        represented_by="Hélène Vauthier, maire",
    )  # fmt: skip
    meeting = coming_meeting(agreement, people=3)
    for rank in range(6):
        AgendaItemFactory(
            agreement=agreement,
            meeting=meeting,
            title=f"Un point assez long de l'ordre du jour {rank}",
        )
    return services.prepare_sending(meeting, Sending.Kind.INVITATION, actor=None)


def letter_of(sending: Sending) -> Letter:
    return letters.letter_of(
        sending, texts.confirmed(sending.meeting), sender=letters.sender_of(sending.agreement),
        follower=None, today=TODAY,
    )  # fmt: skip


def test_letter_for_all_is_one_tagged_page(sending) -> None:
    letter = letter_of(sending)
    assert letter.sender == "Ville d'Essai"
    assert letter.signatory == ("Maire", "Hélène Vauthier")
    assert any(isinstance(block, BulletList) and len(block.items) == 8 for block in letter.body)
    data = drawn(letter)
    assert errors_of(data) == []
    assert pages(data) == 1


def test_personal_letters_hold_on_a_page_each_with_their_slip(sending) -> None:
    people = list(reads.recipients(sending.agreement).filter(sending=sending))
    made = letters.personal_letters(
        sending, people, texts.confirmed(sending.meeting), roles={people[0].contact_id: "adjointe"},
        follower=None, today=TODAY,
    )  # fmt: skip
    assert made[0].addressee[:2] == (str(people[0].contact), "Adjointe")
    assert str(people[0].contact) in made[0].slip.sentence
    data = drawn(*made)
    assert pages(data) == len(people) == 3
    assert errors_of(data) == []


def test_slip_is_not_printed_for_a_day_that_is_no_more(sending) -> None:
    services.send(sending, actor=None)
    services.update_meeting(sending.meeting, actor=None, place="Ailleurs")
    sending = reads.sendings(sending.agreement).get()
    assert letters.slip_of(sending, "Ville", "Mme X", TODAY) is None


def test_word_holds_the_same_words(sending) -> None:
    text = "\n".join(p.text for p in Document(io.BytesIO(word(letter_of(sending)))).paragraphs)
    for told in ("Ville d'Essai", "Objet : Invitation", "Bilan provisoire", "Hélène Vauthier"):
        assert told in text
    assert "[ordre du jour]" not in text
