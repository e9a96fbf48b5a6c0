"""The plan as it was signed, and as each avenant left it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.errors import DomainError
from core.models import TimeStamped, Versioned


class PlanVersion(AgreementOwned, TimeStamped, Versioned):
    """A numbered state of the plan. Frozen, it is never rewritten.

    ``facts`` is the plan as data (levels, actions, money, measures), hashed, from which the
    differences with today are computed. An avenant is prepared by ``blocks``: the actions and the
    levels whose changes it takes in; frozen, its facts are those of the version before, with these
    blocks as they are on that day.
    """

    class Kind(models.TextChoices):
        SIGNED = "signed", "plan signé (annexe à la convention)"
        AMENDED = "amended", "plan modifié par avenant"

    class State(models.TextChoices):
        PREPARED = "prepared", "en préparation"
        FROZEN = "frozen", "figé"

    number = models.PositiveSmallIntegerField("version")
    kind = models.CharField("nature", max_length=8, choices=Kind)
    state = models.CharField("état", max_length=8, choices=State, default=State.PREPARED)
    amendment = models.ForeignKey(
        "agreements.Amendment",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="avenant",
    )
    frozen_on = models.DateField("date", null=True, blank=True)
    note = models.TextField("objet", blank=True)
    blocks = models.JSONField("ce que l'avenant reprend", default=list, blank=True)
    facts = models.JSONField("le plan, figé", default=dict, blank=True)
    facts_hash = models.CharField("empreinte", max_length=64, blank=True)
    schema_version = models.PositiveSmallIntegerField("version du format", default=1)

    class Meta(AgreementOwned.Meta):
        verbose_name = "version du plan"
        verbose_name_plural = "versions du plan"
        ordering = ["number"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("amendment"),
            models.UniqueConstraint(
                fields=["agreement", "number"], name="actionplan_planversion_number"
            ),
            models.CheckConstraint(
                condition=Q(state="prepared") | Q(frozen_on__isnull=False),
                name="actionplan_planversion_dated",
                violation_error_message="Une version figée porte une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} du plan"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What is frozen is never rewritten, by whatever path the save comes."""
        frozen = type(self)._base_manager.filter(pk=self.pk, state=self.State.FROZEN)
        if self.pk and frozen.exists():
            raise DomainError("Cette version est figée : elle ne change plus.")
        super().save(*args, **kwargs)
