"""The grids write many cells at once: all of them, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms

from actionplan import services
from actionplan.models import (
    Action,
    ActionPartner,
    BudgetLine,
    FundingStage,
)
from agreements.forms import AgreementForm, limit_choices
from core.errors import DomainError
from core.forms import AmountField, DateField, FrenchModelForm
from partners.models import Organisation


@dataclass(frozen=True)
class Line:
    """A row of a grid: its cells, and the row that exists already (None for a blank one)."""

    known: Any
    cells: list[Any]


class GridForm(AgreementForm):
    """Rows that exist, then blank ones. A row is removed by its box; a blank row left blank is nothing.

    When somebody else has changed the rows since the grid was opened, a row added since is shown
    as saved, and what was typed in a row removed since stays, as a new row.
    """

    blank_rows = 3
    distinct: tuple[str, ...] = ()
    """The cells that no two rows may share, with ``twice`` as the sentence."""
    twice = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["version"].initial = action.version
        self.rows: dict[str, Any] = {f"r{row.pk}": row for row in self.existing()}
        typed = {name.split("-")[0] for name in self.data if re.fullmatch(r"r\d+-.+", name)}
        added_since = set(self.rows) - typed if self.is_bound else set()
        removed_since = [
            key for key in typed - set(self.rows) if not self.data.get(f"{key}-remove")
        ]
        self.rows |= dict.fromkeys([*sorted(removed_since), *self.blank_keys()])
        for key, row in self.rows.items():
            for name, given in self.cells(row).items():
                given.required = False
                self.fields[f"{key}-{name}"] = given
            if row is not None:
                self.fields[f"{key}-remove"] = forms.BooleanField(label="Retirer", required=False)
        limit_choices(self, self.access)
        if added_since:
            self.show_as_saved(added_since)

    def blank_keys(self) -> list[str]:
        return [f"n{rank}" for rank in range(self.blank_rows)]

    def show_as_saved(self, keys: set[str]) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, given in self.fields.items():
            if name.split("-")[0] in keys:
                value = given.prepare_value(given.initial)
                data[name] = "" if value is None else value
        self.data = data

    def existing(self) -> list[Any]:
        raise NotImplementedError

    def cells(self, row: Any) -> dict[str, forms.Field]:
        raise NotImplementedError

    def write(self, row: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def is_blank(self, values: dict[str, Any]) -> bool:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[tuple[Any, ...]] = set()
        for key in self.rows:
            values = {name: data.get(f"{key}-{name}") for name in self.cells(None)}
            if data.get(f"{key}-remove") or self.is_blank(values) or not self.distinct:
                continue
            identity = tuple(values[name] for name in self.distinct)
            if identity in seen:
                self.add_error(f"{key}-{self.distinct[0]}", self.twice)
            seen.add(identity)
        return data

    @property
    def lines(self) -> list[Line]:
        return [
            Line(row, [self[name] for name in self.fields if name.startswith(f"{key}-")])
            for key, row in self.rows.items()
        ]

    @property
    def headers(self) -> list[str]:
        names = [str(given.label) for given in self.cells(None).values()]
        return [*names, "Retirer"]

    def values_of(self, key: str) -> dict[str, Any]:
        start = f"{key}-"
        return {
            name.removeprefix(start): v
            for name, v in self.cleaned_data.items()
            if name.startswith(start)
        }

    def differences_with(self, current: Action) -> list[dict[str, str]]:
        """What is typed here beside what is saved now, cell by cell."""
        rows = []
        for name, given in self.fields.items():
            mine = FrenchModelForm.readable_choice(given, self.cleaned_data.get(name))
            saved = given.initial
            if isinstance(given, forms.ModelChoiceField) and saved:
                saved = given.queryset.filter(pk=saved).first()
            theirs = FrenchModelForm.readable_choice(given, saved)
            if name != "version" and not name.endswith("-remove") and mine != theirs:
                rows.append({"label": str(given.label), "mine": mine, "theirs": theirs})
        return rows

    def perform(self) -> Action:
        services.check_version(self.action, expected=self.cleaned_data.get("version"))
        for key, row in self.rows.items():
            values = self.values_of(key)
            if values.pop("remove", False):
                services.delete_part(row, actor=self.access.user)
            elif row is not None or not self.is_blank(values):
                try:
                    self.write(row, values)
                except DomainError as refusal:
                    raise DomainError(refusal.message, field=f"{key}-{refusal.field}") from refusal
        return self.action


class StepsForm(GridForm):
    def existing(self) -> list[Any]:
        return list(self.action.steps.select_related("action__agreement"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        return {
            "title": forms.CharField(
                label="Étape", max_length=250, initial=row.title if row else ""
            ),
            "due_on": DateField(label="Pour le", initial=row.due_on if row else None),
            "done_on": DateField(label="Faite le", initial=row.done_on if row else None),
        }

    def is_blank(self, values: dict[str, Any]) -> bool:
        return not any(values.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            values = {n: data.get(f"{key}-{n}") for n in ("title", "due_on", "done_on")}
            if any(values.values()) and not values["title"]:
                self.add_error(f"{key}-title", "Nommez cette étape.")
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        if row is None:
            services.add_step(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_step(row, actor=self.access.user, **values)


class BudgetForm(GridForm):
    """What the action costs, year by year."""

    distinct = ("year", "nature", "label")
    twice = "Cette dépense est déjà dans une autre ligne : modifiez-la, ou nommez un autre poste."

    def existing(self) -> list[Any]:
        return list(self.action.budget_lines.select_related("action__agreement"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        years = [("", "–"), *((str(y), str(y)) for y in self.action.agreement.years)]
        return {
            "year": forms.ChoiceField(label="Année", choices=years, initial=str(row.year) if row else ""),
            "nature": forms.ChoiceField(
                label="Nature", choices=BudgetLine.Nature.choices,
                initial=row.nature if row else BudgetLine.Nature.OPERATING,
            ),
            "label": forms.CharField(label="Poste", max_length=200, initial=row.label if row else ""),
            "planned": AmountField(label="Prévu (€)", min_value=0, initial=row.planned if row else None),
            "spent": AmountField(label="Dépensé (€)", min_value=0, initial=row.spent if row else None),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return not values["year"] and values["planned"] is None and values["spent"] is None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            given = data.get(f"{key}-planned") is not None or data.get(f"{key}-spent") is not None
            if given and not data.get(f"{key}-year"):
                self.add_error(f"{key}-year", "Choisissez une année.")
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        values["year"] = int(values["year"])
        if row is None:
            services.set_budget_line(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_budget_line(row, actor=self.access.user, **values)


class FundingForm(GridForm):
    """Who pays, how much, at which stage."""

    distinct = ("funder", "scheme", "year", "stage")
    twice = "Ce financement est déjà dans une autre ligne, à ce stade : modifiez-la."

    def existing(self) -> list[Any]:
        return list(self.action.fundings.select_related("action__agreement", "funder"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        years = [("", "–"), *((str(y), str(y)) for y in self.action.agreement.years)]
        return {
            "funder": forms.ModelChoiceField(
                Organisation.objects.all(), label="Financeur", initial=row.funder_id if row else None
            ),
            "scheme": forms.CharField(label="Dispositif", max_length=120, initial=row.scheme if row else ""),
            "year": forms.ChoiceField(label="Année", choices=years, initial=str(row.year) if row else ""),
            "stage": forms.ChoiceField(
                label="Stade", choices=FundingStage.choices,
                initial=row.stage if row else FundingStage.PLANNED,
            ),
            "amount": AmountField(label="Montant (€)", min_value=0, initial=row.amount if row else None),
            "stated_on": DateField(label="Dit le", initial=row.stated_on if row else None),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return values["funder"] is None and values["amount"] is None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            values = {n: data.get(f"{key}-{n}") for n in ("funder", "year", "amount")}
            if values["funder"] is None and values["amount"] is None:
                continue
            for name, words in (
                ("funder", "Choisissez un financeur."),
                ("year", "Choisissez une année."),
                ("amount", "Donnez un montant."),
            ):
                if values[name] in (None, "") and f"{key}-{name}" not in self.errors:
                    self.add_error(f"{key}-{name}", words)
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        values["year"] = int(values["year"])
        if row is None:
            services.set_funding(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_funding(row, actor=self.access.user, **values)


class PartnersForm(GridForm):
    distinct = ("organisation", "role")
    twice = "Ce partenaire a déjà ce rôle dans une autre ligne."

    def existing(self) -> list[Any]:
        return list(self.action.partners.select_related("action__agreement", "organisation"))

    def cells(self, row: Any) -> dict[str, forms.Field]:
        return {
            "organisation": forms.ModelChoiceField(
                Organisation.objects.all(), label="Partenaire", initial=row.organisation_id if row else None
            ),
            "role": forms.ChoiceField(
                label="Rôle", choices=ActionPartner.Role.choices,
                initial=row.role if row else ActionPartner.Role.ASSOCIATE,
            ),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return values["organisation"] is None

    def write(self, row: Any, values: dict[str, Any]) -> None:
        if (
            row is not None
            and values["organisation"] == row.organisation
            and values["role"] == row.role
        ):
            return
        if row is not None:
            services.delete_part(row, actor=self.access.user)
        if values["organisation"] is not None:
            services.add_partner_role(self.action, actor=self.access.user, **values)
