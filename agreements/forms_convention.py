"""Forms about the agreement itself, its parties and its members."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Value

from agreements import queries
from agreements.access import Access
from agreements.forms import AgreementForm, AgreementModelForm
from agreements.models import (
    Agreement,
    Amendment,
    Annex,
    Competence,
    Membership,
    Role,
    Signatory,
    Theme,
)
from agreements.services import agreement as agreement_services
from agreements.services import members, parties
from core.db import FrKey
from core.forms import DateField, FrenchModelForm
from opendata.models import Territory

ROOM_CHOICES = [
    ("", "Toutes"),
    ("agreements", "Convention"),
    ("partners", "Partenaires"),
    ("territory", "Diagnostic"),
    ("actionplan", "Plan d'actions"),
    ("committees", "Instances"),
    ("participation", "Habitants"),
    ("evaluation", "Évaluation"),
    ("desk", "Ma semaine"),
]


class AgreementSearchForm(forms.Form):
    text = forms.CharField(
        label="Nom du territoire ou de la commune", required=False, max_length=200
    )
    status = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *Agreement.Status.choices]
    )


def find_commune(text: str) -> Territory:
    """« 10333 », « Saint-André-les-Vergers » or « Saint-André-les-Vergers (10333) »."""
    code = re.search(r"\b(\d{5}|2[AB]\d{3})\b", text.upper())
    communes = Territory.objects.communes()
    if code:
        found = list(communes.filter(code=code.group(1)))
    else:
        found = list(communes.alias(key=FrKey("name")).filter(key=FrKey(Value(text)))[:2])
    if not found:
        raise ValidationError(
            f"« {text} » : commune inconnue. Écrivez son nom exact ou son code Insee."
        )
    if len(found) > 1:
        raise ValidationError(f"Plusieurs communes s'appellent « {text} » : écrivez le code Insee.")
    return found[0]


def commune_words(commune: Territory) -> str:
    return f"{commune.name} ({commune.code})"


class CommuneField(forms.CharField):
    """One commune typed by its name or code: a list of 35,000 helps nobody."""

    def clean(self, value: Any) -> Territory | None:
        text = super().clean(value)
        return find_commune(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return commune_words(value) if isinstance(value, Territory) else value


class CommunesField(forms.CharField):
    """Several communes, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[Territory]:
        text = super().clean(value)
        return [find_commune(line.strip()) for line in re.split(r"[\n;]", text) if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        communes: Iterable[Territory] = value
        return "\n".join(commune_words(commune) for commune in communes)


class AgreementCreateForm(forms.Form):
    name = forms.CharField(label="Nom du territoire", max_length=200)
    lead_commune = CommuneField(
        label="Commune porteuse", help_text="Son nom exact, ou son code Insee."
    )
    communes = CommunesField(
        label="Autres communes", required=False, help_text="Une par ligne, nom ou code Insee."
    )
    starts_on = DateField(label="Début")
    ends_on = DateField(label="Fin")
    coordinator_email = forms.EmailField(
        label="Adresse de la personne qui pilote",
        help_text="Elle recevra une invitation. Vous-même n'aurez pas accès au contenu.",
    )


class AgreementIdentityForm(FrenchModelForm):
    """What the signed text says. The version protects from a silent overwrite."""

    communes = CommunesField(
        label="Communes couvertes", help_text="Une par ligne, nom ou code Insee."
    )
    lead_commune = CommuneField(
        label="Commune porteuse", help_text="Son nom exact, ou son code Insee."
    )

    GROUPS: ClassVar[dict[str, list[str]]] = {
        "Le territoire et la période": [
            "name", "status", "lead_commune", "communes", "starts_on", "ends_on",
        ],
        "La signature": ["deliberated_on", "deliberation_number", "caf_approved_on", "signed_on"],
        "Les personnes et le temps": [
            "caf_name", "coordinator_title", "caf_officer_title", "steering_fte", "weekly_hours",
        ],
        "Le plan : ses niveaux, sous vos mots": [
            "plan_depth", "orientation_label", "objective_label", "sub_objective_label", "uses_weather",
        ],
        "Les logos": ["logo", "caf_logo"],
    }  # fmt: skip

    class Meta(FrenchModelForm.Meta):
        model = Agreement
        fields = [
            "name", "status", "lead_commune", "communes", "starts_on", "ends_on",
            "deliberated_on", "deliberation_number", "caf_approved_on", "signed_on",
            "caf_name", "coordinator_title", "caf_officer_title", "steering_fte", "weekly_hours",
            "plan_depth", "orientation_label", "objective_label", "sub_objective_label", "uses_weather",
            "logo", "caf_logo",
        ]  # fmt: skip
        help_texts: ClassVar[dict[str, str]] = {
            "plan_depth": "Une action peut toujours se ranger sous n'importe quel niveau au-dessus d'elle.",
            "orientation_label": "Au singulier : « Orientation », « Axe », « Enjeu »…",
            "objective_label": "Sert à partir de trois niveaux.",
            "sub_objective_label": "Sert à quatre niveaux.",
        }
        widgets = {"logo": forms.FileInput, "caf_logo": forms.FileInput}

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.initial["lead_commune"] = self.instance.lead_commune
        self.initial["communes"] = list(queries.communes_of(self.instance))
        labels = dict(Agreement.Status.choices)
        allowed = agreement_services.allowed_statuses(self.instance)
        self.fields["status"].choices = [(s, labels[s]) for s in allowed]

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {"access": self.access}

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS.items()]

    def _save_m2m(self) -> None:
        """The service writes the communes."""

    def perform(self) -> Agreement:
        fields = self.changed_values()
        communes = fields.pop("communes")
        return agreement_services.update_agreement(
            self.instance,
            actor=self.access.user,
            fields=fields,
            communes=communes,
            expected_version=self.expected_version,
        )


class SignatoryForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Signatory
        fields = ["name", "kind", "represented_by"]

    def perform(self) -> Signatory:
        fields = self.changed_values()
        if self.instance.pk:
            return parties.update_signatory(self.instance, actor=self.access.user, fields=fields)
        return parties.add_signatory(self.access.agreement, actor=self.access.user, fields=fields)


class AmendmentForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Amendment
        fields = ["number", "subject", "signed_on"]

    def perform(self) -> Amendment:
        fields = self.changed_values()
        if self.instance.pk:
            return parties.update_amendment(self.instance, actor=self.access.user, fields=fields)
        return parties.add_amendment(self.access.agreement, actor=self.access.user, fields=fields)


class AnnexForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Annex
        fields = ["title", "file", "dated_on"]
        widgets = {"file": forms.FileInput}
        help_texts = {"file": "PDF, Word, Excel, LibreOffice ou image, 20 Mo au plus."}

    def perform(self) -> Annex:
        return parties.add_annex(
            self.access.agreement, actor=self.access.user, fields=self.changed_values()
        )


class CompetenceForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Competence
        fields = ["subject", "holder", "note"]

    def perform(self) -> Competence:
        fields = self.changed_values()
        if self.instance.pk:
            return parties.update_competence(self.instance, actor=self.access.user, fields=fields)
        return parties.add_competence(self.access.agreement, actor=self.access.user, fields=fields)


class ThemeForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Theme
        fields = ["name", "domain", "is_active"]
        help_texts = {
            "domain": "Il permet de comparer la CTG avec d'autres, quel que soit le nom du thème.",
            "is_active": "Un thème mis de côté n'est plus proposé ; ce qui le porte le garde.",
        }

    def perform(self) -> Theme:
        fields = self.changed_values()
        if self.instance.pk:
            return parties.update_theme(self.instance, actor=self.access.user, fields=fields)
        return parties.add_theme(self.access.agreement, actor=self.access.user, fields=fields)


class InvitationForm(AgreementForm):
    email = forms.EmailField(label="Adresse électronique")
    first_name = forms.CharField(label="Prénom", required=False, max_length=150)
    last_name = forms.CharField(label="Nom", required=False, max_length=150)
    role = forms.ChoiceField(label="Rôle", choices=Role.choices)
    title = forms.CharField(
        label="Titre affiché",
        required=False,
        max_length=120,
        help_text="Par exemple « adjointe à la famille ».",
    )
    send = forms.BooleanField(
        label="Envoyer l'invitation par courriel",
        required=False,
        initial=True,
        help_text="Sinon, vous remettez le lien vous-même.",
    )


class MemberForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Membership
        fields = ["role", "title"]

    def perform(self) -> Membership:
        return members.change_role(self.instance, actor=self.access.user, **self.changed_values())


class JournalFilterForm(forms.Form):
    text = forms.CharField(label="Mots de la phrase", required=False, max_length=200)
    app_label = forms.ChoiceField(label="Rubrique", required=False, choices=ROOM_CHOICES)
    actor = forms.ChoiceField(label="Auteur", required=False)
    since = DateField(label="Depuis le", required=False)
    until = DateField(label="Jusqu'au", required=False)

    def __init__(self, *args: Any, actors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].choices = [("", "Tous"), *((name, name) for name in actors)]


class AcceptInvitationForm(forms.Form):
    """A new account: a name and a password, nothing else."""

    first_name = forms.CharField(
        label="Prénom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Douze caractères au moins. Une phrase convient très bien.",
    )
