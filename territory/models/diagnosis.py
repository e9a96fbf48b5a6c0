"""Diagnoses, what they found, the challenges that findings make, and how these are ranked."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.audience import Audience
from core.db import SameAgreement
from core.models import TimeStamped, Versioned
from territory.models.figures import LocalObservation


class Diagnosis(AgreementOwned, TimeStamped, Versioned):
    """A study of the territory: the shared one, a thematic one, a partner's, the analyse des besoins
    sociaux. Several live side by side; findings say from which they come."""

    class Kind(models.TextChoices):
        TERRITORIAL = "territorial", "diagnostic partagé du territoire"
        THEMATIC = "thematic", "diagnostic thématique"
        PARTNER = "partner", "diagnostic d'un partenaire"
        SOCIAL_NEEDS = "social_needs", "analyse des besoins sociaux (ABS)"
        OTHER = "other", "autre étude"

    title = models.CharField("titre", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.TERRITORIAL)
    theme = models.ForeignKey(
        "agreements.Theme",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="diagnoses",
        verbose_name="thème",
        help_text="Vide : tous les thèmes.",
    )
    scope = models.TextField("périmètre", blank=True, help_text="Territoire et public étudiés.")
    method = models.TextField(
        "méthode", blank=True, help_text="Données, entretiens, enquêtes, ateliers."
    )
    starts_on = models.DateField("commencé le", null=True, blank=True)
    ends_on = models.DateField("daté du", null=True, blank=True)
    author = models.CharField("auteur", max_length=200, blank=True)
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="diagnoses",
        verbose_name="organisme",
    )
    participants = models.TextField(
        "participants",
        blank=True,
        help_text="Par organisme ou par fonction ; aucun nom d'habitant.",
    )
    file = models.FileField("fichier PDF", upload_to="diagnostics/", blank=True)
    is_archived = models.BooleanField("archivé", default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "diagnostic"
        verbose_name_plural = "diagnostics"
        ordering = [F("ends_on").desc(nulls_first=True), "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            SameAgreement("organisation"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"))
                | Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True),
                name="territory_diagnosis_dates",
                violation_error_message="La date du diagnostic suit son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
    diagnosis = models.ForeignKey(
        Diagnosis,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name="diagnostic",
    )
    is_archived = models.BooleanField("archivé", default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "constat"
        verbose_name_plural = "constats"
        ordering = ["theme__position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            SameAgreement("diagnosis"),
        ]

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
    rank = models.PositiveSmallIntegerField("rang à l'atelier", null=True, blank=True)
    workshop = models.ForeignKey(
        "Workshop",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="ranked_challenges",
        verbose_name="atelier de priorisation",
    )
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
        ordering = ["priority", F("rank").asc(nulls_last=True), "theme__position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            SameAgreement("workshop"),
        ]

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


class Workshop(AgreementOwned, TimeStamped, Versioned):
    """A prioritisation workshop: cards on a table, dots on cards, then a ranking kept with its date
    and its participants."""

    held_on = models.DateField("date de l'atelier")
    place = models.CharField("lieu", max_length=200, blank=True)
    participants = models.TextField(
        "participants",
        blank=True,
        help_text="Par organisme ou par fonction ; aucun nom d'habitant.",
    )
    participant_count = models.PositiveSmallIntegerField(
        "nombre de participants", null=True, blank=True
    )
    dots_each = models.PositiveSmallIntegerField(
        "gommettes par personne", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    note = models.TextField("ce qui s'est dit", blank=True)
    applied_on = models.DateField("classement retenu le", null=True, blank=True, editable=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "atelier de priorisation"
        verbose_name_plural = "ateliers de priorisation"
        ordering = ["-held_on", "-pk"]
        constraints = [*AgreementOwned.Meta.constraints]

    def __str__(self) -> str:
        return f"Atelier du {self.held_on:%d/%m/%Y}"


class WorkshopVote(AgreementOwned):
    """The dots that one challenge received in one workshop. None typed is no row, not a zero."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="votes")
    challenge = models.ForeignKey(
        Challenge, on_delete=models.RESTRICT, related_name="votes", verbose_name="enjeu"
    )
    title_as_voted = models.CharField("enjeu tel que soumis", max_length=250)
    votes = models.PositiveSmallIntegerField("gommettes")

    class Meta(AgreementOwned.Meta):
        verbose_name = "vote d'un atelier"
        verbose_name_plural = "votes des ateliers"
        ordering = ["-votes", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("workshop"),
            SameAgreement("challenge"),
            models.UniqueConstraint(
                fields=["workshop", "challenge"],
                name="territory_workshopvote_once",
                violation_error_message="Cet enjeu a déjà ses gommettes dans cet atelier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge} : {self.votes}"


class ReportText(AgreementOwned, TimeStamped, Versioned):
    """The author's own words in the diagnosis report: an introduction by section, and by theme."""

    section = models.SlugField("chapitre", max_length=40)
    theme = models.ForeignKey(
        "agreements.Theme",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="thème",
    )
    text = models.TextField("texte")
    audience = models.CharField(
        "peut être lu par", max_length=10, choices=Audience, default=Audience.COMMITTEE
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "texte du rapport"
        verbose_name_plural = "textes du rapport"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            models.UniqueConstraint(
                fields=["agreement", "section", "theme"],
                nulls_distinct=False,
                name="territory_reporttext_once",
                violation_error_message="Ce chapitre a déjà son texte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} – {self.theme}" if self.theme else self.section
