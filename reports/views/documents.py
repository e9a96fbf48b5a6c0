"""The documents page: produce in one click, read, download, pass from state to state, share."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.cache import never_cache

from agreements.models import AccessLink, Snapshot, SnapshotFile
from agreements.roles import Capability as C
from agreements.services import allowed_states
from agreements.services import links as access_links
from agreements.views.base import (
    AgreementDetailView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    ReturnToObject,
)
from committees import papers, records
from committees.models import Meeting
from committees.sendings import PACK_DOCUMENT
from core.documents.declaration import registry
from core.documents.page import render_fragment
from core.jobs import worker_is_listening
from core.views.files import download
from reports import forms, services
from reports.documents.base import Document
from reports.forms_plan import form_for
from reports.meetings import steering_meeting

FORMAT_WORDS = {"pdf": "PDF", "xlsx": "Excel", "docx": "Word", "pptx": "PowerPoint"}


def snapshots(access: Any) -> QuerySet[Snapshot]:
    """The frozen documents that this reader may open."""
    return (
        Snapshot.objects.filter(agreement=access.agreement, audience__in=access.audience.readable)
        .select_related("agreement", "created_by")
        .defer("content")
    )


class DocumentsView(AgreementPageView):
    template_name = "reports/documents.html"
    capability = C.DOCUMENTS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = services.default_request(self.agreement, date.today())
        can_produce = self.access.can(C.DOCUMENTS_PRODUCE)
        made = list(snapshots(self.access)[:50])
        coming = (
            papers.coming_papers(self.agreement, request.on)
            if self.access.can(C.PREPARATION_VIEW)
            else []
        )
        meeting = (
            None
            if can_produce or not self.access.can(C.COMMITTEES_VIEW)
            else steering_meeting(self.agreement, request.on)
        )
        pack = self.pack_of(meeting, made)
        return super().get_context_data(
            cards=[
                {
                    "document": document,
                    "formats": ", ".join(FORMAT_WORDS[fmt] for fmt in document.formats),
                    "missing": missing,
                    "form": form_for(document.identifier)(
                        access=self.access, document=document, known_meetings=request.meetings
                    ),
                    "prepare_url": "" if missing else document.prepare_url(request),
                }
                for document in registry.all()
                if isinstance(document, Document) and document.is_listed
                for missing in [services.readiness(document, request)]
            ]
            if can_produce
            else [],
            snapshots=made,
            records_to_validate=records.awaiting_validation(self.access),
            awaited=[] if can_produce else self.awaited(made),
            packs_to_approve=papers.packs_to_approve(coming, self.access),
            papers=[
                (row.meeting, lacking)
                for row in coming
                if (lacking := papers.awaited(row, self.access, request.on))
            ],
            meeting=meeting,
            today=request.on,
            pack=pack,
            pack_waits=pack is not None and pack.state in papers.TO_READ,
            worker_listens=worker_is_listening(),
            can_produce=can_produce,
            **kwargs,
        )

    def pack_of(self, meeting: Meeting | None, made: list[Snapshot]) -> Snapshot | None:
        """The last pack of this meeting that the reader may open."""
        packs = (row for row in made if row.kind == PACK_DOCUMENT)
        return next((row for row in packs if meeting and row.subject_id == meeting.pk), None)

    def awaited(self, made: list[Snapshot]) -> list[Snapshot]:
        """The last version of each document, where it is this reader's turn to speak."""
        last: dict[tuple, Snapshot] = {}
        for snapshot in made:
            last.setdefault((snapshot.kind, snapshot.edition), snapshot)
        return [row for row in last.values() if allowed_states(row, self.access)]


class ProduceView(ReturnToObject, AgreementFormView):
    """One click from the documents page; what was refused is said on a page of its own."""

    capability = C.DOCUMENTS_PRODUCE
    refusal = "produire un document"
    submit_label = "Produire"
    page = "reports:snapshot"
    success_message = "Le document est figé sous son numéro."

    @cached_property
    def document(self) -> Document:
        try:
            return forms.document_of(self.kwargs["identifier"])
        except KeyError as error:
            raise Http404(str(error)) from error

    def get_form_class(self) -> Any:
        return form_for(self.document.identifier)

    @property
    def title(self) -> str:
        return f"Produire : {self.document.title}"

    @property
    def cancel_url(self) -> str:
        return reverse("reports:documents", args=[self.agreement.slug])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "document": self.document}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()


class SnapshotView(AgreementDetailView):
    template_name = "reports/snapshot.html"
    capability = C.DOCUMENTS_VIEW
    context_object_name = "snapshot"

    def get_queryset(self) -> QuerySet[Snapshot]:
        return snapshots(self.access).defer(None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        snapshot: Snapshot = self.object
        theme = "dark" if self.request.COOKIES.get("theme") == "dark" else "light"
        can_share = self.access.can(C.DOCUMENTS_SEND)
        return super().get_context_data(
            reading=render_fragment(services.content_of(snapshot), theme),
            formats=services.formats_of(snapshot),
            transitions=list(snapshot.transitions.all()),
            next_states=allowed_states(snapshot, self.access),
            links=list(snapshot.links.filter(revoked_at=None)) if can_share else [],
            can_share=can_share,
            **kwargs,
        )


class DownloadView(AgreementMixin):
    capability = C.DOCUMENTS_VIEW

    def get(self, request: HttpRequest, pk: int, fmt: str, **kwargs: Any) -> HttpResponse:
        snapshot = get_object_or_404(snapshots(self.access).defer(None), pk=pk)
        return as_download(snapshot, fmt)


def as_download(snapshot: Snapshot, fmt: str) -> HttpResponse:
    try:
        file: SnapshotFile = services.file_of(snapshot, fmt)
    except ValueError as error:
        raise Http404(str(error)) from error
    return download(bytes(file.data), file.mime, file.name)


class _OfSnapshot(ReturnToObject):
    page = "reports:snapshot"
    access: Any
    kwargs: dict[str, Any]

    @cached_property
    def snapshot(self) -> Snapshot:
        return get_object_or_404(snapshots(self.access).defer(None), pk=self.kwargs["pk"])

    def parent(self) -> Snapshot:
        return self.snapshot

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "snapshot": self.snapshot}  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.snapshot), **kwargs)  # type: ignore[misc]


class TransitionView(_OfSnapshot, AgreementFormView):
    """Whoever may declare a state declares it: the Caf reads, the direction approves."""

    capability = (C.DOCUMENTS_READ_MARK, C.DOCUMENTS_SEND, C.DOCUMENTS_APPROVE)
    refusal = "changer l'état d'un document"
    form_class = forms.TransitionForm
    title = "Changer l'état du document"
    success_message = "L'état du document est noté."

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()


class ShareView(_OfSnapshot, AgreementFormView):
    capability = C.DOCUMENTS_SEND
    refusal = "partager un document"
    form_class = forms.ShareForm
    title = "Remettre un lien de lecture"
    submit_label = "Créer le lien"
    success_message = ""

    def perform(self, form: Any) -> None:
        link, token = form.perform()
        address = access_links.link_address(token)
        messages.success(
            self.request,
            f"Lien pour {link.label}, à copier maintenant (il ne sera plus montré) : {address}",
        )


class RevokeLinkView(AgreementMixin):
    capability = C.DOCUMENTS_SEND
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        link = get_object_or_404(AccessLink, agreement=self.agreement, pk=pk)
        access_links.revoke_link(link, actor=self.access.user)
        messages.success(request, f"Le lien remis à {link.label} n'ouvre plus rien.")
        if link.snapshot_id is None:
            return redirect("reports:documents", self.agreement.slug)
        return redirect("reports:snapshot", self.agreement.slug, link.snapshot_id)


@method_decorator(never_cache, name="dispatch")
class SharedDocumentView(View):
    """The bearer of a link reads one document, and nothing else."""

    def get(self, request: HttpRequest, token: str, fmt: str = "") -> HttpResponse:
        client = get_adapter(request).get_client_ip(request) or ""
        link = access_links.open_link(token, client=client)
        if link is None or link.snapshot is None:
            return render(request, "reports/link_closed.html", status=404)
        if fmt:
            return as_download(link.snapshot, fmt)
        theme = "dark" if request.COOKIES.get("theme") == "dark" else "light"
        return render(
            request,
            "reports/shared.html",
            {
                "snapshot": link.snapshot,
                "token": token,
                "reading": render_fragment(services.content_of(link.snapshot), theme),
                "formats": services.formats_of(link.snapshot),
                "expires_at": link.expires_at,
            },
        )
