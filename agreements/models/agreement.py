"""The agreement (convention territoriale globale) and what is written in the signed text."""

from __future__ import annotations

from datetime import date

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from core.db import fr_order
from core.models import TimeStamped, Versioned


class PlanDepth(models.IntegerChoices):
    """How many levels the plan has, the action included: objectives are optional."""

    TWO = 2, "2 niveaux : orientations, actions"
    THREE = 3, "3 niveaux : orientations, objectifs, actions"
    FOUR = 4, "4 niveaux : orientations, objectifs, sous-objectifs, actions"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_alphabetical_order(self) -> AgreementQuerySet:
        return self.order_by(*fr_order("name"), "pk")


class Agreement(TimeStamped, Versioned):
    class Status(models.TextChoices):
        PREPARATION = "preparation", "en préparation"
        SIGNED = "signed", "signée"
        RUNNING = "running", "en cours"
        RENEWAL = "renewal", "en renouvellement"
        CLOSED = "closed", "close"

    slug = models.SlugField("adresse", unique=True, max_length=80)
    name = models.CharField("nom du territoire", max_length=200)
    status = models.CharField("état", max_length=12, choices=Status, default=Status.PREPARATION)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    deliberated_on = models.DateField("délibération du conseil", null=True, blank=True)
    deliberation_number = models.CharField("numéro de délibération", max_length=60, blank=True)
    caf_approved_on = models.DateField(
        "accord du conseil d'administration de la Caf", null=True, blank=True
    )
    signed_on = models.DateField("signature", null=True, blank=True)
    lead_commune = models.ForeignKey(
        "opendata.Territory",
        on_delete=models.PROTECT,
        related_name="led_agreements",
        verbose_name="commune porteuse",
    )
    communes = models.ManyToManyField(
        "opendata.Territory",
        through="AgreementCommune",
        related_name="agreements",
        verbose_name="communes",
    )
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="convention précédente",
    )
    logo = models.ImageField(
        "logo de la commune",
        upload_to="logos/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"])],
    )
    caf_logo = models.ImageField(
        "logo de la Caf",
        upload_to="logos/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"])],
    )
    caf_name = models.CharField("nom de la Caf", max_length=120, default="Caf")
    coordinator_title = models.CharField(
        "titre de la personne qui pilote", max_length=120, default="Chargé(e) de coopération CTG"
    )
    caf_officer_title = models.CharField(
        "titre de l'interlocuteur Caf", max_length=120, default="Conseiller technique Caf"
    )
    steering_fte = models.DecimalField(
        "temps de pilotage (ETP)", max_digits=4, decimal_places=2, null=True, blank=True
    )
    weekly_hours = models.DecimalField(
        "heures par semaine", max_digits=4, decimal_places=1, default=7
    )
    orientation_label = models.CharField(
        "nom du premier niveau du plan", max_length=40, default="Orientation"
    )
    objective_label = models.CharField(
        "nom du deuxième niveau du plan", max_length=40, default="Objectif"
    )
    sub_objective_label = models.CharField(
        "nom du troisième niveau du plan", max_length=40, default="Objectif opérationnel"
    )
    plan_depth = models.PositiveSmallIntegerField(
        "profondeur du plan", choices=PlanDepth, default=PlanDepth.THREE
    )
    uses_weather = models.BooleanField(
        "donner une météo aux actions",
        default=False,
        help_text="Une appréciation datée en une phrase, en plus du statut et de l'avancement.",
    )
    is_demo = models.BooleanField("exemple fictif", default=False, editable=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        verbose_name_plural = "conventions"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="agreements_agreement_period",
                violation_error_message="La fin de la convention doit suivre son début.",
            )
        ]

    def __str__(self) -> str:
        return f"CTG {self.name} {self.period_label}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:home", args=[self.slug])

    @property
    def period_label(self) -> str:
        return f"{self.starts_on.year}-{self.ends_on.year}"

    @property
    def realm(self) -> str:
        """What outgoing mail and jobs carry to say whose they are (see ``core.models``)."""
        return f"agreement:{self.pk}"

    @property
    def uses_objectives(self) -> bool:
        return self.plan_depth >= PlanDepth.THREE

    @property
    def uses_sub_objectives(self) -> bool:
        return self.plan_depth == PlanDepth.FOUR

    @property
    def years(self) -> range:
        return range(self.starts_on.year, self.ends_on.year + 1)

    def year_rank(self, year: int) -> int:
        """1 for the first year of the agreement; questions and columns depend on it."""
        return year - self.starts_on.year + 1

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class AgreementOwned(models.Model):
    """A row that belongs to one agreement. Subclasses extend ``AgreementOwned.Meta.constraints``
    with one ``SameAgreement`` for each foreign key to another such row."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="+", editable=False
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "id"], name="%(app_label)s_%(class)s_agreement_id"
            )
        ]


class AgreementCommune(AgreementOwned):
    commune = models.ForeignKey(
        "opendata.Territory", on_delete=models.PROTECT, related_name="+", verbose_name="commune"
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "commune de la convention"
        verbose_name_plural = "communes de la convention"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "commune"],
                name="agreements_commune_once",
                violation_error_message="Cette commune figure déjà dans la convention.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.commune)


class Signatory(AgreementOwned):
    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "commune"
        INTERCOMMUNALITY = "intercommunality", "intercommunalité"
        CAF = "caf", "Caf"
        DEPARTMENT = "department", "Département"
        STATE = "state", "État"
        OTHER = "other", "autre"

    name = models.CharField("signataire", max_length=200)
    kind = models.CharField("nature", max_length=16, choices=Kind)
    represented_by = models.CharField("représenté par", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta(AgreementOwned.Meta):
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Amendment(AgreementOwned):
    """An avenant: what changed in the signed text, and since when."""

    number = models.PositiveSmallIntegerField("numéro")
    subject = models.CharField("objet", max_length=300)
    signed_on = models.DateField("signé le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["number"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="agreements_amendment_number",
                violation_error_message="Un avenant porte déjà ce numéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.number}"


class Annex(AgreementOwned):
    title = models.CharField("titre", max_length=200)
    file = models.FileField("fichier", upload_to="annexes/")
    dated_on = models.DateField("date du document", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "annexe"
        verbose_name_plural = "annexes"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Competence(AgreementOwned):
    """Who holds what: each can be transferred to the EPCI at any time (domaine.md §10)."""

    class Holder(models.TextChoices):
        MUNICIPALITY = "municipality", "commune"
        INTERCOMMUNALITY = "intercommunality", "intercommunalité"
        SHARED = "shared", "partagée"
        OTHER = "other", "autre"
        UNKNOWN = "unknown", "à vérifier"

    subject = models.CharField("compétence", max_length=120)
    holder = models.CharField("exercée par", max_length=16, choices=Holder, default=Holder.UNKNOWN)
    note = models.CharField("précision", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta(AgreementOwned.Meta):
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.subject


class Theme(AgreementOwned):
    """The coordinator's own theme; it points at one national domain, so that CTGs compare."""

    name = models.CharField("thème", max_length=120)
    domain = models.ForeignKey(
        "opendata.Domain",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="domaine national",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("utilisé", default=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "thème"
        verbose_name_plural = "thèmes"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="agreements_theme_name",
                violation_error_message="Un thème porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
