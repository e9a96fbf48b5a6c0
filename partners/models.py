"""Organisations, people and their dated functions, and the contracts that carry Caf money."""

from __future__ import annotations

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement, fr_order
from core.models import TimeStamped, Versioned

COMMUNICABLE = "Ce texte peut être communiqué à la personne ou à l'organisme concerné."


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def in_alphabetical_order(self) -> OrganisationQuerySet:
        return self.order_by(*fr_order("name"), "pk")

    def active(self) -> OrganisationQuerySet:
        return self.filter(is_archived=False)


class Organisation(AgreementOwned, TimeStamped, Versioned):
    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "commune ou service municipal"
        INTERCOMMUNALITY = "intercommunality", "intercommunalité"
        CAF = "caf", "Caf"
        DEPARTMENT = "department", "Département"
        STATE = "state", "État"
        SCHOOL = "school", "établissement scolaire"
        ASSOCIATION = "association", "association"
        COMPANY = "company", "entreprise"
        SOCIAL_SECURITY = "social_security", "autre organisme de protection sociale"
        OTHER = "other", "autre"

    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("sigle ou nom court", max_length=60, blank=True)
    kind = models.CharField("nature", max_length=16, choices=Kind, default=Kind.ASSOCIATION)
    themes = models.ManyToManyField(
        "agreements.Theme",
        through="OrganisationTheme",
        related_name="organisations",
        verbose_name="thèmes",
        blank=True,
    )
    email = models.EmailField("adresse électronique générique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    website = models.URLField("site web", blank=True)
    note = models.TextField("présentation", blank=True, help_text=COMMUNICABLE)
    last_contact_on = models.DateField("dernier contact", null=True, blank=True)
    is_archived = models.BooleanField("archivée", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="partners_organisation_name",
                violation_error_message="Une organisation porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationTheme(AgreementOwned):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey("agreements.Theme", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "thème d'une organisation"
        verbose_name_plural = "thèmes des organisations"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("organisation"),
            SameAgreement("theme"),
            models.UniqueConstraint(
                fields=["organisation", "theme"], name="partners_organisationtheme_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.theme}"


class ContactQuerySet(models.QuerySet["Contact"]):
    def in_alphabetical_order(self) -> ContactQuerySet:
        return self.order_by(*fr_order("last_name"), *fr_order("first_name"), "pk")


class Contact(AgreementOwned, TimeStamped, Versioned):
    """A person, in a professional capacity only. May or may not have an account."""

    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse électronique professionnelle", blank=True)
    phone = models.CharField("téléphone professionnel", max_length=30, blank=True)
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="compte",
    )
    note = models.TextField("à savoir", blank=True, help_text=COMMUNICABLE)
    is_archived = models.BooleanField("archivé", default=False)

    objects = ContactQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "personne"
        verbose_name_plural = "personnes"

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Position(AgreementOwned):
    """A dated function: the person changes, the function stays."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="positions", verbose_name="personne"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.RESTRICT,
        related_name="positions",
        verbose_name="organisation",
    )
    function = models.CharField("fonction", max_length=160)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu'au", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "fonction"
        verbose_name_plural = "fonctions"
        ordering = [F("ends_on").desc(nulls_first=True), "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("contact"),
            SameAgreement("organisation"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="partners_position_period",
                violation_error_message="La fin de la fonction doit suivre son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}, {self.organisation}"

    def is_current(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (
            self.ends_on is None or self.ends_on >= on
        )


class AmountStage(models.TextChoices):
    """The life of an amount of Caf money, in order (domaine.md §2)."""

    PLANNED = "planned", "prévisionnel"
    UPDATED = "updated", "actualisé"
    ACTUAL = "actual", "réel"
    NOTIFIED = "notified", "notifié"
    PAID = "paid", "versé"


class Contract(AgreementOwned, TimeStamped, Versioned):
    """Thin for now: mostly a COF (convention d'objectifs et de financement). The facility it
    supports is ``territory.Facility.contracts``, since rooms point downwards only."""

    class Kind(models.TextChoices):
        COF = "cof", "convention d'objectifs et de financement (COF)"
        SUBSIDY = "subsidy", "convention de subvention"
        PARTNERSHIP = "partnership", "convention de partenariat"
        OTHER = "other", "autre"

    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.COF)
    title = models.CharField("intitulé", max_length=200)
    reference = models.CharField("référence", max_length=80, blank=True)
    funder = models.ForeignKey(
        Organisation,
        on_delete=models.RESTRICT,
        related_name="funded_contracts",
        verbose_name="financeur",
    )
    beneficiary = models.ForeignKey(
        Organisation,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="received_contracts",
        verbose_name="gestionnaire",
    )
    scheme = models.CharField(
        "dispositif",
        max_length=120,
        blank=True,
        help_text="Par exemple « PSU », « bonus territoire ».",
    )
    capacity = models.DecimalField(
        "capacité retenue",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    capacity_unit = models.CharField("unité de capacité", max_length=40, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    note = models.TextField("précisions", blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("funder"),
            SameAgreement("beneficiary"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="partners_contract_period",
                violation_error_message="La fin du contrat doit suivre son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContractAmount(AgreementOwned):
    """What a contract brings for one year, at one stage, said on one date."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField("année")
    stage = models.CharField(
        "stade", max_length=8, choices=AmountStage, default=AmountStage.PLANNED
    )
    amount = models.DecimalField(
        "montant (€)", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    stated_on = models.DateField("dit le")
    is_estimate = models.BooleanField("estimation", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "montant d'un contrat"
        verbose_name_plural = "montants des contrats"
        ordering = ["year", "stated_on", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("contract"),
            models.UniqueConstraint(
                fields=["contract", "year", "stage"],
                name="partners_contractamount_once",
                violation_error_message="Ce stade est déjà renseigné pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="partners_contractamount_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.year} ({self.get_stage_display()})"


class Exchange(AgreementOwned):
    """A visit, a call, a mail: what keeps a network from being a directory."""

    class Kind(models.TextChoices):
        MEETING = "meeting", "rencontre"
        VISIT = "visit", "visite"
        CALL = "call", "appel"
        MAIL = "mail", "message"

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="exchanges",
        verbose_name="organisation",
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="exchanges",
        verbose_name="personne",
    )
    on = models.DateField("date")
    kind = models.CharField("nature", max_length=8, choices=Kind, default=Kind.MEETING)
    summary = models.TextField("ce qui s'est dit", help_text=COMMUNICABLE)

    class Meta(AgreementOwned.Meta):
        verbose_name = "échange"
        verbose_name_plural = "échanges"
        ordering = ["-on", "-pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("organisation"),
            SameAgreement("contact"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"
