"""The agenda of a meeting, and the questions put to elected officials."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from agreements.models import AgreementOwned
from committees.models.bodies import Committee
from committees.models.meetings import Meeting
from core.db import SameAgreement
from core.models import Versioned


class AgendaItem(AgreementOwned):
    class Kind(models.TextChoices):
        INFORMATION = "information", "information"
        DEBATE = "debate", "débat"
        ARBITRATION = "arbitration", "arbitrage"
        APPROVAL = "approval", "validation"

    ASKED = (Kind.ARBITRATION, Kind.APPROVAL)

    class Outcome(models.TextChoices):
        """What the meeting made of it. Empty once it is held: not treated, it comes back."""

        INFORMATION = "information", "information donnée"
        DECISION = "decision", "décision"
        TO_REVIEW = "to_review", "à revoir"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("point", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.INFORMATION)
    minutes = models.PositiveSmallIntegerField("minutes", default=10)
    presenter = models.CharField("présenté par", max_length=150, blank=True)
    actions = models.ManyToManyField(
        "actionplan.Action",
        through="AgendaItemAction",
        related_name="agenda_items",
        verbose_name="actions concernées",
        blank=True,
    )
    proposed_by_caf = models.BooleanField("proposé par la Caf", default=False)
    is_confirmed = models.BooleanField("retenu", default=True)
    reason = models.CharField(
        "pourquoi ce point",
        max_length=300,
        blank=True,
        help_text="Une phrase, pour qui prépare et préside.",
    )
    outcome = models.CharField("issue", max_length=12, choices=Outcome, blank=True)
    carried_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_to",
        editable=False,
        verbose_name="point d'origine",
    )
    origin_keys = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        editable=False,
        verbose_name="objets dont le point est né",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "point de l'ordre du jour"
        verbose_name_plural = "points de l'ordre du jour"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("carried_from"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="committees_item_minutes",
                violation_error_message="Un point dure une minute au moins.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_asked(self) -> bool:
        """A decision is expected of it."""
        return self.kind in self.ASKED

    @property
    def is_untreated(self) -> bool:
        """As ``services.carry.untreated``, for a point whose decisions are at hand."""
        return self.outcome in ("", self.Outcome.TO_REVIEW) and not self.decisions.all()


class AgendaItemAction(AgreementOwned):
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey("actionplan.Action", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "action d'un point"
        verbose_name_plural = "actions des points"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("item"),
            SameAgreement("action"),
            models.UniqueConstraint(fields=["item", "action"], name="committees_itemaction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} – {self.action}"


class DeclinedProposal(AgreementOwned):
    """A point that the agenda proposed and that was not wanted: it stays away until its object
    changes, which ``fingerprint`` tells."""

    committee = models.ForeignKey(
        Committee, on_delete=models.CASCADE, related_name="declined_proposals"
    )
    key = models.CharField("objet", max_length=60)
    fingerprint = models.CharField("état de l'objet", max_length=80)

    class Meta(AgreementOwned.Meta):
        verbose_name = "proposition écartée"
        verbose_name_plural = "propositions écartées"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("committee"),
            models.UniqueConstraint(fields=["committee", "key"], name="committees_declined_once"),
        ]

    def __str__(self) -> str:
        return self.key


class ArbitrationPoint(AgreementOwned, Versioned):
    """A question put to elected officials, with its context and two or three options."""

    item = models.OneToOneField(
        AgendaItem, on_delete=models.CASCADE, related_name="arbitration", verbose_name="point"
    )
    question = models.CharField("question posée", max_length=300)
    context = models.TextField("contexte", help_text="Cinq lignes au plus.")
    technical_opinion = models.TextField("avis technique", blank=True)
    action = models.ForeignKey(
        "actionplan.Action",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="arbitrations",
        verbose_name="action concernée",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "point d'arbitrage"
        verbose_name_plural = "points d'arbitrage"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("item"),
            SameAgreement("action"),
        ]

    def __str__(self) -> str:
        return self.question


class ArbitrationOption(AgreementOwned):
    point = models.ForeignKey(ArbitrationPoint, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("option", max_length=200)
    effects = models.TextField("effets", blank=True)
    cost = models.DecimalField(
        "coût pour la commune (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    caf_revenue = models.DecimalField(
        "recette Caf estimée (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    delay = models.CharField("délai", max_length=150, blank=True)
    risk = models.CharField("risque", max_length=300, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "option"
        verbose_name_plural = "options"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("point"),
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(caf_revenue__isnull=True) | Q(caf_revenue__gte=0)),
                name="committees_option_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
