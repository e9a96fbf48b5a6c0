"""Files hung on anything of an agreement, typed and dated."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.agreement import AgreementOwned
from core.audience import Audience


class Attachment(AgreementOwned):
    class Kind(models.TextChoices):
        SIGNED = "signed", "document signé"
        EVIDENCE = "evidence", "preuve ou source"
        MINUTES = "minutes", "compte rendu"
        BUDGET = "budget", "pièce budgétaire"
        OTHER = "other", "autre"

    target_type = models.CharField("nature de l'objet", max_length=80)
    target_id = models.BigIntegerField("identifiant de l'objet")
    title = models.CharField("titre", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.OTHER)
    dated_on = models.DateField("date du document", null=True, blank=True)
    file = models.FileField("fichier", upload_to="pieces/%Y/")
    size = models.PositiveIntegerField("taille (octets)", editable=False, default=0)
    audience = models.CharField(
        "peut être lu par", max_length=10, choices=Audience, default=Audience.INTERNAL
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    added_at = models.DateTimeField("ajoutée le", auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["-added_at", "-pk"]
        indexes = [
            models.Index(fields=["agreement", "target_type", "target_id"], name="attachment_target")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def extension(self) -> str:
        name = self.file.name or ""
        return name.rsplit(".", 1)[-1] if "." in name else ""
