"""What the coordinator alone keeps: own tasks, dates to come, lines put off."""

from __future__ import annotations

from django.db import models

from agreements.models import AgreementOwned
from core.models import TimeStamped


class Deadline(AgreementOwned, TimeStamped):
    """A date of the Caf or of the law that no other room holds."""

    class Kind(models.TextChoices):
        CAF = "caf", "Caf"
        LEGAL = "legal", "légale"
        OTHER = "other", "autre"

    title = models.CharField("échéance", max_length=200)
    on = models.DateField("date")
    kind = models.CharField("nature", max_length=6, choices=Kind, default=Kind.CAF)
    note = models.CharField("précision", max_length=300, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "échéance"
        verbose_name_plural = "échéances"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.title


class PostponedLine(AgreementOwned):
    """« Reporter » : a line of the week hidden until a date. ``key`` names the line."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    until = models.DateField("jusqu'au")

    class Meta(AgreementOwned.Meta):
        verbose_name = "ligne reportée"
        verbose_name_plural = "lignes reportées"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "user", "key"], name="desk_postponed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key
