"""Indicateurs de suivi: where they start, where they go, what was read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from actionplan.models.action import Action
from actionplan.models.levels import Orientation
from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Measure(AgreementOwned, TimeStamped, Versioned):
    """An indicateur de suivi of an action or of an orientation: where it starts, where it goes."""

    class Kind(models.TextChoices):
        MEANS = "means", "moyens"
        OUTPUT = "output", "réalisation"
        OUTCOME = "outcome", "résultat"

    class Direction(models.TextChoices):
        UP = "up", "à faire monter"
        DOWN = "down", "à faire baisser"

    action = models.ForeignKey(
        Action,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="action",
    )
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="orientation",
    )
    label = models.CharField("mesure", max_length=200)
    kind = models.CharField("nature", max_length=8, choices=Kind, default=Kind.OUTPUT)
    unit = models.CharField("unité", max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField("décimales", default=0)
    direction = models.CharField("sens", max_length=4, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(
        "valeur de départ", max_digits=14, decimal_places=4, null=True, blank=True
    )
    baseline_year = models.PositiveSmallIntegerField("année de départ", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    indicator = models.ForeignKey(
        "opendata.Indicator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="indicateur publié correspondant",
    )
    facility = models.ForeignKey(
        "territory.Facility",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="équipement correspondant",
    )
    facility_figure = models.CharField(
        "chiffre de l'équipement",
        max_length=40,
        blank=True,
        help_text="La capacité ou l'activité qui donne la valeur de l'année.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "mesure (indicateur de suivi)"
        verbose_name_plural = "mesures (indicateurs de suivi)"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("orientation"),
            SameAgreement("facility"),
            models.CheckConstraint(
                condition=Q(action__isnull=False, orientation__isnull=True)
                | Q(action__isnull=True, orientation__isnull=False),
                name="actionplan_measure_one_parent",
                violation_error_message="Une mesure suit une action ou une orientation.",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline_year__isnull=False),
                name="actionplan_measure_baseline_year",
                violation_error_message="Dites de quelle année est la valeur de départ.",
            ),
            models.CheckConstraint(
                condition=Q(facility__isnull=True) | Q(indicator__isnull=True),
                name="actionplan_measure_one_source",
                violation_error_message="Une mesure se lit dans un indicateur ou dans un équipement, pas dans les deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class MeasurePoint(AgreementOwned):
    """Target and value of a measure for one year. Changing either afterwards asks for a reason,
    kept in ``history``."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="points")
    year = models.PositiveSmallIntegerField("année")
    target = models.DecimalField("cible", max_digits=14, decimal_places=4, null=True, blank=True)
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4, null=True, blank=True)
    comment = models.CharField("commentaire", max_length=400, blank=True)
    read_from = models.CharField(
        "lue dans",
        max_length=200,
        blank=True,
        help_text="Pour une valeur reprise d'une source : laquelle, de quand.",
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "point de mesure"
        verbose_name_plural = "points de mesure"
        ordering = ["year"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("measure"),
            models.UniqueConstraint(
                fields=["measure", "year"], name="actionplan_measurepoint_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"
