"""Produce a document: build its content, freeze it under the next number, keep its files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from accounts.models import User
from agreements.models import Agreement, DocumentState, Snapshot, SnapshotFile
from agreements.services import freeze, store_file
from core import jobs
from core.documents.content import Content
from core.documents.declaration import MIMES, RenderedFile, file_name, registry, render
from core.formats import date_long
from core.models import Job
from reports.documents.base import Document, Request

DRAW = "reports.draw"


def produce_document(request: Request, identifier: str, *, actor: User | None) -> Snapshot:
    """Freeze what the document says today, and have its files drawn in the background.

    Raises ``DomainError`` when the document cannot be built (no COPIL is planned…).
    """
    declaration = registry.get(identifier)
    content = declaration.content(request)
    snapshot = freeze(
        request.agreement,
        actor=actor,
        kind=identifier,
        title=content.title,
        content=content,
        audience=content.audience,
        year=request.year,
        subject_id=request.meeting_id or request.theme_id,
        edition=request.edition,
        details=declaration.details(request) if isinstance(declaration, Document) else {},
    )
    start_drawing(snapshot, actor=actor)
    return snapshot


def start_drawing(snapshot: Snapshot, *, actor: User | None) -> Job:
    return jobs.start(
        realm=snapshot.agreement.realm,
        kind=DRAW,
        label=f"Mise en page de « {snapshot} »",
        parameters={"snapshot": snapshot.pk},
        owner_label=str(actor) if actor else "",
    )


def content_of(snapshot: Snapshot) -> Content:
    """The frozen content, with the number and the state that the snapshot bears today."""
    state = DocumentState(snapshot.state)
    label = str(state.label)
    last = snapshot.transitions.last()
    if last is not None:
        label = f"{label} le {date_long(last.on)}"
    content = Content.from_json(snapshot.content).with_meta(
        number=snapshot.number, state=str(state.value), state_label=label
    )
    try:
        return registry.get(snapshot.kind).complete(content, snapshot.pk)
    except KeyError:
        return content


def formats_of(snapshot: Snapshot) -> tuple[str, ...]:
    try:
        return registry.get(snapshot.kind).formats
    except KeyError:
        return ("pdf",)


def file_of(snapshot: Snapshot, fmt: str) -> SnapshotFile:
    """The file of a format. What was sent is kept byte for byte; before that, each state draws it
    anew, since the state is printed on every page.

    Raises ``ValueError`` for a format that the document does not have.
    """
    if fmt not in formats_of(snapshot):
        raise ValueError(f"Ce document n'existe pas au format {fmt}.")
    kept = SnapshotFile.objects.filter(snapshot=snapshot, format=fmt).first()
    if kept is not None:
        return kept
    rendered = draw(snapshot, content_of(snapshot), fmt)
    if snapshot.state == DocumentState.SENT:
        return store_file(snapshot, rendered)
    return SnapshotFile(
        agreement_id=snapshot.agreement_id, snapshot=snapshot, format=fmt, name=rendered.name,
        mime=rendered.mime, data=rendered.data,
    )  # fmt: skip


def draw(snapshot: Snapshot, content: Content, fmt: str) -> RenderedFile:
    """Draw a format; a PDF says how many pages it has, which the snapshot remembers."""
    if fmt != "pdf":
        return render(content, fmt)
    from core.documents import pdf  # heavy (Pango): only who draws pays for it

    data, pages = pdf.draw(content.restricted(), watermark=content.meta.is_draft)
    if "pages" not in snapshot.details:
        snapshot.details = {**snapshot.details, "pages": asdict(pages)}
        Snapshot.objects.filter(pk=snapshot.pk).update(details=snapshot.details)
    return RenderedFile(name=file_name(content, fmt), mime=MIMES[fmt], data=data, format=fmt)


def keep_sent_files(snapshot: Snapshot) -> None:
    """Keep every format as it was sent, so that it can be had again as it was."""
    for fmt in formats_of(snapshot):
        file_of(snapshot, fmt)


def file_as_sent(snapshot: Snapshot, fmt: str) -> SnapshotFile:
    """The file of a document that leaves now: every format is kept as it was sent."""
    if snapshot.state == DocumentState.SENT:
        keep_sent_files(snapshot)
    return file_of(snapshot, fmt)


def default_request(agreement: Agreement, on: date) -> Request:
    year = min(max(on.year, agreement.starts_on.year), agreement.ends_on.year)
    return Request(agreement=agreement, on=on, year=year)


def readiness(document: Document, request: Request) -> str:
    """Why the document cannot be produced yet, in a sentence; empty when it can."""
    return document.missing(request)
