"""The offer: facilities, what they can do and did, and what the projection of needs supposes."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement, fr_order
from core.models import TimeStamped, Versioned
from opendata.facility_types import Mode
from opendata.models import Unit


class FacilityType(AgreementOwned):
    """What a facility is: the list is preloaded (``territory.facility_types``) and the agreement's
    own. ``key`` is the national name that rates and the adequacy of the offer rely on; a type added
    by the agreement has none."""

    Mode = Mode

    key = models.SlugField("clé nationale", max_length=40, blank=True)
    name = models.CharField("type d'équipement ou de service", max_length=120)
    mode = models.CharField("mode", max_length=20, choices=Mode, default=Mode.OTHER)
    unit = models.CharField("unité habituelle", max_length=8, choices=Unit, default=Unit.PLACES)
    min_age_months = models.PositiveSmallIntegerField("âge minimal (mois)", null=True, blank=True)
    max_age_months = models.PositiveSmallIntegerField("âge maximal (mois)", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("proposé", default=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "type d'équipement"
        verbose_name_plural = "types d'équipement"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="territory_facilitytype_name",
                violation_error_message="Un type porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "key"],
                condition=~Q(key=""),
                name="territory_facilitytype_key",
            ),
            models.CheckConstraint(
                condition=Q(max_age_months__gte=F("min_age_months"))
                | Q(max_age_months__isnull=True)
                | Q(min_age_months__isnull=True),
                name="territory_facilitytype_ages",
                violation_error_message="L'âge maximal suit l'âge minimal.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityQuerySet(models.QuerySet["Facility"]):
    def in_alphabetical_order(self) -> FacilityQuerySet:
        return self.order_by(*fr_order("name"), "pk")


class Facility(AgreementOwned, TimeStamped, Versioned):
    """A place or service supported by the agreement: the local register that no open data gives."""

    name = models.CharField("nom", max_length=200)
    type = models.ForeignKey(
        FacilityType, on_delete=models.RESTRICT, related_name="facilities", verbose_name="type"
    )
    manager = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="facilities",
        verbose_name="gestionnaire",
    )
    theme = models.ForeignKey(
        "agreements.Theme",
        on_delete=models.RESTRICT,
        related_name="facilities",
        verbose_name="thème",
    )
    commune = models.ForeignKey(
        "opendata.Territory", on_delete=models.PROTECT, related_name="+", verbose_name="commune"
    )
    quarter = models.ForeignKey(
        "opendata.Territory",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quartier",
        help_text="Quartier prioritaire ou quartier statistique (IRIS), s'il est connu.",
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    latitude = models.DecimalField(
        "latitude",
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        "longitude",
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    min_age_months = models.PositiveSmallIntegerField("âge minimal (mois)", null=True, blank=True)
    max_age_months = models.PositiveSmallIntegerField("âge maximal (mois)", null=True, blank=True)
    opened_on = models.DateField("ouverture", null=True, blank=True)
    closed_on = models.DateField("fermeture", null=True, blank=True)
    contracts = models.ManyToManyField(
        "partners.Contract",
        through="FacilityContract",
        related_name="facilities",
        verbose_name="contrats",
        blank=True,
    )
    note = models.TextField("précisions", blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = FacilityQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "équipement ou service"
        verbose_name_plural = "équipements et services"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("manager"),
            SameAgreement("theme"),
            SameAgreement("type"),
            models.CheckConstraint(
                condition=Q(max_age_months__gte=F("min_age_months"))
                | Q(max_age_months__isnull=True)
                | Q(min_age_months__isnull=True),
                name="territory_facility_ages",
                violation_error_message="L'âge maximal suit l'âge minimal.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="territory_facility_point",
                violation_error_message="Donnez la latitude et la longitude, ou aucune des deux.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="territory_facility_dates",
                violation_error_message="La fermeture suit l'ouverture.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="territory_facility_name",
                violation_error_message="Un équipement porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityContract(AgreementOwned):
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey("partners.Contract", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "contrat d'un équipement"
        verbose_name_plural = "contrats des équipements"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("facility"),
            SameAgreement("contract"),
            models.UniqueConstraint(
                fields=["facility", "contract"], name="territory_facilitycontract_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} – {self.contract}"


class Capacity(AgreementOwned):
    """What a facility offers in one year. ``is_planned`` separates a promise from a fact."""

    Unit = Unit

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="capacities")
    year = models.PositiveSmallIntegerField("année")
    unit = models.CharField("unité", max_length=8, choices=Unit)
    value = models.DecimalField(
        "capacité", max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    is_planned = models.BooleanField("prévue", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "capacité"
        verbose_name_plural = "capacités"
        ordering = ["year", "unit"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("facility"),
            models.UniqueConstraint(
                fields=["facility", "year", "unit", "is_planned"],
                name="territory_capacity_once",
                violation_error_message="Cette capacité est déjà renseignée pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="territory_capacity_positive",
                violation_error_message="Une capacité ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}"


class Activity(AgreementOwned):
    """What a facility did in one year, in the measure that its funder asks for. Only totals: no
    child, no family is ever told apart."""

    class Kind(models.TextChoices):
        HOURS_DONE = "hours_done", "heures réalisées"
        HOURS_BILLED = "hours_billed", "heures facturées"
        CHILDREN = "children", "enfants différents accueillis"
        FAMILIES = "families", "familles différentes reçues"
        YOUNG_PEOPLE = "young_people", "jeunes différents accueillis"
        ATTENDANCES = "attendances", "passages"
        SESSIONS = "sessions", "séances tenues"
        OPEN_DAYS = "open_days", "jours d'ouverture"
        OCCUPANCY = "occupancy", "taux d'occupation (%)"

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="activities")
    year = models.PositiveSmallIntegerField("année")
    kind = models.CharField("mesure", max_length=16, choices=Kind)
    value = models.DecimalField(
        "valeur", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    note = models.CharField("précision", max_length=300, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "activité d'un équipement"
        verbose_name_plural = "activités des équipements"
        ordering = ["year", "kind"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("facility"),
            models.UniqueConstraint(
                fields=["facility", "year", "kind"],
                name="territory_activity_once",
                violation_error_message="Cette mesure est déjà renseignée pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="territory_activity_positive",
                violation_error_message="Une activité ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}"


class Projection(AgreementOwned, TimeStamped, Versioned):
    """The hypotheses of the projection of under-threes, written so that they can be argued.

    An empty hypothesis is told as such and takes what is published (see
    ``territory.projection``); none is a constant of the code.
    """

    yearly_births = models.DecimalField(
        "naissances par an au départ",
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Vide : moyenne des trois dernières années publiées.",
    )
    births_trend = models.DecimalField(
        "évolution annuelle des naissances (%)",
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(-20), MaxValueValidator(20)],
    )
    survival = models.DecimalField(
        "enfants en vie à un an (pour 1 000 naissances)",
        max_digits=6,
        decimal_places=1,
        default=Decimal("996"),
        validators=[MinValueValidator(900), MaxValueValidator(1000)],
        help_text="France, Insee, état civil : mortalité infantile d'environ 4 pour 1 000.",
    )
    yearly_migration = models.DecimalField(
        "solde migratoire des moins de trois ans (enfants par an)",
        max_digits=8,
        decimal_places=1,
        default=0,
        help_text="Arrivées moins départs d'enfants de moins de trois ans, chaque année.",
    )
    horizon = models.PositiveSmallIntegerField("jusqu'à l'année")
    note = models.TextField("d'où viennent ces hypothèses", blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "hypothèses de projection"
        verbose_name_plural = "hypothèses de projection"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agreement"], name="territory_projection_once"),
        ]

    def __str__(self) -> str:
        return f"Projection jusqu'en {self.horizon}"


class UnderServedArea(AgreementOwned, TimeStamped, Versioned):
    """A zone where the offer is insufficient or hard to reach (art. D. 214-10-1, I, 3° CASF): an
    IRIS, a quarter, or a place described in words."""

    territory = models.ForeignKey(
        "opendata.Territory",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quartier ou commune",
    )
    name = models.CharField("zone", max_length=200, blank=True)
    theme = models.ForeignKey(
        "agreements.Theme", on_delete=models.RESTRICT, related_name="+", verbose_name="thème"
    )
    reason = models.TextField("ce qui manque")
    observed_on = models.DateField("constaté le")

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "zone mal desservie"
        verbose_name_plural = "zones mal desservies"
        ordering = ["theme__position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            models.CheckConstraint(
                condition=Q(territory__isnull=False) | ~Q(name=""),
                name="territory_underservedarea_named",
                violation_error_message="Choisissez un territoire ou nommez la zone.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.territory)
