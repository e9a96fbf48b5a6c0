"""The grids write many cells at once: all of them, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property

from actionplan import services
from actionplan.models import (
    Action,
    ActionPartner,
    Step,
)
from agreements.forms import AgreementForm, limit_choices
from core.errors import DomainError
from core.forms import DateField, FrenchModelForm
from partners.models import Contact, Organisation


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
        self.read_lists_once()
        if added_since:
            self.show_as_saved(added_since)

    def read_lists_once(self) -> None:
        """The cells of a column offer the same rows: one query a list, not one a cell."""
        lists: dict[Any, list[Any]] = {}
        for given in self.fields.values():
            if isinstance(given, forms.ModelChoiceField):
                model = given.queryset.model  # type: ignore[union-attr]
                if model not in lists:
                    rows = [(value, label) for value, label in given.choices if str(value)]
                    lists[model] = [("", "–"), *rows]
                given.choices = lists[model]

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
    """The steps in their order: the rank typed in the first cell moves a row, by keyboard too."""

    def existing(self) -> list[Any]:
        return list(self.action.steps.select_related("action__agreement", "owner"))

    @cached_property
    def ranks(self) -> dict[int, int]:
        return {row.pk: rank for rank, row in enumerate(self.rows.values(), 1) if row is not None}

    def cells(self, row: Any) -> dict[str, forms.Field]:
        return {
            "title": forms.CharField(
                label="Étape", max_length=250, initial=row.title if row else ""
            ),
            "due_on": DateField(label="Pour le", initial=row.due_on if row else None),
            "owner": forms.ModelChoiceField(
                Contact.objects.in_alphabetical_order(), label="Responsable", initial=row.owner_id if row else None,
            ),
            "done_on": DateField(label="Faite le", initial=row.done_on if row else None),
            "rank": forms.IntegerField(
                label="Ordre", min_value=1, max_value=999,
                initial=self.ranks[row.pk] if row else None,
            ),
        }  # fmt: skip

    def is_blank(self, values: dict[str, Any]) -> bool:
        return not any(values.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.rows:
            values = {n: data.get(f"{key}-{n}") for n in self.cells(None)}
            if any(values.values()) and not values["title"] and f"{key}-title" not in self.errors:
                self.add_error(f"{key}-title", "Nommez cette étape.")
        return data

    def write(self, row: Any, values: dict[str, Any]) -> None:
        rank = values.pop("rank")
        if row is None:
            row = services.add_step(self.action, actor=self.access.user, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            services.update_step(row, actor=self.access.user, **values)
        self.written.append((rank, row))

    def perform(self) -> Action:
        self.written: list[tuple[int | None, Step]] = []
        action = super().perform()
        services.order_steps(
            action, actor=self.access.user, steps=in_typed_order(self.written, self.ranks)
        )
        return action


def in_typed_order(typed: list[tuple[int | None, Step]], before: dict[int, int]) -> list[Step]:
    """By the rank typed; of two steps with the same rank, the one that was moved comes first; a step
    without a rank comes last."""

    def key(place: tuple[int, tuple[int | None, Step]]) -> tuple[bool, int, bool, int]:
        index, (rank, step) = place
        return (rank is None, rank or 0, rank == before.get(step.pk), index)

    return [step for _, (_, step) in sorted(enumerate(typed), key=key)]


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
