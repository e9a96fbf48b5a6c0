"""The journal: acts told in a sentence, by whom and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.agreement import AgreementOwned


class JournalEntry(AgreementOwned):
    """One act. It points anywhere by name (``target_type``, ``target_id``) and keeps the label
    of its target, so that it still reads well once the target is gone."""

    at = models.DateTimeField("date", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur",
    )
    actor_label = models.CharField("nom de l'auteur", max_length=200)
    verb = models.CharField("acte", max_length=40)
    sentence = models.TextField("phrase")
    reason = models.TextField("motif", blank=True)
    target_type = models.CharField("nature de l'objet", max_length=80, blank=True)
    target_id = models.BigIntegerField("identifiant de l'objet", null=True, blank=True)
    target_label = models.CharField("objet", max_length=300, blank=True)
    changes = models.JSONField("changements", default=list, blank=True)
    is_internal = models.BooleanField("interne", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["agreement", "-at"], name="journal_recent"),
            models.Index(fields=["agreement", "target_type", "target_id"], name="journal_target"),
        ]

    def __str__(self) -> str:
        return self.sentence
