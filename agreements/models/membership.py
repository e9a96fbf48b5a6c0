"""Who takes part in an agreement, and as what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.agreement import AgreementOwned
from core.models import TimeStamped


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "Chargé(e) de coopération"
    DIRECTION = "direction", "Direction"
    ELECTED = "elected", "Élu(e)"
    CAF = "caf", "Caf"
    PARTNER = "partner", "Partenaire"
    READER = "reader", "Lecteur"


class Membership(AgreementOwned, TimeStamped):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="compte",
    )
    role = models.CharField("rôle", max_length=12, choices=Role)
    title = models.CharField(
        "titre affiché",
        max_length=120,
        blank=True,
        help_text="Par exemple « adjointe à la famille ».",
    )
    is_active = models.BooleanField("accès ouvert", default=True)
    last_seen_at = models.DateTimeField("dernière visite", null=True, blank=True, editable=False)
    previous_seen_at = models.DateTimeField("visite d'avant", null=True, blank=True, editable=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "membre"
        verbose_name_plural = "membres"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "user"],
                name="agreements_membership_once",
                violation_error_message="Cette personne est déjà membre de la convention.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
