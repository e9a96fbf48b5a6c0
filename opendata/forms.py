"""Forms of the administrators' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from core.forms import NumberField
from opendata import facility_types, rates
from opendata.imports import describe, inbox
from opendata.imports.questions import MATCH_NAMES, REPAIR_CODES, YEAR
from opendata.models import FundingRate, Reason, Territory, Unit


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """One file or several."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(FilesField, self).clean(item, initial) for item in given]


class UploadForm(forms.Form):
    files = FilesField(
        label="Fichiers publiés",
        allow_empty_file=True,
        error_messages={"required": "Choisissez au moins un fichier."},
        widget=FilesInput(attrs={"accept": ",".join(sorted(inbox.SUFFIXES))}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = (
            "CSV, xlsx, ods, GeoJSON, ou l'archive zip telle que le producteur la publie ;"
            f" {inbox.megabytes(settings.MAX_IMPORT_BYTES)} au plus chacun. Donnez ensemble ceux qui"
            " vont ensemble : une base de l'Insee et son dictionnaire « meta_… », les effectifs des"
            " écoles et l'annuaire de l'éducation."
        )


class CompanionForm(UploadForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].label = "Fichier à joindre"
        self.fields["files"].help_text = "Il sera gardé avec celui-ci et vérifié à son tour."


class YearForm(forms.Form):
    year = forms.IntegerField(
        label="Année des chiffres",
        min_value=1900,
        max_value=2100,
        help_text="Celle que les chiffres décrivent, non celle de leur publication.",
        error_messages={
            "required": "Écrivez l'année, par exemple 2023.",
            "invalid": "Écrivez l'année en quatre chiffres, par exemple 2023.",
        },
    )
    submit_label = "Vérifier avec cette année"


class RepairForm(forms.Form):
    repair_codes = forms.BooleanField(
        label="Remettre les zéros perdus : «\u00a01001\u00a0» redevient «\u00a001001\u00a0»",
        error_messages={"required": "Cochez la case, ou prenez le fichier d'origine."},
    )
    submit_label = "Vérifier avec les zéros remis"


class NamesForm(forms.Form):
    match_names = forms.BooleanField(
        label="Retrouver les territoires par leur nom et leur maille",
        help_text="Un nom que plusieurs territoires portent reste refusé, ligne par ligne.",
        error_messages={"required": "Cochez la case, ou prenez l'export qui donne les codes."},
    )
    submit_label = "Vérifier par les noms"


ANSWERS: dict[str, type[forms.Form]] = {
    YEAR: YearForm, REPAIR_CODES: RepairForm, MATCH_NAMES: NamesForm,
}  # fmt: skip


# --- Describe a table -------------------------------------------------------------------------
ROLES = [
    (describe.IGNORE, "ne pas reprendre"),
    (describe.CODE, "le code du territoire"),
    (describe.YEAR, "l'année"),
    (describe.KNOWN, "un indicateur du catalogue"),
    (describe.NEW, "un nouvel indicateur"),
]
LIST_OF_INDICATORS = "indicateurs-du-catalogue"


class DescriptionForm(forms.Form):
    """``view``: what is seen of the table; one group of fields for each of its columns."""

    title = forms.CharField(label="Titre du jeu de données", max_length=200)
    producer = forms.CharField(label="Producteur", max_length=200)
    licence = forms.CharField(label="Licence", max_length=100, initial="Licence Ouverte 2.0")
    level = forms.ChoiceField(label="Maille des lignes", choices=Territory.Level)
    year = forms.IntegerField(
        label="Année des chiffres",
        min_value=1900,
        max_value=2100,
        required=False,
        help_text="Si ni une colonne, ni le nom des colonnes ne la disent. Pour ce fichier seulement.",
    )
    secret = forms.CharField(
        label="Marques du secret statistique",
        required=False,
        help_text="Séparées par des virgules. « s », « c » et « secret » sont déjà comprises.",
    )
    missing = forms.CharField(
        label="Marques de l'absence",
        required=False,
        help_text="« n.d. », « NA », « N/A », « - » et « : » sont déjà comprises.",
    )
    not_applicable = forms.CharField(label="Marques de « sans objet »", required=False)
    blank = forms.ChoiceField(
        label="Une case vide veut dire", choices=Reason, initial=Reason.MISSING
    )

    def __init__(self, *args: Any, view: describe.Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        for rank, column in enumerate(view.columns):
            self.fields[f"role_{rank}"] = forms.ChoiceField(
                label="Cette colonne donne", choices=ROLES, initial=column.guess
            )
            self.fields[f"indicator_{rank}"] = forms.CharField(
                label="Indicateur",
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"list": LIST_OF_INDICATORS, "autocomplete": "off"}),
            )
            self.fields[f"unit_{rank}"] = forms.CharField(
                label="Unité", required=False, max_length=60
            )
            self.fields[f"sum_{rank}"] = forms.BooleanField(
                label="C'est un effectif, qui s'additionne d'une commune à l'autre", required=False
            )

    @property
    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    @property
    def groups(self) -> list[tuple[describe.LookColumn, dict[str, Any]]]:
        return [
            (
                column,
                {
                    "asked": [self[f"role_{rank}"], self[f"indicator_{rank}"]],
                    "if_new": [self[f"unit_{rank}"], self[f"sum_{rank}"]],
                    "is_new": self[f"role_{rank}"].value() == describe.NEW,
                },
            )
            for rank, column in enumerate(self.view.columns)
        ]

    def description(self) -> describe.Description:
        given = self.cleaned_data
        return describe.Description(
            title=given["title"],
            producer=given["producer"],
            licence=given["licence"],
            level=given["level"],
            year=given["year"],
            marks=describe.marks_of(
                **{name: given[name] for name in ("secret", "missing", "not_applicable", "blank")}
            ),
            roles={
                column.plain: describe.Role(
                    given[f"role_{rank}"], given[f"indicator_{rank}"], given[f"unit_{rank}"],
                    given[f"sum_{rank}"],
                )
                for rank, column in enumerate(self.view.columns)
            },
        )  # fmt: skip


# --- Rates ------------------------------------------------------------------------------------
class RateForm(forms.Form):
    scheme = forms.CharField(
        label="Dispositif", max_length=120, help_text="Par exemple : PSU, bonus territoire CTG."
    )
    year = forms.IntegerField(label="Exercice", min_value=2000, max_value=2100)
    unit = forms.ChoiceField(label="Unité", choices=Unit.choices)
    calculation = forms.ChoiceField(
        label="Calcul", choices=FundingRate.Calculation.choices, widget=forms.RadioSelect,
        initial=FundingRate.Calculation.PER_UNIT,
    )  # fmt: skip
    amount = NumberField(
        label="Montant en euros, ou taux en pourcentage", max_digits=12, decimal_places=4,
        min_value=0,
    )  # fmt: skip
    ceiling = NumberField(
        label="Prix de revient plafond par unité (€)", max_digits=12, decimal_places=4, min_value=0,
        required=False, help_text="Pour un taux : le coût pris en compte ne le dépasse pas.",
    )  # fmt: skip
    facility_keys = forms.MultipleChoiceField(
        label="Types d'équipement concernés", choices=list(facility_types.NAMES.items()),
        required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Le barème ne sert à estimer que ceux-là.",
    )  # fmt: skip
    source = forms.CharField(
        label="Source",
        max_length=300,
        help_text="La circulaire ou la page de la Caf, avec sa date.",
    )
    note = forms.CharField(label="Précision", max_length=300, required=False)

    def __init__(self, *args: Any, instance: FundingRate | None = None, **kwargs: Any) -> None:
        if instance is not None:
            kwargs["initial"] = {**rates.values_of(instance), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.instance = instance

    def perform(self) -> FundingRate:
        return rates.save_rate(self.instance, **self.cleaned_data)
