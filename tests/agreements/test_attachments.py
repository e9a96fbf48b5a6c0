"""Files hung on an object: what they may be, who reads them, what is told of them."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from agreements.attachments import readable
from agreements.models import Attachment, JournalEntry
from agreements.services import attachments
from agreements.services.seen import mark_of
from core.audience import Audience
from core.errors import DomainError, StaleObject
from tests.agreements.anything import make
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def archive(*names: str, mimetype: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return data.getvalue()


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


DOCX = archive("[Content_Types].xml", "word/document.xml")
ODT = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("devis.pdf", PDF),
        ("Photo.PNG", PNG),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 20),
        ("note.docx", DOCX),
        ("tableau.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("note.odt", ODT),
        ("liste.csv", b"lot;montant\nmenuiserie;1\n"),
        ("note.txt", "Réunion du 3 mars".encode("cp1252")),
    ],
)
def test_usual_files_are_accepted(agreement, name, content) -> None:
    target = make("actionplan.Action", agreement)
    row = attachments.add_attachment(target, actor=None, file=file(name, content))
    assert row.title == name.rsplit(".", 1)[0]
    assert row.size == len(content)
    assert (row.target_type, row.target_id) == ("actionplan.action", target.pk)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("vide.pdf", b"", "est vide"),
        ("programme.exe", b"MZ", "n'est pas accepté"),
        ("page.html", b"<html>", "n'est pas accepté"),
        ("dessin.svg", b"<svg onload='x'/>", "n'est pas accepté"),
        ("sans-extension", PDF, "n'est pas accepté"),
        ("faux.pdf", b"<html><script>", "Le contenu"),
        ("faux.png", PDF, "Le contenu"),
        ("faux.docx", b"PK\x03\x04 pas une archive", "Le contenu"),
        ("faux.xlsx", DOCX, "Le contenu"),
        ("faux.odt", DOCX, "Le contenu"),
        ("faux.txt", b"texte\x00binaire", "Le contenu"),
        ("macros.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
    ],
)  # fmt: skip
def test_other_files_are_refused_in_words_and_nothing_is_written(
    agreement, name, content, words
) -> None:
    target = make("actionplan.Action", agreement)
    with pytest.raises(DomainError, match=words) as refusal:
        attachments.add_attachment(target, actor=None, file=file(name, content))
    assert refusal.value.field == "file"
    assert not Attachment.objects.exists()


def test_heavy_file_is_refused(agreement, settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024**2
    target = make("actionplan.Action", agreement)
    with pytest.raises(DomainError, match="dépasse 1 Mo"):
        attachments.add_attachment(target, actor=None, file=file("gros.pdf", PDF + b"0" * 1024**2))


@hypothesis(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(min_size=1, max_size=400),
    kind=st.sampled_from(sorted(attachments.EXTENSIONS)),
)
def test_any_bytes_are_accepted_or_refused_in_words(content, kind) -> None:
    """No content breaks the check; what is accepted under a strict kind bears its signature."""
    accepted = True
    with suppress(DomainError):
        attachments.check_file(file(f"piece.{kind}", content))
        accepted = content.startswith(attachments.SIGNATURES.get(kind, b""))
    assert accepted


@pytest.mark.parametrize("audience", list(Audience))
def test_audience_is_obeyed(agreement, audience) -> None:
    """A file is read at its level and by whoever added it, never below."""
    author, reader = UserFactory(), UserFactory()
    target = make("actionplan.Action", agreement)
    row = attachments.add_attachment(
        target, actor=author, file=file("devis.pdf", PDF), audience=audience
    )
    for level in Audience:
        found = readable(agreement, type(target), level, reader)
        assert (row in found) == level.allows(audience)
        assert row in readable(agreement, type(target), level, author)


def test_removed_file_leaves_the_disk_and_a_line_in_the_journal(
    agreement, django_capture_on_commit_callbacks
) -> None:
    target = make("actionplan.Action", agreement)
    row = attachments.add_attachment(target, actor=None, file=file("devis.pdf", PDF))
    storage, name = row.file.storage, row.file.name
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove_attachment(row, actor=None)
    assert not storage.exists(name)
    line = JournalEntry.objects.filter(agreement=agreement).latest("pk")
    assert "devis" in line.sentence
    assert line.is_internal


def test_card_changed_by_another_is_not_overwritten(agreement) -> None:
    target = make("actionplan.Action", agreement)
    row = attachments.add_attachment(target, actor=None, file=file("devis.pdf", PDF))
    seen = mark_of(row)
    attachments.update_attachment(row, actor=None, seen=seen, title="Devis signé")
    mine = Attachment.objects.get(pk=row.pk)
    with pytest.raises(StaleObject) as stale:
        attachments.update_attachment(mine, actor=None, seen=seen, dated_on=date(2026, 3, 1))
    assert stale.value.current.version == mark_of(Attachment.objects.get(pk=row.pk))
    assert Attachment.objects.get(pk=row.pk).title == "Devis signé"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_damaged_archive_is_refused_in_words(method) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 20)
    content = bytearray(data.getvalue())
    content[40:60] = b"\xff" * 20
    with pytest.raises(DomainError, match="Le contenu de ce fichier"):
        attachments.check_file(file("note.odt", bytes(content)))
