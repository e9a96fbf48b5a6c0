"""The doors of the files hung on the objects of a room. A room binds them to its addresses: it says
which model bears the files, who may open the page, and who may change the object."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from agreements.access import Access
from agreements.attachments import readable
from agreements.forms_attachments import AttachmentForm
from agreements.models import Agreement, Attachment
from agreements.services import attachments
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementUpdateView,
)
from agreements.views.identity import send_file


class Bearer:
    """``target_model`` bears the files; ``targets()`` are its rows that the reader may see."""

    target_model: ClassVar[type[Model]]
    change_rule: ClassVar[Any]
    change_refusal = "modifier cet objet"
    access: Access
    agreement: Agreement

    def targets(self) -> QuerySet[Any]:
        return self.target_model._default_manager.filter(agreement=self.agreement)

    def target_url(self, target: Any) -> str:
        return str(target.get_absolute_url())

    def attachment_rows(self) -> QuerySet[Attachment]:
        rows = readable(self.agreement, self.target_model, self.access.audience, self.access.user)
        return rows.filter(target_id__in=self.targets().values("pk"))

    def check_change(self, target: Any, attachment: Attachment | None = None) -> None:
        """Whoever may change the object; of another person's file, whoever steers the plan."""
        if not self.access.test(self.change_rule, target) or (
            attachment is not None and not self.may_touch(attachment)
        ):
            raise PermissionDenied(self.refusal_reason(self.change_refusal))  # type: ignore[attr-defined]

    def may_touch(self, attachment: Attachment) -> bool:
        return attachment.added_by_id == self.access.user.pk


class AttachmentCreate(Bearer, AgreementCreateView):
    form_class = AttachmentForm
    title = "Joindre une pièce"
    submit_label = "Joindre"
    success_message = "La pièce est jointe."

    @cached_property
    def target(self) -> Any:
        target = get_object_or_404(self.targets(), pk=self.kwargs["pk"])
        self.check_change(target)
        return target

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "target": self.target}

    def get_default_url(self) -> str:
        return self.target_url(self.target)

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.target), **kwargs)


class AttachmentDownload(Bearer, AgreementMixin):
    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        attachment = get_object_or_404(self.attachment_rows(), pk=pk)
        if not attachment.file:
            raise Http404
        response = send_file(attachment.file)
        response["Cache-Control"] = "private, no-store"
        return response


class _Existing(Bearer):
    object: Attachment

    def get_queryset(self) -> QuerySet[Attachment]:
        return self.attachment_rows()

    def load_object(self) -> Attachment:
        attachment: Attachment = super().load_object()  # type: ignore[misc]
        self.target = self.targets().get(pk=attachment.target_id)
        self.check_change(self.target, attachment)
        return attachment

    def get_default_url(self) -> str:
        return self.target_url(self.target)

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class AttachmentUpdate(_Existing, AgreementUpdateView):
    form_class = AttachmentForm
    title = "Modifier une pièce jointe"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "target": self.target}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.target), **kwargs)


class AttachmentDelete(_Existing, AgreementDeleteView):
    title = "Retirer une pièce jointe"
    submit_label = "Retirer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Retirer « {self.object} » ?",
            consequences=["Le fichier sera effacé du serveur.", "Le journal garde son titre."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        attachments.remove_attachment(self.object, actor=self.access.user)
