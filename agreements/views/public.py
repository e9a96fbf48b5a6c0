"""Outside any agreement: accept an invitation, open an agreement."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts.services import find_user
from agreements.forms_convention import AcceptInvitationForm, AgreementCreateForm
from agreements.services import links, members
from agreements.views.doors import TOO_MANY
from core.errors import DomainError

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(never_cache, name="dispatch")
class InvitationView(FormView[AcceptInvitationForm]):
    """A new address chooses a name and a password; a known one signs in, then confirms."""

    template_name = "agreements/invitation.html"
    form_class = AcceptInvitationForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        invitation = members.find_invitation(kwargs["token"])
        if invitation is None:
            links.note_failure(client)
            return self.closed("Ce lien n'ouvre rien. Vérifiez qu'il est complet.", 404)
        problem = members.invitation_problem(invitation)
        if problem:
            return self.closed(problem, 410)
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def closed(self, reason: str, status: int) -> HttpResponse:
        return render(
            self.request, "agreements/invitation_closed.html", {"reason": reason}, status=status
        )

    def get_initial(self) -> dict[str, Any]:
        return {"first_name": self.invitation.first_name, "last_name": self.invitation.last_name}

    @property
    def situation(self) -> str:
        """« new », « sign_in », « confirm » (signed in with the invited address), « other »."""
        user = self.request.user
        if user.is_authenticated:
            same = user.email.lower() == self.invitation.email.lower()
            return "confirm" if same else "other"
        return "sign_in" if find_user(self.invitation.email) else "new"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.request.get_full_path()
        return super().get_context_data(
            invitation=self.invitation,
            situation=self.situation,
            login_url=f"{reverse('account_login')}?next={back}",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.situation == "new":
            return super().post(request, *args, **kwargs)
        if self.situation != "confirm":
            return self.render_to_response(self.get_context_data(), status=409)
        members.accept_invitation(self.invitation, user=request.user)
        return self.welcome()

    def form_valid(self, form: AcceptInvitationForm) -> HttpResponse:
        try:
            membership = members.accept_invitation(self.invitation, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self.form_invalid(form)
        login(self.request, membership.user, backend=BACKEND)
        return self.welcome()

    def form_invalid(self, form: AcceptInvitationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def welcome(self) -> HttpResponse:
        agreement = self.invitation.agreement
        messages.success(self.request, f"Bienvenue dans la CTG de {agreement.name}.")
        return redirect(agreement.get_absolute_url())


class AgreementCreateView(UserPassesTestMixin, FormView[AgreementCreateForm]):
    """For whoever manages the instance: they open an agreement without entering it."""

    template_name = "core/form.html"
    form_class = AgreementCreateForm
    permission_denied_message = "Seule l'administration de l'application ouvre une convention."

    def test_func(self) -> bool:
        return bool(self.request.user.is_staff)

    def handle_no_permission(self) -> Any:
        self.raise_exception = self.request.user.is_authenticated
        return super().handle_no_permission()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Nouvelle convention",
            lead="Les thèmes et les compétences sont préremplis.",
            submit_label="Ouvrir la convention",
            cancel_url=reverse("agreements_list"),
            **kwargs,
        )

    def form_valid(self, form: AgreementCreateForm) -> HttpResponse:
        fields = dict(form.cleaned_data)
        email = fields.pop("coordinator_email")
        try:
            agreement, address = members.open_for_coordinator(
                actor=self.request.user, email=email, **fields
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self.form_invalid(form)
        return TemplateResponse(
            self.request,
            "agreements/created.html",
            {"agreement": agreement, "address": address, "email": email},
            headers={"Cache-Control": "no-store"},
        )

    def form_invalid(self, form: AgreementCreateForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
