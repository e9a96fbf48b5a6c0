"""Forms of the diagnosis: its sheets, findings and their figures, lines typed in one go, grouping."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from agreements.forms import AgreementForm, ServiceModelForm
from agreements.models import Theme
from core.errors import DomainError
from core.forms import DateField, FrenchModelForm
from opendata.models import Indicator, Observation, Territory
from opendata.queries import ladder
from territory import services
from territory.forms import check_file
from territory.models import Challenge, Diagnosis, Evidence, Finding, LocalObservation
from territory.reprise import Pasted, read_challenges, read_findings


class DiagnosisForm(ServiceModelForm):
    create_with = services.create_diagnosis
    update_with = services.update_diagnosis

    class Meta(FrenchModelForm.Meta):
        model = Diagnosis
        fields = [
            "title", "kind", "theme", "scope", "method", "starts_on", "ends_on", "author",
            "organisation", "participants", "file",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].empty_label = "tous les thèmes"
        organisations = self.fields["organisation"].queryset
        self.fields["organisation"].queryset = organisations.filter(
            Q(is_archived=False) | Q(pk=self.instance.organisation_id)
        )

    def clean_file(self) -> Any:
        return check_file(self.cleaned_data["file"], (".pdf",))


def limit_diagnoses(field: Any, kept: int | None = None) -> None:
    """Archived diagnoses are no longer offered, save the one already chosen."""
    field.queryset = field.queryset.filter(Q(is_archived=False) | Q(pk=kept))
    field.empty_label = "aucun : constat écrit hors diagnostic"


FINDING_LINES = "Un par ligne : thème ; lecture (atout, faiblesse, opportunité, menace, ou leur initiale) ; constat."


class FindingForm(ServiceModelForm):
    create_with = services.create_finding
    update_with = services.update_finding

    class Meta(FrenchModelForm.Meta):
        model = Finding
        fields = ["theme", "quadrant", "text", "diagnosis", "found_on", "origin"]

    def __init__(self, *args: Any, figure: Observation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figure = figure
        self.fields["found_on"].initial = date.today
        limit_diagnoses(self.fields["diagnosis"], self.instance.diagnosis_id)

    def perform(self) -> Finding:
        """``figure``: the published figure from whose page the finding is written."""
        if self.figure is not None:
            self.fixed = {"figure": self.figure}
        return super().perform()


class ChallengeForm(ServiceModelForm):
    create_with = services.create_challenge
    update_with = services.update_challenge

    class Meta(FrenchModelForm.Meta):
        model = Challenge
        fields = ["title", "theme", "priority", "prioritised_on", "findings", "description"]
        widgets = {"findings": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = self.fields["findings"].queryset.filter(is_archived=False)
        self.fields["findings"].queryset = findings.select_related("theme")


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
        ].queryset.filter(value__isnull=False, audience__in=self.access.audience.readable)

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
        row = (
            rows.select_related("indicator", "territory", "version")
            .order_by("-period", "-version__dataset__precedence", "-version_id")
            .first()
        )
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
    kind = forms.ChoiceField(label="Nature", choices=Diagnosis.Kind.choices, required=False)
    signed_on = DateField(label="Date du diagnostic", required=False)
    author = forms.CharField(label="Auteur", required=False, max_length=200)
    file = forms.FileField(label="Diagnostic en PDF", required=False)
    findings = forms.CharField(
        label="Constats", required=False, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=FINDING_LINES,
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
            challenges=self.read_challenges.rows, title=data["title"],
            kind=data["kind"] or Diagnosis.Kind.TERRITORIAL, signed_on=data["signed_on"],
            author=data["author"], file=data["file"] or "",
        )  # fmt: skip


class FindingsEntryForm(AgreementForm):
    """Several findings typed or pasted in one go, for one diagnosis."""

    diagnosis = forms.ModelChoiceField(Diagnosis.objects.all(), label="Diagnostic", required=False)
    found_on = DateField(label="Établis le", initial=date.today)
    findings = forms.CharField(
        label="Constats", widget=forms.Textarea(attrs={"rows": 12}), help_text=FINDING_LINES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_diagnoses(self.fields["diagnosis"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        themes = list(Theme.objects.filter(agreement=self.access.agreement, is_active=True))
        self.read_findings: Pasted = read_findings(
            data.get("findings", ""), themes, data.get("found_on") or date.today()
        )
        for error in self.read_findings.errors:
            self.add_error("findings", error)
        return data

    def perform(self) -> list[Finding]:
        return services.create_findings(
            self.access.agreement, actor=self.access.user, findings=self.read_findings.rows,
            diagnosis=self.cleaned_data["diagnosis"],
        )  # fmt: skip


class GroupForm(AgreementForm):
    """Findings ticked on the screen of convergence, and the challenge that gathers them."""

    findings = forms.ModelMultipleChoiceField(
        Finding.objects.filter(is_archived=False), label="Constats", required=False
    )
    challenge = forms.ModelChoiceField(
        Challenge.objects.filter(is_archived=False),
        label="Sous un enjeu existant",
        required=False,
        empty_label="aucun",
    )
    title = forms.CharField(label="ou un nouvel enjeu", required=False, max_length=250)
    theme = forms.ModelChoiceField(
        Theme.objects.filter(is_active=True),
        label="Son thème",
        required=False,
        empty_label="celui du constat",
    )
    priority = forms.TypedChoiceField(
        label="Sa priorité", choices=Challenge.Priority.choices, coerce=int,
        initial=Challenge.Priority.MEDIUM, empty_value=Challenge.Priority.MEDIUM, required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("challenge") and data.get("title", "").strip():
            raise forms.ValidationError(
                "Choisissez un enjeu existant ou écrivez-en un nouveau, l'un des deux."
            )
        return data

    @property
    def ticked(self) -> set[int]:
        """What the page shows ticked: what was sent, or what the link that led here named."""
        values = self["findings"].value() or []
        return {int(value) for value in values if str(value).isdigit()}

    def perform(self) -> Challenge:
        data = self.cleaned_data
        return services.group_findings(
            self.access.agreement, list(data["findings"]), actor=self.access.user,
            challenge=data["challenge"], title=data["title"], theme=data["theme"],
            priority=data["priority"],
        )  # fmt: skip


class MergeForm(AgreementForm):
    """Which of two findings stays; the other is archived."""

    keep = forms.ChoiceField(label="Constat à garder", widget=forms.RadioSelect)

    def __init__(self, *args: Any, pair: tuple[Finding, Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = {str(row.pk): row for row in pair}
        self.fields["keep"].choices = [(key, row.text) for key, row in self.pair.items()]
        self.fields["keep"].initial = str(pair[0].pk)

    def perform(self) -> Finding:
        kept = self.pair[self.cleaned_data["keep"]]
        other = next(row for key, row in self.pair.items() if key != self.cleaned_data["keep"])
        return services.merge_findings(kept, other, actor=self.access.user)
