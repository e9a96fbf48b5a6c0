"""The register as a workbook: three sheets that go out and come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import User
from agreements.import_kinds import ImportKind, Named, NewNames
from agreements.import_kinds import register as register_kind
from agreements.models import Agreement, Theme
from agreements.roles import Capability
from core.errors import DomainError
from core.formats import plain_key
from core.sheets import Change, Sheet, SheetColumn, SheetRow, write
from opendata.models import Territory
from partners.models import Organisation
from partners.services import create_organisation
from territory import services
from territory.ages import age_text, parse_age
from territory.models import Activity, Capacity, Facility, FacilityType
from territory.services import register

FACILITIES, CAPACITIES, ACTIVITY = "Équipements", "Capacités", "Activité"
NATURES = ((False, "réelle"), (True, "prévue"))
HELP = (
    ("À quoi sert ce classeur", "Le registre des équipements : complétez-le, puis importez-le depuis la page « Équipements et services »."),
    ("Modifier une ligne", "Changez ses cellules. Deux colonnes masquées la relient à l'application : laissez-les."),
    ("Ajouter une ligne", "Écrivez à la suite, sans rien dans les colonnes masquées."),
    ("Retirer une ligne", "Une ligne absente du classeur n'est pas supprimée : la suppression se fait dans l'application."),
    ("Cellule vide", "Valeur non connue. Ce n'est jamais un zéro."),
    ("Avant d'écrire", "L'import montre ce qui serait créé, modifié, inchangé ou refusé ; il écrit tout, ou rien."),
    ("Montants", "Ils ne sont pas dans ce classeur : voir « Partenaires », contrats et financements."),
)  # fmt: skip


@dataclass(frozen=True)
class Register:
    """The three sheets filled with what stands now, and the facilities by name."""

    agreement: Agreement
    sheets: tuple[Sheet, ...]
    by_name: dict[str, Facility]
    by_key: dict[str, Facility]


def export(agreement: Agreement) -> bytes:
    found = sheets_of(agreement)
    return write(f"Registre des équipements, {agreement.name}", found.sheets, HELP)


def sheets_of(agreement: Agreement, new_names: Sequence[str] = ()) -> Register:
    """Seven queries. ``new_names``: facilities that the same workbook is about to create."""
    facilities = list(
        Facility.objects.filter(agreement=agreement)
        .select_related("type", "manager", "theme", "commune", "quarter", "agreement")
        .prefetch_related("capacities", "activities")
        .in_alphabetical_order()
    )
    names = [f.name for f in facilities]
    known = {plain_key(name) for name in names}
    names += [name for name in new_names if plain_key(name) not in known]
    return Register(
        agreement=agreement,
        sheets=(
            _facilities(agreement, facilities),
            _capacities(names, facilities),
            _activity(names, facilities),
        ),
        by_name={plain_key(f.name): f for f in facilities},
        by_key={str(f.pk): f for f in facilities},
    )


def _pairs(rows: Any) -> tuple[tuple[Any, str], ...]:
    return tuple((row, str(row)) for row in rows)


def _facilities(agreement: Agreement, facilities: Sequence[Facility]) -> Sheet:
    communes = list(Territory.objects.filter(agreements=agreement).in_alphabetical_order())
    quarters = Territory.objects.filter(
        commune__in=communes, level__in=(Territory.Level.QPV, Territory.Level.IRIS)
    ).in_alphabetical_order()
    age = "En mots : « 2 mois », « 2 ans et demi », « 3 ans »."
    degrees = "Degrés décimaux ; avec l'autre coordonnée, ou aucune des deux."
    columns = (
        SheetColumn("name", "Nom", required=True, width=34, max_length=200),
        SheetColumn("type", "Type", "choice", True, _pairs(FacilityType.objects.filter(agreement=agreement)), width=30),
        SheetColumn("manager", "Gestionnaire", "choice", True, _pairs(Organisation.objects.filter(agreement=agreement).in_alphabetical_order()), width=28, creates="organisation"),
        SheetColumn("theme", "Thème", "choice", True, _pairs(Theme.objects.filter(agreement=agreement)), width=22),
        SheetColumn("commune", "Commune", "choice", True, _pairs(communes), width=24),
        SheetColumn("quarter", "Quartier", "choice", False, _pairs(quarters), width=24),
        SheetColumn("address", "Adresse", width=34, max_length=250),
        SheetColumn("latitude", "Latitude", "decimal", width=12, help=degrees),
        SheetColumn("longitude", "Longitude", "decimal", width=12, help=degrees),
        SheetColumn("min_age_months", "Âge minimal", parse=parse_age, show=age_text, width=14, help=age),
        SheetColumn("max_age_months", "Âge maximal", parse=parse_age, show=age_text, width=14, help=age),
        SheetColumn("opened_on", "Ouverture", "date", width=13),
        SheetColumn("closed_on", "Fermeture", "date", width=13, help="Date, jj/mm/aaaa. Un équipement fermé reste au registre."),
        SheetColumn("note", "Précisions", width=40),
    )  # fmt: skip
    rows = tuple(
        SheetRow(str(f.pk), {column.key: getattr(f, column.key) for column in columns})
        for f in facilities
    )
    return Sheet(FACILITIES, columns, ("name",), "fiche", rows)


def _facility_column(names: Sequence[str]) -> SheetColumn:
    return SheetColumn(
        "facility", "Équipement", "choice", True, tuple((name, name) for name in names), width=34,
        list_from=FACILITIES, help="Le nom d'un équipement de la première feuille.",
    )  # fmt: skip


def _capacities(names: Sequence[str], facilities: Sequence[Facility]) -> Sheet:
    columns = (
        _facility_column(names),
        SheetColumn("year", "Année", "integer", True, width=10),
        SheetColumn("unit", "Unité", "choice", True, tuple(Capacity.Unit.choices), width=14),
        SheetColumn(
            "is_planned", "Nature", "choice", True, NATURES, width=12,
            help="« réelle » : ce qui existe ; « prévue » : ce qui est annoncé.",
        ),
        SheetColumn("value", "Capacité", "decimal", True, width=14),
    )  # fmt: skip
    rows = tuple(
        SheetRow(
            str(c.pk),
            {
                "facility": f.name, "year": c.year, "unit": c.unit, "is_planned": c.is_planned,
                "value": c.value,
            },
        )
        for f in facilities
        for c in f.capacities.all()
    )  # fmt: skip
    identity = ("facility", "year", "unit", "is_planned")
    return Sheet(CAPACITIES, columns, identity, "capacité", rows)


def _activity(names: Sequence[str], facilities: Sequence[Facility]) -> Sheet:
    columns = (
        _facility_column(names),
        SheetColumn("year", "Année", "integer", True, width=10),
        SheetColumn("kind", "Mesure", "choice", True, tuple(Activity.Kind.choices), width=32),
        SheetColumn("value", "Valeur", "decimal", True, width=14),
        SheetColumn("note", "Précision", width=40, max_length=300),
    )
    rows = tuple(
        SheetRow(
            str(a.pk),
            {"facility": f.name, "year": a.year, "kind": a.kind, "value": a.value, "note": a.note},
        )
        for f in facilities
        for a in f.activities.all()
    )
    return Sheet(ACTIVITY, columns, ("facility", "year", "kind"), "mesure", rows)


# --- In -------------------------------------------------------------------------------------------
class Writer:
    """Calls the service of each line; facilities written on the way are found by their names."""

    def __init__(
        self, register: Register, changes: Sequence[Change], *, actor: User | None
    ) -> None:
        self.register = register
        self.actor = actor
        self.by_name = dict(register.by_name)
        self.leaving = {
            (change.sheet.name, change.key) for change in changes if self._moves(change)
        }
        self.written: set[tuple[str, str]] = set()

    @staticmethod
    def _moves(change: Change) -> bool:
        """The line names another facility, year or measure than the figure it comes from."""
        return not change.is_new and bool(set(change.values) & set(change.sheet.identity))

    def __call__(self, change: Change) -> None:
        if change.sheet.name == FACILITIES:
            self._facility(change)
        elif change.sheet.name == CAPACITIES:
            self._figure(change, Capacity)
        else:
            self._figure(change, Activity)

    def _facility(self, change: Change) -> None:
        values: dict[str, Any] = {
            key: "" if value is None and key in ("address", "note") else value
            for key, value in change.values.items()
        }
        for name in ("latitude", "longitude"):
            if isinstance(values.get(name), Decimal):
                values[name] = round(values[name], 5)
        if change.is_new:
            facility = services.create_facility(self.register.agreement, actor=self.actor, **values)
        else:
            facility = self.register.by_key[change.key]
            facility = services.update_facility(
                facility, actor=self.actor, expected_version=facility.version, **values
            )
        self.by_name[plain_key(facility.name)] = facility

    def _figure(self, change: Change, model: type[Capacity] | type[Activity]) -> None:
        """A line that moves takes its figure with it; it never covers one that stays. Lines may
        follow one another (2025 to 2026, 2026 to 2027) in any order."""
        row = next((r for r in change.sheet.rows if r.key == change.key), None)
        values = {**(row.values if row else {}), **change.values}
        facility = self.by_name.get(plain_key(str(values.pop("facility"))))
        if facility is None:
            raise DomainError("Cet équipement n'a pas pu être créé.", field="facility")
        year = values["year"]
        if not 1990 <= year <= 2100:
            raise DomainError(f"« {year} » n'est pas une année.", field="year")
        name = change.sheet.name
        if self._moves(change):
            place = {key: values[key] for key in change.sheet.identity if key != "facility"}
            there = model.objects.filter(facility=facility, **place).first()
            free = self.leaving - self.written
            if there is not None and (name, str(there.pk)) not in free:
                raise DomainError(f"Une {change.sheet.noun} est déjà saisie à cet endroit.")
            if (name, change.key) not in self.written:
                register.remove_figure(model.objects.get(pk=int(change.key)), actor=self.actor)
        figure: Capacity | Activity | None
        if model is Capacity:
            figure = services.set_capacity(facility, actor=self.actor, **values)
        else:
            values["note"] = values.get("note") or ""
            figure = register.set_activity(facility, actor=self.actor, **values)
        if figure is not None:
            self.written.add((name, str(figure.pk)))


def _sheets(agreement: Agreement, new: NewNames, *, actor: User | None) -> Register:
    return sheets_of(agreement, new.get(FACILITIES, ()))


def _create_organisation(agreement: Agreement, label: str, *, actor: User | None) -> object:
    return create_organisation(agreement, actor=actor, name=label)


KIND = register_kind(
    ImportKind(
        key="facilities",
        label="registre des équipements",
        title="Importer le registre",
        capability=Capability.DIAGNOSIS_CHANGE,
        sheets=_sheets,
        writer=Writer,
        page="territory:offer",
        upload="territory:offer_import",
        download="territory:offer_workbook",
        creates={"organisation": Named("organisation", _create_organisation)},
        help="Une ligne absente du fichier n'est jamais supprimée.",
    )
)
