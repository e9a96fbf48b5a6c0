"""The territorial diagnosis: offer, figures of one's own, findings and challenges."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.audience import Audience
from core.db import SameAgreement, fr_order
from core.models import TimeStamped, Versioned
from opendata.models import Reason


class FacilityType(models.TextChoices):
    EAJE = "eaje", "accueil collectif du jeune enfant (EAJE)"
    RPE = "rpe", "relais petite enfance (RPE)"
    LAEP = "laep", "lieu d'accueil enfants-parents (LAEP)"
    MAM = "mam", "maison d'assistants maternels (MAM)"
    ALSH = "alsh", "accueil de loisirs (ALSH)"
    CLAS = "clas", "accompagnement à la scolarité (CLAS)"
    LUDOTHEQUE = "ludotheque", "ludothèque"
    YOUTH = "youth", "accueil de jeunes"
    SOCIAL_CENTRE = "social_centre", "centre social"
    EVS = "evs", "espace de vie sociale (EVS)"
    RIGHTS = "rights", "accès aux droits (France services, CCAS…)"
    OTHER = "other", "autre"


class FacilityQuerySet(models.QuerySet["Facility"]):
    def in_alphabetical_order(self) -> FacilityQuerySet:
        return self.order_by(*fr_order("name"), "pk")


class Facility(AgreementOwned, TimeStamped, Versioned):
    """A place or service supported by the agreement: the local register that no open data gives."""

    name = models.CharField("nom", max_length=200)
    type = models.CharField("type", max_length=16, choices=FacilityType)
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
    address = models.CharField("adresse", max_length=250, blank=True)
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

    class Unit(models.TextChoices):
        PLACES = "places", "places"
        HOURS = "hours", "heures"
        FTE = "fte", "ETP"
        SESSIONS = "sessions", "séances"
        GROUPS = "groups", "groupes"

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


class LocalObservation(AgreementOwned, TimeStamped, Versioned):
    """A figure typed by hand: given by the Caf, a service, a count. Value **or** reason."""

    indicator = models.ForeignKey(
        "opendata.Indicator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="indicateur du catalogue",
    )
    label = models.CharField(
        "intitulé", max_length=200, blank=True, help_text="S'il ne figure pas au catalogue."
    )
    unit = models.CharField("unité", max_length=60, blank=True)
    territory = models.ForeignKey(
        "opendata.Territory", on_delete=models.PROTECT, related_name="+", verbose_name="territoire"
    )
    period = models.PositiveSmallIntegerField("année")
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    reason = models.CharField(
        "raison de l'absence", max_length=16, choices=Reason, blank=True, default=""
    )
    estimated = models.BooleanField("estimée", default=False)
    source = models.CharField("source", max_length=300)
    is_from_caf = models.BooleanField("transmis par la Caf", default=False)
    file = models.FileField("fichier", upload_to="chiffres/%Y/", blank=True)
    audience = models.CharField(
        "peut être lu par", max_length=10, choices=Audience, default=Audience.COMMITTEE
    )
    note = models.CharField("précision", max_length=300, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "chiffre local"
        verbose_name_plural = "chiffres locaux"
        ordering = ["-period", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="")
                | (Q(value__isnull=True) & ~Q(reason="")),
                name="territory_localobs_value_or_reason",
                violation_error_message="Donnez une valeur, ou dites pourquoi elle manque.",
            ),
            models.CheckConstraint(
                condition=Q(indicator__isnull=False) | ~Q(label=""),
                name="territory_localobs_named",
                violation_error_message="Choisissez un indicateur ou donnez un intitulé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.period}"

    @property
    def title(self) -> str:
        return self.indicator.label if self.indicator else self.label


class Finding(AgreementOwned, TimeStamped, Versioned):
    """A constat: what the territory lives, with the figure as it was read."""

    class Quadrant(models.TextChoices):
        STRENGTH = "strength", "atout"
        WEAKNESS = "weakness", "faiblesse"
        OPPORTUNITY = "opportunity", "opportunité"
        THREAT = "threat", "menace"

    theme = models.ForeignKey(
        "agreements.Theme", on_delete=models.RESTRICT, related_name="findings", verbose_name="thème"
    )
    quadrant = models.CharField("lecture", max_length=12, choices=Quadrant)
    text = models.TextField("constat")
    found_on = models.DateField("établi le")
    origin = models.CharField(
        "origine",
        max_length=200,
        blank=True,
        help_text="Par exemple « diagnostic partagé de 2025 », « atelier parents de mars ».",
    )
    is_archived = models.BooleanField("archivé", default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "constat"
        verbose_name_plural = "constats"
        ordering = ["theme__position", "pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("theme")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 90 else f"{self.text[:89].rstrip()}…"


class Evidence(AgreementOwned):
    """A figure as it was read when the finding was written; it never follows later versions."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    indicator = models.ForeignKey(
        "opendata.Indicator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="indicateur",
    )
    local_observation = models.ForeignKey(
        LocalObservation,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="chiffre local",
    )
    territory = models.ForeignKey(
        "opendata.Territory", on_delete=models.PROTECT, related_name="+", verbose_name="territoire"
    )
    period = models.PositiveSmallIntegerField("année")
    version = models.ForeignKey(
        "opendata.DatasetVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value_as_read = models.DecimalField("valeur lue", max_digits=18, decimal_places=4)
    read_on = models.DateField("lue le")

    class Meta(AgreementOwned.Meta):
        verbose_name = "preuve chiffrée"
        verbose_name_plural = "preuves chiffrées"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("finding"),
            SameAgreement("local_observation"),
            models.CheckConstraint(
                condition=Q(indicator__isnull=False) | Q(local_observation__isnull=False),
                name="territory_evidence_named",
                violation_error_message="Une preuve cite un indicateur ou un chiffre local.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator or self.local_observation} {self.period}"


class Challenge(AgreementOwned, TimeStamped, Versioned):
    """An enjeu: the problem that findings make a priority."""

    class Priority(models.IntegerChoices):
        HIGH = 1, "prioritaire"
        MEDIUM = 2, "important"
        LOW = 3, "à suivre"

    title = models.CharField("enjeu", max_length=250)
    description = models.TextField("précision", blank=True)
    theme = models.ForeignKey(
        "agreements.Theme",
        on_delete=models.RESTRICT,
        related_name="challenges",
        verbose_name="thème",
    )
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.MEDIUM
    )
    prioritised_on = models.DateField("priorité décidée le", null=True, blank=True)
    findings = models.ManyToManyField(
        Finding,
        through="ChallengeFinding",
        related_name="challenges",
        verbose_name="constats",
        blank=True,
    )
    is_archived = models.BooleanField("archivé", default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "enjeu"
        verbose_name_plural = "enjeux"
        ordering = ["priority", "theme__position", "pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("theme")]

    def __str__(self) -> str:
        return self.title


class ChallengeFinding(AgreementOwned):
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "constat d'un enjeu"
        verbose_name_plural = "constats des enjeux"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("challenge"),
            SameAgreement("finding"),
            models.UniqueConstraint(
                fields=["challenge", "finding"], name="territory_challengefinding_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge} – {self.finding}"


class SignedDiagnosis(AgreementOwned):
    """« Reprise d'un diagnostic signé »: the date and file of a diagnosis made elsewhere."""

    title = models.CharField("titre", max_length=200)
    signed_on = models.DateField("date du diagnostic", null=True, blank=True)
    author = models.CharField("auteur", max_length=200, blank=True)
    file = models.FileField("fichier PDF", upload_to="diagnostics/", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "diagnostic repris"
        verbose_name_plural = "diagnostics repris"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title
