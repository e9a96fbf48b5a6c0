"""The directory of partners, and the contracts that carry the Caf's money."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementListView,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
    ReturnToPage,
)
from core.amounts import add
from partners import forms, queries, services
from partners.filters import OrganisationFilter
from partners.models import Contact, Contract, Organisation, Position
from partners.tables import OrganisationTable


def tabs(agreement: Any, active: str, *, with_money: bool) -> list[dict[str, Any]]:
    shown = [("Organisations", "partners:home"), ("Personnes", "partners:contacts")]
    if with_money:
        shown.append(("Contrats et financements", "partners:contracts"))
    return [
        {"label": label, "url": reverse(name, args=[agreement.slug]), "active": name == active}
        for label, name in shown
    ]


class PartnersHome(AgreementListView):
    template_name = "partners/home.html"
    capability = C.PARTNERS_VIEW
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    title = "Partenaires"
    lead = "Les organisations qui font vivre la convention, et qui y joindre."
    empty_title = "Aucun partenaire"
    empty_text = "Commencez par la commune, la Caf et les gestionnaires d'équipements."

    def get_queryset(self) -> QuerySet[Organisation]:
        return queries.organisations(self.agreement)

    def get_actions(self) -> list[dict[str, str]]:
        if not self.access.can(C.PARTNERS_CHANGE):
            return []
        url = reverse("partners:organisation_create", args=[self.agreement.slug])
        return [{"label": "Ajouter une organisation", "url": url, "icon": "plus"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with_money = self.access.can(C.MONEY_VIEW)
        return super().get_context_data(
            tabs=tabs(self.agreement, "partners:home", with_money=with_money), **kwargs
        )


class ContactsView(AgreementPageView):
    template_name = "partners/contacts.html"
    capability = C.PARTNERS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with_money = self.access.can(C.MONEY_VIEW)
        return super().get_context_data(
            contacts=queries.contacts(self.agreement),
            tabs=tabs(self.agreement, "partners:contacts", with_money=with_money),
            can_change=self.access.can(C.PARTNERS_CHANGE),
            **kwargs,
        )


class OrganisationView(AgreementDetailView):
    template_name = "partners/organisation.html"
    capability = C.PARTNERS_VIEW
    context_object_name = "organisation"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(agreement=self.agreement).prefetch_related("themes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation: Organisation = self.object
        return super().get_context_data(
            positions=queries.positions_of(organisation),
            exchanges=list(organisation.exchanges.select_related("contact")[:5]),
            contracts=list(organisation.received_contracts.select_related("funder"))
            if self.access.can(C.MONEY_VIEW)
            else [],
            can_change=self.access.can(C.PARTNERS_CHANGE),
            facts=[
                ("Nature", organisation.get_kind_display()),
                ("Thèmes", ", ".join(theme.name for theme in organisation.themes.all())),
                ("Adresse électronique", organisation.email),
                ("Téléphone", organisation.phone),
                ("Site web", organisation.website),
            ],
            **kwargs,
        )


class _Change:
    capability = C.PARTNERS_CHANGE
    refusal = "modifier les partenaires"


class OrganisationCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.OrganisationForm
    title = "Ajouter une organisation"
    page = "partners:organisation"

    @property
    def cancel_url(self) -> str:
        return reverse("partners:home", args=[self.agreement.slug])


class OrganisationUpdate(_Change, ReturnToObject, AgreementUpdateView):
    form_class = forms.OrganisationForm
    title = "Modifier l'organisation"
    page = "partners:organisation"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(agreement=self.agreement)


class OrganisationArchive(_Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver l'organisation"
    submit_label = "Archiver"
    page = "partners:home"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(agreement=self.agreement, is_archived=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Archiver « {self.object} » ?",
            consequences=[
                "Elle quitte les listes.",
                "Ce qui la cite (actions, contrats, présences) la garde.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.archive_organisation(self.object, actor=self.access.user)


class ContactCreate(_Change, ReturnToObject, AgreementCreateView):
    """A new person in an organisation."""

    form_class = forms.NewContactForm
    title = "Ajouter une personne"
    page = "partners:organisation"

    @cached_property
    def organisation(self) -> Organisation:
        return get_object_or_404(Organisation, agreement=self.agreement, pk=self.kwargs["pk"])

    def parent(self) -> Organisation:
        return self.organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "fixed": {"organisation": self.organisation}}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        return form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=str(self.organisation), **kwargs)


class ContactUpdate(_Change, ReturnToPage, AgreementUpdateView):
    form_class = forms.ContactForm
    title = "Modifier la fiche de la personne"
    page = "partners:contacts"

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.filter(agreement=self.agreement)


class ContactArchive(_Change, ReturnToPage, AgreementDeleteView):
    title = "Archiver une personne"
    submit_label = "Archiver"
    page = "partners:contacts"

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.filter(agreement=self.agreement, is_archived=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Archiver la fiche de {self.object} ?",
            consequences=[
                "La personne quitte les listes.",
                "Les listes de membres et de présence où elle figure la gardent.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.archive_contact(self.object, actor=self.access.user)


class ContactErase(_Change, ReturnToPage, AgreementDeleteView):
    title = "Effacer une personne"
    submit_label = "Effacer définitivement"
    page = "partners:contacts"

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.filter(agreement=self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Effacer {self.object} et toutes ses fonctions ?",
            consequences=[
                "L'effacement ne s'annule pas.",
                "Les actions qu'elle pilotait gardent leur structure pilote.",
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.erase_contact(self.object, actor=self.access.user)
        self.object = None


class PositionCreate(_Change, ReturnToPage, AgreementCreateView):
    form_class = forms.PositionForm
    title = "Ajouter une fonction"
    page = "partners:contacts"

    def get_form_kwargs(self) -> dict[str, Any]:
        contact = get_object_or_404(Contact, agreement=self.agreement, pk=self.kwargs["pk"])
        return {**super().get_form_kwargs(), "contact": contact}


class PositionEnd(_Change, ReturnToPage, AgreementUpdateView):
    form_class = forms.EndPositionForm
    title = "Terminer une fonction"
    page = "partners:contacts"

    def get_queryset(self) -> QuerySet[Position]:
        return Position.objects.filter(agreement=self.agreement).select_related(
            "contact", "organisation"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=f"{self.object.contact}, {self.object}", **kwargs)


# --- Contracts ------------------------------------------------------------------------------
class ContractsView(AgreementPageView):
    template_name = "partners/contracts.html"
    capability = C.MONEY_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = queries.working_year(self.agreement, date.today())
        asked = self.request.GET.get("annee", "")
        if asked.isdigit() and int(asked) in self.agreement.years:
            year = int(asked)
        lines = queries.contract_lines(self.agreement, year)
        return super().get_context_data(
            year=year,
            years=self.agreement.years,
            lines=lines,
            total_planned=add([line.planned for line in lines]),
            total_known=add([line.known.amount if line.known else None for line in lines]),
            tabs=tabs(self.agreement, "partners:contracts", with_money=True),
            can_change=self.access.can(C.PARTNERS_CHANGE),
            **kwargs,
        )


class ContractMixin:
    agreement: Any

    def get_queryset(self) -> QuerySet[Contract]:
        return queries.contracts(self.agreement)


class ContractCreate(_Change, ReturnToObject, AgreementCreateView):
    form_class = forms.ContractForm
    title = "Ajouter un contrat"
    page = "partners:contract_amounts"

    @property
    def cancel_url(self) -> str:
        return reverse("partners:contracts", args=[self.agreement.slug])


class ContractUpdate(_Change, ContractMixin, ReturnToPage, AgreementUpdateView):
    form_class = forms.ContractForm
    title = "Modifier le contrat"
    page = "partners:contracts"


class ContractDelete(_Change, ContractMixin, ReturnToPage, AgreementDeleteView):
    title = "Supprimer le contrat"
    page = "partners:contracts"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » et ses montants ?",
            consequences=["Le journal en garde la trace."],
            **kwargs,
        )

    def perform(self, form: Any) -> None:
        services.remove_contract(self.object, actor=self.access.user)


class AmountsView(_Change, ReturnToPage, AgreementFormView):
    """The amounts of a contract, year by year and stage by stage, typed as in a sheet."""

    template_name = "partners/amounts.html"
    form_class = forms.AmountsForm
    title = "Montants du contrat"
    page = "partners:contracts"
    success_message = "Les montants sont enregistrés."

    @cached_property
    def contract(self) -> Contract:
        contract = queries.contracts(self.agreement).filter(pk=self.kwargs["pk"]).first()
        if contract is None:
            raise Http404("Ce contrat n'existe pas.")
        return contract

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "contract": self.contract}

    @transaction.atomic
    def perform(self, form: Any) -> None:
        form.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=self.contract.title, contract=self.contract, **kwargs)
