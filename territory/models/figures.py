"""Figures: those typed here, what they are compared with, and how they are read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core import formats as fr
from core.audience import Audience
from core.models import TimeStamped, Versioned
from opendata.models import Reason


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

    @property
    def value_text(self) -> str:
        """« 138 demandes », or the reason why there is none."""
        if self.value is None:
            return str(Reason(self.reason).label)
        if self.indicator:
            return fr.with_unit(self.value, self.indicator.unit, self.indicator.decimals)
        places = 0 if self.value == self.value.to_integral_value() else 1
        return fr.with_unit(self.value, self.unit, places)

    @property
    def source_text(self) -> str:
        """The source, said to be a local figure: never taken for a published one."""
        given = ", transmis par la Caf" if self.is_from_caf else ""
        return f"Chiffre local : {self.source}, {self.period}{given}"


class ComparedTerritory(AgreementOwned):
    """One territory of the comparison set: chosen once, used by every chart, table and document.
    An agreement without any compares with what holds its lead commune."""

    territory = models.ForeignKey(
        "opendata.Territory", on_delete=models.PROTECT, related_name="+", verbose_name="territoire"
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta(AgreementOwned.Meta):
        verbose_name = "territoire de comparaison"
        verbose_name_plural = "territoires de comparaison"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "territory"],
                name="territory_comparedterritory_once",
                violation_error_message="Ce territoire est déjà dans la comparaison.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.territory)


class IndicatorNote(AgreementOwned, TimeStamped, Versioned):
    """What the agreement's authors add to an indicator: the automatic sentence rewritten, and their
    own comment, kept apart."""

    indicator = models.ForeignKey(
        "opendata.Indicator", on_delete=models.PROTECT, related_name="+", verbose_name="indicateur"
    )
    sentence = models.TextField(
        "phrase de lecture", blank=True, help_text="Vide : la phrase écrite par l'application."
    )
    sentence_basis = models.TextField(
        "phrase automatique au moment de la réécriture",
        blank=True,
        editable=False,
        help_text="Quand elle n'est plus la même, les chiffres ont changé : la page le signale.",
    )
    comment = models.TextField("commentaire de l'auteur", blank=True)
    audience = models.CharField(
        "peut être lu par", max_length=10, choices=Audience, default=Audience.COMMITTEE
    )
    keep_old = models.BooleanField(
        "citer même ancien",
        default=False,
        help_text="Un chiffre de plus de quatre ans n'entre dans un document que si cette case est cochée.",
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "lecture d'un indicateur"
        verbose_name_plural = "lectures des indicateurs"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "indicator"], name="territory_indicatornote_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.indicator)
