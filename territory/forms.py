"""Forms of the room: sheets, the grid of capacities, and the pasted diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements.forms import AgreementForm, ServiceModelForm
from agreements.models import Theme
from core.errors import DomainError
from core.forms import DateField, FrenchModelForm, NumberField
from opendata.models import Indicator, Observation, Territory
from opendata.queries import ladder
from territory import services
from territory.models import Capacity, Challenge, Evidence, Facility, Finding, LocalObservation
from territory.reprise import Pasted, read_challenges, read_findings

MAX_FILE_BYTES = 20 * 1024 * 1024
FILE_KINDS = (".pdf", ".xlsx", ".ods", ".csv", ".docx", ".odt", ".png", ".jpg")


def check_file(file: Any, kinds: tuple[str, ...] = FILE_KINDS) -> Any:
    """Refuse what is too big or of another kind, in a sentence."""
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo.")
        if not (file.name or "").lower().endswith(kinds):
            raise forms.ValidationError(f"Ce fichier n'est pas accepté : {', '.join(kinds)}.")
    return file


class FacilityForm(ServiceModelForm):
    create_with = services.create_facility
    update_with = services.update_facility

    class Meta(FrenchModelForm.Meta):
        model = Facility
        fields = [
            "name",
            "type",
            "manager",
            "theme",
            "commune",
            "address",
            "opened_on",
            "closed_on",
            "contracts",
            "note",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = self.access.agreement.communes.all()
        self.fields["commune"].initial = self.access.agreement.lead_commune_id


@dataclass(frozen=True)
class CapacityRow:
    year: int
    actual: Any
    planned: Any


class CapacitiesForm(AgreementForm):
    """Year by year, what is offered and what is planned, in one unit."""

    unit = forms.ChoiceField(label="Unité", choices=Capacity.Unit.choices)

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility
        rows = list(facility.capacities.all())
        self.known = {(row.year, row.unit, row.is_planned): row for row in rows}
        self.current_unit = rows[0].unit if rows else Capacity.Unit.PLACES.value
        self.fields["unit"].initial = self.current_unit
        agreement = facility.agreement
        self.shown_years = range(agreement.starts_on.year - 1, agreement.ends_on.year + 1)
        for year in self.shown_years:
            for name, planned in (("actual", False), ("planned", True)):
                row = self.known.get((year, self.current_unit, planned))
                words = "prévue" if planned else "réelle"
                self.fields[f"{name}-{year}"] = NumberField(
                    label=f"Capacité {words} {year}", required=False, min_value=0, max_digits=10,
                    decimal_places=2, initial=row.value if row else None,
                )  # fmt: skip

    @property
    def rows(self) -> list[CapacityRow]:
        return [CapacityRow(y, self[f"actual-{y}"], self[f"planned-{y}"]) for y in self.shown_years]

    def perform(self) -> Facility:
        unit = self.cleaned_data["unit"]
        for year in self.shown_years:
            for name, planned in (("actual", False), ("planned", True)):
                value: Decimal | None = self.cleaned_data[f"{name}-{year}"]
                row = self.known.get((year, unit, planned))
                if value != (row.value if row else None):
                    services.set_capacity(
                        self.facility, actor=self.access.user, year=year, unit=unit, value=value,
                        is_planned=planned,
                    )  # fmt: skip
        return self.facility


class LocalObservationForm(ServiceModelForm):
    create_with = services.create_local_observation
    update_with = services.update_local_observation

    class Meta(FrenchModelForm.Meta):
        model = LocalObservation
        fields = [
            "indicator", "label", "unit", "territory", "period", "value", "reason", "estimated", "source",
            "is_from_caf", "file", "audience", "note",
        ]  # fmt: skip
        help_texts = {
            "value": "Laissez vide si la valeur manque, et dites pourquoi ci-dessous : ce n'est jamais un zéro."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.access.agreement
        near = [*agreement.communes.all(), *ladder(agreement.lead_commune)]
        districts = Territory.objects.filter(commune__in=agreement.communes.all())
        self.fields["territory"].queryset = (
            Territory.objects.filter(pk__in=[territory.pk for territory in near]) | districts
        ).distinct()
        self.fields["territory"].initial = agreement.lead_commune_id
        self.fields["period"].initial = date.today().year
        self.fields["indicator"].empty_label = "hors catalogue"
        if not self.access.audience.allows("internal"):
            self.fields["audience"].choices = [
                (level.value, level.label) for level in self.access.audience.readable
            ]

    def clean_file(self) -> Any:
        return check_file(self.cleaned_data["file"])


class FindingForm(ServiceModelForm):
    create_with = services.create_finding
    update_with = services.update_finding

    class Meta(FrenchModelForm.Meta):
        model = Finding
        fields = ["theme", "quadrant", "text", "found_on", "origin"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_on"].initial = date.today


class ChallengeForm(ServiceModelForm):
    create_with = services.create_challenge
    update_with = services.update_challenge

    class Meta(FrenchModelForm.Meta):
        model = Challenge
        fields = ["title", "theme", "priority", "prioritised_on", "findings", "description"]


class EvidenceForm(AgreementForm):
    """The figure that a finding rests on: published, or typed here. It is kept as read today."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.all(), label="Indicateur publié", required=False, empty_label="–"
    )
    local_observation = forms.ModelChoiceField(
        LocalObservation.objects.all(), label="ou chiffre local", required=False, empty_label="–"
    )
    territory = forms.ModelChoiceField(Territory.objects.none(), label="Territoire")
    period = forms.IntegerField(
        label="Année", required=False, min_value=1900, max_value=2100,
        help_text="Vide : la plus récente.",
    )  # fmt: skip

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        territories = ladder(self.access.agreement.lead_commune)
        self.fields["territory"].queryset = Territory.objects.filter(
            pk__in=[t.pk for t in territories]
        )
        self.fields["territory"].initial = self.access.agreement.lead_commune_id
        self.fields["local_observation"].queryset = self.fields[
            "local_observation"
        ].queryset.filter(value__isnull=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("indicator")) == bool(data.get("local_observation")):
            raise forms.ValidationError(
                "Choisissez un indicateur publié ou un chiffre local, l'un des deux."
            )
        return data

    def perform(self) -> Evidence:
        data = self.cleaned_data
        common = {"finding": self.finding, "actor": self.access.user, "read_on": date.today()}
        local = data["local_observation"]
        if local:
            return services.add_evidence(
                territory=local.territory, period=local.period, value=local.value, local_observation=local,
                **common,
            )  # fmt: skip
        rows = Observation.objects.current().filter(
            indicator=data["indicator"], territory=data["territory"], value__isnull=False
        )
        if data["period"]:
            rows = rows.filter(period=data["period"])
        row = rows.order_by("-period", "-version_id").first()
        if row is None:
            raise DomainError(
                "Aucun chiffre n'est publié pour ce territoire et cette année.", field="indicator"
            )
        return services.add_evidence(
            indicator=row.indicator, territory=row.territory, period=row.period, version=row.version,
            value=row.value, **common,
        )  # fmt: skip


class TakeUpForm(AgreementForm):
    """« Reprise d'un diagnostic signé »: paste, look, then write."""

    title = forms.CharField(
        label="Titre du diagnostic", max_length=200, initial="Diagnostic partagé"
    )
    signed_on = DateField(label="Date du diagnostic", required=False)
    author = forms.CharField(label="Auteur", required=False, max_length=200)
    file = forms.FileField(label="Diagnostic en PDF", required=False)
    findings = forms.CharField(
        label="Constats", required=False, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Un par ligne : thème ; lecture (atout, faiblesse, opportunité, menace) ; constat.",
    )  # fmt: skip
    challenges = forms.CharField(
        label="Enjeux", required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Un par ligne : thème ; priorité (prioritaire, important, à suivre) ; enjeu.",
    )  # fmt: skip

    def clean_file(self) -> Any:
        return check_file(self.cleaned_data["file"], (".pdf",))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        themes = list(Theme.objects.filter(agreement=self.access.agreement, is_active=True))
        day = data.get("signed_on") or date.today()
        self.read_findings: Pasted = read_findings(data.get("findings", ""), themes, day)
        self.read_challenges: Pasted = read_challenges(data.get("challenges", ""), themes, day)
        for name, read in (("findings", self.read_findings), ("challenges", self.read_challenges)):
            for error in read.errors:
                self.add_error(name, error)
        if not (
            self.read_findings.rows or self.read_challenges.rows or self.errors or data.get("file")
        ):
            raise forms.ValidationError(
                "Collez des constats ou des enjeux, ou joignez le diagnostic."
            )
        return data

    def perform(self) -> tuple[int, int]:
        data = self.cleaned_data
        return services.take_up_diagnosis(
            self.access.agreement, actor=self.access.user, findings=self.read_findings.rows,
            challenges=self.read_challenges.rows, title=data["title"], signed_on=data["signed_on"],
            author=data["author"], file=data["file"],
        )  # fmt: skip
