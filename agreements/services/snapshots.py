"""Frozen documents: numbered, hashed, and passed from state to state by whoever may."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.access import Access
from agreements.models import (
    Agreement,
    DocumentState,
    Snapshot,
    SnapshotFile,
    SnapshotTransition,
)
from agreements.roles import Capability
from agreements.services.journal import actor_label, record
from agreements.services.rows import check
from core.audience import Audience
from core.documents.content import SCHEMA_VERSION, Content
from core.documents.declaration import RenderedFile
from core.errors import DomainError

STATES = list(DocumentState)
WHO: dict[str, Capability] = {
    DocumentState.READ_BY_CAF: Capability.DOCUMENTS_READ_MARK,
    DocumentState.PRESENTED: Capability.DOCUMENTS_SEND,
    DocumentState.APPROVED: Capability.DOCUMENTS_APPROVE,
    DocumentState.SENT: Capability.DOCUMENTS_SEND,
}
"""State → who may declare it."""

SENTENCES: dict[str, str] = {
    DocumentState.READ_BY_CAF: "a marqué « {document} » comme relu par la Caf",
    DocumentState.PRESENTED: "a noté que « {document} » a été présenté au COPIL",
    DocumentState.APPROVED: "a validé « {document} »",
    DocumentState.SENT: "a noté la transmission de « {document} »",
}


@transaction.atomic
def freeze(
    agreement: Agreement,
    *,
    actor: User | None,
    kind: str,
    title: str,
    content: Content,
    audience: Audience | str,
    year: int | None = None,
    subject_id: int | None = None,
    edition: str = "",
    details: dict[str, Any] | None = None,
) -> Snapshot:
    """Keep a content as the next number of its kind. It is never rewritten."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)  # one number at a time
    highest = Snapshot.objects.filter(agreement=agreement, kind=kind).aggregate(top=Max("number"))
    snapshot = Snapshot(
        agreement=agreement,
        kind=kind,
        number=(highest["top"] or 0) + 1,
        title=title,
        year=year,
        subject_id=subject_id,
        edition=edition,
        audience=Audience(audience),
        schema_version=SCHEMA_VERSION,
        content=content.to_json(),
        content_hash=content.content_hash,
        details=details or {},
        created_by=actor,
    )
    check(snapshot)
    snapshot.save()
    record(
        agreement,
        actor=actor,
        verb="freeze",
        target=snapshot,
        sentence=f"a figé « {snapshot} »",
    )
    return snapshot


def allowed_states(snapshot: Snapshot, access: Access) -> list[DocumentState]:
    """The states to which this person may pass the document now."""
    return [
        state
        for state in STATES[STATES.index(DocumentState(snapshot.state)) + 1 :]
        if access.can(WHO[state])
        and (state != DocumentState.SENT or snapshot.state == DocumentState.APPROVED)
    ]


@transaction.atomic
def transition(
    snapshot: Snapshot,
    *,
    actor: User | None,
    access: Access,
    state: DocumentState | str,
    on: date,
    note: str = "",
) -> Snapshot:
    """Pass a document to a later state. A step may be skipped, save that nothing is sent which
    the direction has not approved.

    Raises ``PermissionDenied`` for the wrong role, ``DomainError`` for the wrong order.
    """
    state = DocumentState(state)
    stored = (
        Snapshot.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .get(pk=snapshot.pk)
    )
    if state not in WHO:
        raise DomainError(
            "Un document ne revient pas à l'état de projet : figez une nouvelle version."
        )
    access.require(WHO[state])
    if STATES.index(state) <= STATES.index(DocumentState(stored.state)):
        raise DomainError(
            f"Ce document est déjà « {stored.get_state_display()} » : "
            f"il ne peut plus passer à « {state.label} »."
        )
    if state == DocumentState.SENT and stored.state != DocumentState.APPROVED:
        raise DomainError("La direction doit valider le document avant sa transmission.")
    last = stored.transitions.order_by("-on").first()
    if last is not None and on < last.on:
        raise DomainError(f"Cette date précède l'étape d'avant ({last}).", field="on")
    step = SnapshotTransition(
        agreement=stored.agreement,
        snapshot=stored,
        state=state,
        on=on,
        note=note,
        actor=actor,
        actor_label=actor_label(actor),
    )
    check(step)
    step.save()
    stored.state = state
    stored.save(update_fields=["state"])
    snapshot.state = state
    record(
        stored.agreement,
        actor=actor,
        verb=f"document_{state}",
        target=stored,
        reason=note,
        sentence=SENTENCES[state].format(document=stored),
    )
    return stored


@transaction.atomic
def note_approval(
    snapshot: Snapshot, *, actor: User | None, label: str, on: date, note: str = ""
) -> Snapshot:
    """Approved by whom the document's own rule names (the chair of a meeting), who may have no
    account: the room that calls has checked the right. ``label`` says who."""
    step = SnapshotTransition(
        agreement=snapshot.agreement,
        snapshot=snapshot,
        state=DocumentState.APPROVED,
        on=on,
        note=note,
        actor=actor,
        actor_label=label,
    )
    step.save()  # nothing typed by anybody: no sentence to make of a refusal
    snapshot.state = DocumentState.APPROVED
    snapshot.save(update_fields=["state"])
    return snapshot


@transaction.atomic
def store_file(snapshot: Snapshot, rendered: RenderedFile) -> SnapshotFile:
    """Keep the bytes of a format, so that
    what was sent can be had again as it was. What is kept already is never replaced."""
    kept = SnapshotFile.objects.filter(snapshot=snapshot, format=rendered.format).first()
    if kept is not None:
        return kept
    return SnapshotFile.objects.create(
        agreement_id=snapshot.agreement_id,
        snapshot=snapshot,
        format=rendered.format,
        name=rendered.name,
        mime=rendered.mime,
        data=rendered.data,
        sha256=hashlib.sha256(rendered.data).hexdigest(),
    )
