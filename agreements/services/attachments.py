"""Files hung on anything of an agreement: what a file may be is told by its content, not its name."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from agreements.models import AgreementOwned, Attachment
from agreements.services.rows import create_row, delete_row, update_row
from agreements.services.seen import check_seen
from core.audience import Audience
from core.errors import DomainError
from core.sheets.opening import BROKEN_ARCHIVE, METHODS

ACCEPTED = "PDF, Word, Excel, PowerPoint, LibreOffice, image (PNG, JPEG) ou texte"
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
}
OFFICE_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
OPEN_DOCUMENTS = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
TEXTS = {"txt", "csv"}
EXTENSIONS = {*SIGNATURES, *OFFICE_PARTS, *OPEN_DOCUMENTS, *TEXTS}
HEAD = 8192


def extension_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def check_file(file: Any) -> None:
    """Raises ``DomainError`` for a file that is empty, too heavy, of another type, or whose content
    is not what its name says. Nothing in it is run; of an archive, only the list of its parts and
    a few bytes are read."""
    limit = settings.MAX_UPLOAD_BYTES
    if not file.size:
        raise DomainError("Ce fichier est vide.", field="file")
    if file.size > limit:
        raise DomainError(
            f"Ce fichier dépasse {limit // 1024**2} Mo : allégez-le, ou joignez un lien.",
            field="file",
        )
    kind = extension_of(file.name)
    if kind not in EXTENSIONS:
        raise DomainError(f"Ce type de fichier n'est pas accepté : {ACCEPTED}.", field="file")
    file.seek(0)
    head = file.read(HEAD)
    if not _is(kind, head, file):
        raise DomainError(
            f"Le contenu de ce fichier n'est pas celui d'un fichier « .{kind} » : vérifiez-le.",
            field="file",
        )
    file.seek(0)


def _is(kind: str, head: bytes, file: Any) -> bool:
    if kind in SIGNATURES:
        return head.startswith(SIGNATURES[kind])
    if kind in TEXTS:
        return b"\x00" not in head
    file.seek(0)
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            return _is_archive_of(kind, archive)
    except (*BROKEN_ARCHIVE, ValueError, OSError):
        return False


def _is_archive_of(kind: str, archive: zipfile.ZipFile) -> bool:
    if any(part.compress_type not in METHODS for part in archive.infolist()):
        return False
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DomainError(
            "Ce fichier contient des macros : enregistrez-le sans elles.", field="file"
        )
    if kind in OFFICE_PARTS:
        inside = any(name.startswith(OFFICE_PARTS[kind]) for name in names)
        return "[Content_Types].xml" in names and inside
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as told:
        return told.read(200).decode("ascii", "ignore").strip() == OPEN_DOCUMENTS[kind]


def _told(audience: str) -> bool:
    """Is the act told in the journal to those who read internal information only?"""
    return audience == Audience.INTERNAL


def add_attachment(
    target: AgreementOwned,
    *,
    actor: User | None,
    file: Any,
    title: str = "",
    kind: str = Attachment.Kind.OTHER,
    dated_on: date | None = None,
    audience: str = Audience.INTERNAL,
) -> Attachment:
    """Hang a file on ``target``. Without a title, the file's own name is its title."""
    check_file(file)
    title = title.strip() or file.name.rsplit("/", 1)[-1].rsplit(".", 1)[0][:200]
    return create_row(
        Attachment,
        target.agreement,
        actor=actor,
        fields={
            "target_type": target._meta.label_lower,
            "target_id": target.pk,
            "title": title,
            "kind": kind,
            "dated_on": dated_on,
            "file": file,
            "size": file.size,
            "audience": audience,
            "added_by": actor,
        },
        sentence=f"a joint « {title} » à : {target._meta.verbose_name} « {target} »"[:500],
        verb="attach",
        is_internal=_told(audience),
    )


@transaction.atomic
def update_attachment(
    attachment: Attachment, *, actor: User | None, seen: str | None = None, **fields: Any
) -> Attachment:
    """Its title, kind, date or audience; another file is another attachment."""
    check_seen(attachment, seen)
    before = Attachment.objects.get(pk=attachment.pk)
    return update_row(
        attachment,
        actor=actor,
        fields=fields,
        sentence=f"a modifié la pièce jointe « {before} »",
        is_internal=_told(before.audience) or _told(fields.get("audience", "")),
    )


def hung_on(target: AgreementOwned) -> QuerySet[Attachment]:
    """All that hangs on an object, whoever may read it: for what becomes of the object itself."""
    return Attachment.objects.filter(
        agreement=target.agreement_id,
        target_type=target._meta.label_lower,
        target_id=target.pk,
    )


@transaction.atomic
def copy_attachments(source: AgreementOwned, target: AgreementOwned) -> None:
    """Each file again, with its card and readers: taking one away leaves the other."""
    for row in hung_on(source).order_by("added_at", "pk"):
        copied = Attachment(agreement=row.agreement)
        for name in CARD:
            setattr(copied, name, getattr(row, name))
        copied.target_type, copied.target_id = target._meta.label_lower, target.pk
        with row.file.open("rb") as file:
            copied.file.save(
                (row.file.name or "piece").rsplit("/", 1)[-1], ContentFile(file.read()), save=False
            )
        copied.save()


CARD = ("title", "kind", "dated_on", "size", "audience", "added_by")


@transaction.atomic
def remove_hung_on(*targets: AgreementOwned) -> None:
    """An object that is deleted takes its files with it: nothing else would ever show them."""
    files = [row.file for target in targets for row in hung_on(target)]
    for target in targets:
        hung_on(target).delete()

    def erase() -> None:
        for file in files:
            file.delete(save=False)

    transaction.on_commit(erase)


@transaction.atomic
def remove_attachment(attachment: Attachment, *, actor: User | None) -> None:
    """The file leaves with its row, once the row is gone for good."""
    file = attachment.file
    delete_row(attachment, actor=actor, is_internal=_told(attachment.audience))
    transaction.on_commit(lambda: file.delete(save=False))
