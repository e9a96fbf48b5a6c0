"""« L'élu en trois minutes »: read, printed, written, and handed over by link."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache

from agreements.roles import Capability as C
from agreements.services.links import personal_address
from agreements.views.base import AgreementFormView, AgreementMixin, AgreementPageView
from committees import queries
from committees.models import BriefLink, Meeting
from committees.services import revoke_brief_link
from committees.views.tabs import meeting_tabs
from committees.views.trail import OnMeeting, meeting_trail
from core.formats import date_long
from core.views.files import download
from reports.brief.document import brief_file
from reports.brief.page import BriefPage, brief_of
from reports.forms_brief import BriefForm, BriefLinkForm

BRIEF = ("En trois minutes", "reports:brief")


class _OfMeeting(OnMeeting):
    page = "reports:brief"
    access: Any
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(
            queries.meetings(self.agreement).select_related("agreement__lead_commune"),
            pk=self.kwargs["pk"],
        )

    @cached_property
    def brief(self) -> BriefPage:
        return brief_of(self.meeting, self.access.audience, date.today())

    def trail_meeting(self) -> Meeting:
        return self.meeting

    def get_default_url(self) -> str:
        return reverse(self.page, args=[self.agreement.slug, self.meeting.pk])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class BriefView(_OfMeeting, AgreementPageView):
    template_name = "reports/brief/page.html"
    trail_page = "En trois minutes"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        can_change = self.access.can(C.COMMITTEES_CHANGE)
        return super().get_context_data(
            meeting=self.meeting,
            tabs=meeting_tabs(self.access, self.meeting, self.page),
            brief=self.brief,
            can_change=can_change,
            links=self.links() if can_change else [],
            **kwargs,
        )

    def links(self) -> list[BriefLink]:
        """The open ones and the closed, the last handed over first."""
        rows = BriefLink.objects.filter(brief__meeting=self.meeting).select_related("link")
        return list(rows.order_by("-link__created_at", "-pk"))


class BriefFile(_OfMeeting, AgreementMixin):
    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return as_pdf(self.brief)


def as_pdf(page: BriefPage) -> HttpResponse:
    file = brief_file(page)
    return download(file.data, file.mime, f"trois-minutes-{page.meeting.on}.pdf", inline=True)


class BriefWrite(_OfMeeting, AgreementFormView):
    template_name = "reports/brief/write.html"
    through = (BRIEF,)
    capability = C.COMMITTEES_CHANGE
    form_class = BriefForm
    title = "Écrire « L'élu en trois minutes »"
    submit_label = "Garder ces phrases et ces chiffres"
    success_message = "C'est enregistré : la page porte désormais vos mots."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}"
        return super().get_context_data(lead=lead, meeting=self.meeting, **kwargs)

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()


@method_decorator(never_cache, name="dispatch")
class BriefLinkCreate(_OfMeeting, AgreementFormView):
    """The address is shown once, on the page that answers: only its hash is kept."""

    capability = C.COMMITTEES_CHANGE
    form_class = BriefLinkForm
    through = (BRIEF,)
    title = "Remettre un lien vers « L'élu en trois minutes »"
    submit_label = "Créer le lien"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = "La page s'ouvre sans compte, sur un téléphone, jusqu'à quelques jours après la réunion."
        return super().get_context_data(lead=lead, meeting=self.meeting, **kwargs)

    def perform(self, form: Any) -> None:
        self.handed = form.perform()

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if not hasattr(self, "handed"):
            return response
        door, token = self.handed
        context = {
            "access": self.access,
            "trail": meeting_trail(self.agreement.slug, self.meeting, "Lien remis", BRIEF),
            "meeting": self.meeting,
            "door": door,
            "address": personal_address("shared_brief", token),
            "is_proposed": self.brief.sentences_proposed,
        }
        return render(self.request, "reports/brief/link.html", context)


class BriefLinkRevoke(AgreementMixin):
    capability = C.COMMITTEES_CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        door = get_object_or_404(
            BriefLink.objects.filter(agreement=self.agreement).select_related(
                "link", "brief__meeting", "agreement"
            ),
            pk=pk,
        )
        revoke_brief_link(door, actor=self.access.user)
        messages.success(request, f"Le lien remis à {door.link.label} n'ouvre plus rien.")
        return redirect("reports:brief", self.agreement.slug, door.brief.meeting_id)
