"""Forms of the figures: how an indicator is read, the grid, the pasted table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.forms import BoundField

from agreements.access import Access
from agreements.forms import AgreementForm, AgreementModelForm, ChangedCellsForm
from core.audience import Audience
from core.errors import DomainError, StaleObject
from core.forms import FrenchModelForm
from opendata.models import Indicator, Territory
from territory import queries, services
from territory.forms import readable_audiences, territories_near
from territory.models import IndicatorNote, LocalObservation
from territory.pasting import PastedCell, read_cell, read_table, write_cell
from territory.services.figures import Given, Typed

MOST_YEARS, MOST_INDICATORS = 12, 40
MOVED = (
    "Quelqu'un a enregistré « {now} » entre-temps ; vous aviez tapé « {mine} ». Choisissez, puis"
    " enregistrez."
)


class NoteForm(AgreementModelForm):
    """The automatic sentence rewritten, and the author's comment, kept apart."""

    class Meta(FrenchModelForm.Meta):
        model = IndicatorNote
        fields = ["sentence", "comment", "audience", "keep_old"]

    def __init__(
        self, *args: Any, automatic_sentence: str, told_from: LocalObservation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.automatic_sentence = automatic_sentence
        self.told_from = told_from
        self.fields["sentence"].widget.attrs["rows"] = 3
        self.fields["comment"].widget.attrs["rows"] = 6
        self.fields["audience"].choices = readable_audiences(self.access)

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {
            **super().rebuild_kwargs(),
            "automatic_sentence": self.automatic_sentence,
            "told_from": self.told_from,
        }

    def perform(self) -> IndicatorNote:
        return services.save_indicator_note(
            self.access.agreement,
            actor=self.access.user,
            indicator=self.instance.indicator,
            automatic_sentence=self.automatic_sentence,
            told_from=self.told_from,
            expected_version=self.expected_version,
            **self.changed_values(),
        )


class GridChoiceForm(forms.Form):
    """Which grid: its indicators, years and territory. In the address, so that it can be kept."""

    indicateurs = forms.ModelMultipleChoiceField(
        Indicator.objects.none(), label="Indicateurs", to_field_name="key", required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text="Maintenez Ctrl pour en choisir plusieurs.",
    )  # fmt: skip
    de = forms.IntegerField(label="De l'année", min_value=1900, max_value=2100, required=False)
    a = forms.IntegerField(label="à l'année", min_value=1900, max_value=2100, required=False)
    territoire = forms.ModelChoiceField(
        Territory.objects.none(), label="Territoire", required=False, empty_label=None
    )

    def __init__(self, *args: Any, access: Access, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home, self.today = access.agreement.lead_commune, today
        self.fields["indicateurs"].queryset = Indicator.objects.filter(
            is_family_policy=True
        ).order_by("label")
        self.fields["territoire"].queryset = territories_near(access)
        self.fields["territoire"].initial = self.home.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = self._bounds(data)
        if last < first:
            raise forms.ValidationError("La dernière année vient après la première.")
        if last - first >= MOST_YEARS:
            raise forms.ValidationError(f"Une grille tient {MOST_YEARS} années au plus.")
        if len(data.get("indicateurs") or []) > MOST_INDICATORS:
            raise forms.ValidationError(f"Une grille tient {MOST_INDICATORS} indicateurs au plus.")
        return data

    def _bounds(self, data: dict[str, Any]) -> tuple[int, int]:
        last = data.get("a") or max(self.today.year, data.get("de") or 0)
        return data.get("de") or last - 2, last

    @property
    def years(self) -> list[int]:
        first, last = self._bounds(self.cleaned_data if self.is_valid() else {})
        return list(range(first, last + 1))

    @property
    def indicators(self) -> list[Indicator]:
        """Those chosen, else those that no open file gives."""
        chosen = list(self.cleaned_data.get("indicateurs") or []) if self.is_valid() else []
        return chosen or list(
            Indicator.objects.filter(is_family_policy=True)
            .exclude(ask_to="")
            .order_by("position", "label")
        )

    @property
    def territory(self) -> Territory:
        chosen = self.cleaned_data.get("territoire") if self.is_valid() else None
        return chosen or self.home


@dataclass(frozen=True)
class GridCell:
    field: BoundField | None
    text: str
    audience: str = ""


@dataclass(frozen=True)
class GridLine:
    indicator: Indicator
    cells: list[GridCell]


def cell_name(indicator: Indicator, year: int) -> str:
    return f"c-{indicator.pk}-{year}"


class _GivenForm(AgreementForm):
    """Where the figures come from, and who may read them: said once for a whole grid."""

    source = forms.CharField(label="Source", max_length=300, required=False)
    audience = forms.ChoiceField(label="Peut être lu par", choices=Audience.choices)
    is_from_caf = forms.BooleanField(label="Transmis par la Caf", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = readable_audiences(self.access)
        self.fields["audience"].initial = Audience.COMMITTEE

    def given(self) -> Given:
        data = self.cleaned_data
        return Given(data["source"].strip(), data["audience"], data["is_from_caf"])

    def needs_source(self) -> None:
        if not self.cleaned_data.get("source", "").strip():
            self.add_error("source", "Dites d'où viennent ces chiffres : ils seront cités ainsi.")


class GridForm(ChangedCellsForm, _GivenForm):
    """Years × indicators of one territory. Only changed cells are written; a cell that somebody
    else has changed meanwhile is refused beside the cell, with what stands.

    ``only``: the name of the one cell that is saved as it is typed.
    """

    def __init__(
        self,
        *args: Any,
        indicators: Sequence[Indicator],
        years: Sequence[int],
        territory: Territory,
        can_overwrite: bool,
        only: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators, self.years, self.territory = indicators, years, territory
        self.can_overwrite, self.only = can_overwrite, only
        rows = queries.local_observations(self.access.agreement, self.access.audience).filter(
            indicator__in=list(indicators), territory=territory, period__in=list(years)
        )
        self.known: dict[str, LocalObservation] = {
            cell_name(row.indicator, row.period): row  # type: ignore[arg-type]
            for row in rows.order_by("pk")
        }
        for indicator in indicators:
            for year in years:
                name = cell_name(indicator, year)
                if name in self.known and not can_overwrite:
                    continue
                self.fields[name] = forms.CharField(
                    label=f"{indicator}, {year}", required=False, max_length=40,
                    initial=write_cell(self.known.get(name)), show_hidden_initial=True,
                    widget=forms.TextInput(attrs={"class": "form-control", "size": 8, "autocomplete": "off"}),
                )  # fmt: skip

    @property
    def lines(self) -> list[GridLine]:
        return [
            GridLine(indicator, [self._cell(cell_name(indicator, year)) for year in self.years])
            for indicator in self.indicators
        ]

    def _cell(self, name: str) -> GridCell:
        row = self.known.get(name)
        is_narrow = row is not None and row.audience == Audience.INTERNAL
        audience = Audience.INTERNAL.label if is_narrow else ""
        return GridCell(
            self[name] if name in self.fields else None, row.value_text if row else "", audience
        )

    def changed_names(self) -> list[str]:
        names = [name for name in self.changed_data if name.startswith("c-")]
        return [name for name in names if name == self.only] if self.only else names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.typed: dict[str, Typed | None] = {}
        for name in self.changed_names():
            now, mine = write_cell(self.known.get(name)), data.get(name, "")
            if now not in (self.shown(name) or "", mine):
                self.add_error(name, MOVED.format(now=now or "vide", mine=mine or "vide"))
                continue
            try:
                self.typed[name] = read_cell(mine)
            except ValueError as error:
                self.add_error(name, str(error))
        if any(self.typed.values()):
            self.needs_source()
        return data

    @transaction.atomic
    def perform(self) -> int:
        """Write what changed; returns how many cells."""
        for name, typed in self.typed.items():
            _, pk, year = name.split("-")
            indicator = next(row for row in self.indicators if row.pk == int(pk))
            try:
                services.set_local_figure(
                    self.access.agreement, actor=self.access.user, indicator=indicator,
                    territory=self.territory, period=int(year), typed=typed, given=self.given(),
                    known=self.known.get(name),
                )  # fmt: skip
            except StaleObject:
                raise DomainError(
                    "Quelqu'un vient d'enregistrer cette cellule : rechargez la page.", field=name
                ) from None
            except DomainError as refusal:
                raise DomainError(refusal.message, field=name) from refusal
        return len(self.typed)


@dataclass(frozen=True)
class PreviewLine:
    """What a pasted cell would do: create, change (old → new), or nothing."""

    cell: PastedCell
    before: str
    after: str

    @property
    def effect(self) -> str:
        if not self.before:
            return "créé"
        return "inchangé" if self.before == self.after else "changé"


class PasteForm(_GivenForm):
    """« Coller un tableau »: paste, look, then write. It needs no JavaScript."""

    territory = forms.ModelChoiceField(
        Territory.objects.none(), label="Territoire", empty_label=None
    )
    table = forms.CharField(
        label="Tableau", widget=forms.Textarea(attrs={"rows": 10, "wrap": "off"}),
        help_text="Copié d'un tableur : les années en tête, un indicateur par ligne (son libellé du catalogue). « s » : secret ; « nd » : non disponible.",
    )  # fmt: skip
    field_order = ["territory", "table", "source", "audience", "is_from_caf"]

    def __init__(self, *args: Any, can_overwrite: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.can_overwrite = can_overwrite
        self.fields["territory"].queryset = territories_near(self.access)
        self.fields["territory"].initial = self.access.agreement.lead_commune_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.lines: list[PreviewLine] = []
        self.known: dict[tuple[int, int], LocalObservation] = {}
        if not data.get("table") or not data.get("territory"):
            return data
        read = read_table(data["table"], Indicator.objects.all())
        for error in read.errors:
            self.add_error("table", error)
        rows = queries.local_observations(self.access.agreement, self.access.audience).filter(
            territory=data["territory"], indicator__isnull=False
        )
        self.known = {(row.indicator_id, row.period): row for row in rows.order_by("pk")}  # type: ignore[misc]
        for cell in read.cells:
            row = self.known.get((cell.indicator.pk, cell.period))
            after = write_cell(LocalObservation(value=cell.typed.value, reason=cell.typed.reason))
            line = PreviewLine(cell, write_cell(row), after)
            if line.effect == "changé" and not self.can_overwrite:
                self.add_error(
                    "table", f"« {cell.indicator} » {cell.period} est déjà donné : {line.before}."
                )
            self.lines.append(line)
        self.needs_source()
        return data

    @transaction.atomic
    def perform(self) -> int:
        changed = [line for line in self.lines if line.effect != "inchangé"]
        for line in changed:
            services.set_local_figure(
                self.access.agreement, actor=self.access.user, indicator=line.cell.indicator,
                territory=self.cleaned_data["territory"], period=line.cell.period,
                typed=line.cell.typed, given=self.given(),
                known=self.known.get((line.cell.indicator.pk, line.cell.period)),
            )  # fmt: skip
        return len(changed)
