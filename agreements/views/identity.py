"""The identity of the agreement: who signed what, when, for which communes."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from agreements import queries
from agreements.forms_convention import (
    AgreementIdentityForm,
    AmendmentForm,
    AnnexForm,
    SignatoryForm,
)
from agreements.models import Agreement, Amendment, Annex, Signatory
from agreements.roles import Capability
from agreements.services import parties
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
)
from agreements.views.tabs import TabsMixin
from core.formats import date_long, number, period


def _day(value: Any) -> str:
    return date_long(value) if value else ""


def plan_levels(agreement: Agreement) -> str:
    """« Axe, Objectif, action »: the levels that the plan has, under the agreement's own words."""
    names = [agreement.orientation_label]
    if agreement.uses_objectives:
        names.append(agreement.objective_label)
    if agreement.uses_sub_objectives:
        names.append(agreement.sub_objective_label)
    return ", ".join([*names, "action"])


def identity_facts(agreement: Agreement) -> list[tuple[str, Any]]:
    """(term, value) pairs; an empty value is said to be missing by the component."""
    return [
        ("Période", period(agreement.starts_on, agreement.ends_on)),
        ("Délibération du conseil", _deliberation(agreement)),
        ("Accord du conseil d'administration de la Caf", _day(agreement.caf_approved_on)),
        ("Signature", _day(agreement.signed_on)),
        ("Commune porteuse", agreement.lead_commune),
        ("Communes", ", ".join(str(c) for c in queries.communes_of(agreement))),
        ("Caf", agreement.caf_name),
        ("Convention précédente", agreement.predecessor),
        (
            "Temps de pilotage",
            f"{number(agreement.steering_fte, 2)} ETP"
            if agreement.steering_fte is not None
            else "",
        ),
        ("Niveaux du plan", plan_levels(agreement)),
    ]


def _deliberation(agreement: Agreement) -> str:
    number = f"n° {agreement.deliberation_number}" if agreement.deliberation_number else ""
    return ", ".join(part for part in (number, _day(agreement.deliberated_on)) if part)


class IdentityView(TabsMixin, AgreementPageView):
    template_name = "agreements/identity.html"
    capability = Capability.AGREEMENT_VIEW
    tab = "agreements:identity"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            facts=identity_facts(self.agreement),
            signatories=queries.signatories_of(self.agreement),
            amendments=queries.amendments_of(self.agreement),
            annexes=queries.annexes_of(self.agreement),
            can_change=self.access.can(Capability.AGREEMENT_CHANGE),
            **kwargs,
        )


class _ToIdentity:
    """After the act, back to the identity page."""

    capability = Capability.AGREEMENT_CHANGE
    agreement: Agreement

    def get_default_url(self) -> str:
        return reverse("agreements:identity", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class IdentityUpdateView(_ToIdentity, AgreementUpdateView):
    title = "Modifier la convention"
    template_name = "agreements/identity_form.html"
    form_class = AgreementIdentityForm

    def load_object(self) -> Agreement:
        # A second instance: what is typed and refused must not show in the page's heading.
        return Agreement.objects.select_related("lead_commune").get(pk=self.agreement.pk)


class LogoView(AgreementMixin):
    """Logos are files of the agreement: read through the door, like the rest."""

    capability = Capability.AGREEMENT_VIEW

    def get(self, request: HttpRequest, which: str, **kwargs: Any) -> FileResponse:
        file = {"commune": self.agreement.logo, "caf": self.agreement.caf_logo}.get(which)
        if not file:
            raise Http404
        return send_file(file)


def send_file(file: Any) -> FileResponse:
    """Always as a download for what a browser could run; images are shown."""
    mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    shown = mime in {"image/png", "image/jpeg", "application/pdf"}
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Ce fichier n'est plus sur le serveur.") from error
    response = FileResponse(
        opened, as_attachment=not shown, filename=file.name.rsplit("/", 1)[-1], content_type=mime
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


class SignatoryCreateView(_ToIdentity, AgreementCreateView):
    title = "Ajouter un signataire"
    form_class = SignatoryForm


class SignatoryUpdateView(_ToIdentity, AgreementUpdateView):
    title = "Modifier un signataire"
    form_class = SignatoryForm

    def get_queryset(self) -> Any:
        return queries.signatories_of(self.agreement)


class SignatoryDeleteView(_ToIdentity, AgreementDeleteView):
    title = "Retirer un signataire"
    submit_label = "Retirer"

    def get_queryset(self) -> Any:
        return queries.signatories_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Retirer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Signatory)
        parties.remove_signatory(self.object, actor=self.access.user)


class AmendmentCreateView(_ToIdentity, AgreementCreateView):
    title = "Ajouter un avenant"
    form_class = AmendmentForm


class AmendmentUpdateView(_ToIdentity, AgreementUpdateView):
    title = "Modifier un avenant"
    form_class = AmendmentForm

    def get_queryset(self) -> Any:
        return queries.amendments_of(self.agreement)


class AmendmentDeleteView(_ToIdentity, AgreementDeleteView):
    title = "Supprimer un avenant"

    def get_queryset(self) -> Any:
        return queries.amendments_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Amendment)
        parties.remove_amendment(self.object, actor=self.access.user)


class AnnexCreateView(_ToIdentity, AgreementCreateView):
    title = "Joindre une annexe"
    form_class = AnnexForm


class AnnexDownloadView(AgreementMixin):
    capability = Capability.AGREEMENT_VIEW

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> FileResponse:
        return send_file(get_object_or_404(queries.annexes_of(self.agreement), pk=pk).file)


class AnnexDeleteView(_ToIdentity, AgreementDeleteView):
    title = "Supprimer une annexe"

    def get_queryset(self) -> Any:
        return queries.annexes_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["Le fichier sera effacé du serveur."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        assert isinstance(self.object, Annex)
        parties.remove_annex(self.object, actor=self.access.user)
