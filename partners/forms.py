"""Forms of the room, and the grid of a contract's amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from agreements.forms import (
    AgreementForm,
    AgreementModelForm,
    ChangedCellsForm,
    ServiceModelForm,
)
from core.forms import AmountField, DateField, FrenchModelForm
from partners import services
from partners.models import (
    AmountStage,
    Contact,
    Contract,
    ContractAmount,
    Organisation,
    Position,
)


class OrganisationForm(ServiceModelForm):
    create_with = services.create_organisation
    update_with = services.update_organisation

    class Meta(FrenchModelForm.Meta):
        model = Organisation
        fields = [
            "name",
            "short_name",
            "kind",
            "themes",
            "email",
            "phone",
            "website",
            "note",
            "last_contact_on",
        ]


class ContactForm(ServiceModelForm):
    create_with = services.create_contact
    update_with = services.update_contact

    class Meta(FrenchModelForm.Meta):
        model = Contact
        fields = ["first_name", "last_name", "email", "phone", "note"]
        help_texts = {"email": "Coordonnées professionnelles seulement."}


class NewContactForm(ContactForm):
    """A person and the function in an organisation, in one go."""

    function = forms.CharField(label="Fonction", max_length=160)

    def perform(self) -> Contact:
        values = self.changed_values()
        function = values.pop("function")
        contact = services.create_contact(self.access.agreement, actor=self.access.user, **values)
        services.set_position(contact, actor=self.access.user, function=function, **self.fixed)
        return contact


class PositionForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Position
        fields = ["organisation", "function", "starts_on"]

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.instance.contact = contact

    def perform(self) -> Position:
        return services.set_position(self.contact, actor=self.access.user, **self.changed_values())


class EndPositionForm(AgreementForm):
    on = DateField(label="Fin de la fonction", initial=date.today)

    def __init__(self, *args: Any, instance: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance

    def perform(self) -> Position:
        return services.end_position(
            self.instance, actor=self.access.user, on=self.cleaned_data["on"]
        )


class ContractForm(ServiceModelForm):
    create_with = services.create_contract
    update_with = services.update_contract

    class Meta(FrenchModelForm.Meta):
        model = Contract
        fields = [
            "kind", "title", "funder", "beneficiary", "scheme", "reference", "capacity", "capacity_unit",
            "starts_on", "ends_on", "note",
        ]  # fmt: skip


@dataclass(frozen=True)
class GridRow:
    year: int
    cells: list[Any]


class AmountsForm(ChangedCellsForm):
    """One cell for each year and stage. A cell emptied removes the amount: it is not a zero."""

    stated_on = DateField(
        label="Montants dits le", initial=date.today,
        help_text="Date du document ou de l'échange qui donne les montants modifiés.",
    )  # fmt: skip

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.known = {(a.year, a.stage): a for a in contract.amounts.all()}
        for year in contract.agreement.years:
            for stage in AmountStage:
                amount = self.known.get((year, stage.value))
                self.fields[f"{year}-{stage}"] = AmountField(
                    label=f"{stage.label} {year}",
                    required=False,
                    min_value=0,
                    initial=amount.amount if amount else None,
                    show_hidden_initial=True,
                )

    @property
    def stages(self) -> list[str]:
        return [str(stage.label) for stage in AmountStage]

    @property
    def rows(self) -> list[GridRow]:
        return [
            GridRow(year, [self[f"{year}-{stage}"] for stage in AmountStage])
            for year in self.contract.agreement.years
        ]

    @property
    def cells(self) -> list[tuple[int, AmountStage, ContractAmount | None]]:
        """(year, stage, the amount known now)."""
        return [
            (year, stage, self.known.get((year, stage.value)))
            for year in self.contract.agreement.years
            for stage in AmountStage
        ]

    def clean(self) -> dict[str, Any]:
        for year, stage, known in self.cells:
            self.refuse_if_moved(
                f"{year}-{stage}", known.amount if known else None, f"{stage.label} {year}"
            )
        return self.cleaned_data

    def perform(self) -> Contract:
        changed = self.changed_cells()
        for year, stage, known in self.cells:
            if f"{year}-{stage}" in changed:
                self._write(year, stage, known, changed[f"{year}-{stage}"])
        return self.contract

    def _write(
        self, year: int, stage: AmountStage, known: ContractAmount | None, amount: Any
    ) -> None:
        if amount is None:
            if known is not None:
                services.clear_contract_amount(known, actor=self.access.user)
            return
        services.set_contract_amount(
            self.contract, actor=self.access.user, year=year, stage=stage, amount=amount,
            stated_on=self.cleaned_data["stated_on"],
        )  # fmt: skip
