"""Outgoing messages: read, copy, download, or say that they have left by another way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from agreements import queries
from agreements.roles import Capability
from agreements.services import journal
from agreements.views.base import AgreementDetailView, AgreementMixin, AgreementPageView
from agreements.views.tabs import TabsMixin
from core import mail
from core.jobs import worker_is_listening
from core.models import OutgoingMail
from core.views.files import download


class MailsView(TabsMixin, AgreementPageView):
    template_name = "agreements/mails.html"
    capability = Capability.MAIL_VIEW
    tab = "agreements:mails"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(queries.mails_of(self.agreement), 50)
        return super().get_context_data(
            page=pages.get_page(self.request.GET.get("page")),
            worker_listens=worker_is_listening(),
            **kwargs,
        )


class MailView(TabsMixin, AgreementDetailView):
    template_name = "agreements/mail.html"
    capability = Capability.MAIL_VIEW
    tab = "agreements:mails"
    context_object_name = "mail"

    def get_queryset(self) -> Any:
        return queries.mails_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.object.state
        states = OutgoingMail.State
        return super().get_context_data(
            files=list(self.object.files.values_list("name", flat=True)),
            can_mark=state not in (states.SENT, states.SENDING),
            can_send=state in (states.FAILED, states.UNKNOWN, states.DRAFT),
            **kwargs,
        )


class _Act(AgreementMixin):
    capability = Capability.MAIL_VIEW

    def load(self, pk: int) -> OutgoingMail:
        return get_object_or_404(queries.mails_of(self.agreement), pk=pk)


class MailEmlView(_Act):
    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return download(mail.as_eml(self.load(pk)), "message/rfc822", f"message-{pk}.eml")


class MailMarkSentView(_Act):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        sent = mail.mark_sent(self.load(pk))
        journal.record(
            self.agreement,
            actor=self.access.user,
            verb="mail",
            sentence=f"a marqué comme envoyé le message « {sent.subject} » à {sent.recipient}",
        )
        messages.success(request, "Le message est marqué comme envoyé.")
        return redirect("agreements:mail", self.agreement.slug, pk)


class MailSendView(_Act):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        queued = mail.send_again(self.load(pk))
        journal.record(
            self.agreement,
            actor=self.access.user,
            verb="mail",
            sentence=f"a demandé l'envoi du message « {queued.subject} » à {queued.recipient}",
        )
        messages.success(request, "Le message est remis en file d'attente.")
        return redirect("agreements:mail", self.agreement.slug, pk)
