"""Members of the agreement: invite, change a role, close a door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agreements import queries
from agreements.forms_convention import InvitationForm, MemberForm
from agreements.models import Agreement, Membership
from agreements.roles import Capability
from agreements.services import members
from agreements.views.base import (
    AgreementDeleteView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
)
from agreements.views.tabs import TabsMixin


class _Members:
    capability = Capability.MEMBERS_MANAGE
    agreement: Agreement

    def get_default_url(self) -> str:
        return reverse("agreements:members", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_queryset(self) -> Any:
        return queries.members_of(self.agreement)


class MembersView(_Members, TabsMixin, AgreementPageView):
    template_name = "agreements/members.html"
    tab = "agreements:members"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            members=list(self.get_queryset()),
            invitations=list(queries.pending_invitations(self.agreement)),
            **kwargs,
        )


class InviteView(_Members, AgreementFormView):
    """The address of the invitation is shown once, on the page that follows."""

    title = "Inviter une personne"
    form_class = InvitationForm
    submit_label = "Inviter"

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        # Not a redirect: the secret must not stay in a session nor in an address.
        return self.response_class(
            request=self.request,
            template="agreements/invited.html",
            context={"access": self.access, "address": self.address, "invitation": self.invitation},
            headers={"Cache-Control": "no-store"},
        )

    def perform(self, form: Any) -> None:
        self.invitation, self.address = members.invite_member(
            self.agreement, actor=self.access.user, **form.cleaned_data
        )


class MemberUpdateView(_Members, AgreementUpdateView):
    title = "Changer le rôle"
    form_class = MemberForm


class MemberCloseView(_Members, AgreementDeleteView):
    title = "Fermer un accès"
    submit_label = "Fermer l'accès"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert isinstance(self.object, Membership)
        return super().get_context_data(
            question=f"Fermer l'accès de {self.object.user} ?",
            consequences=[
                "Ce que cette personne a fait garde son nom.",
                "L'accès peut être rouvert.",
            ],
            submit_icon="lock",
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Membership)
        members.close_access(self.object, actor=self.access.user)


class MemberReopenView(_Members, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        member = get_object_or_404(self.get_queryset(), pk=pk)
        members.reopen_access(member, actor=self.access.user)
        messages.success(request, "L'accès est rouvert.")
        return redirect(self.get_default_url())


class InvitationRevokeView(_Members, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        invitation = get_object_or_404(queries.pending_invitations(self.agreement), pk=pk)
        members.revoke_invitation(invitation, actor=self.access.user)
        messages.success(request, "L'invitation est retirée : son lien n'ouvre plus rien.")
        return redirect(self.get_default_url())
