"""What came in from workbooks: each import with what it wrote, so that it can be undone; and the
columns that were matched, so that they are matched alone the next time."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.agreement import AgreementOwned


class ImportRun(AgreementOwned):
    """One file, from its upload to its undoing.

    ``data`` holds the file while a person decides (``WAITING``); it is emptied once applied or set
    aside. ``written`` lists what was written, in order: ``{"model", "pk", "before", "after"}`` where
    ``before`` is None for a row created and ``after`` a print of the row as it was left: an undo is
    refused when the row is another one since.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "à confirmer"
        APPLIED = "applied", "importé"
        UNDONE = "undone", "annulé"
        SET_ASIDE = "set_aside", "abandonné"

    kind = models.CharField("ce qui est importé", max_length=40)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    data = models.BinaryField("contenu", blank=True, default=b"", editable=False)
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    columns = models.JSONField("colonnes choisies", default=dict, blank=True)
    choices = models.JSONField("choix de la personne", default=dict, blank=True)
    counts = models.JSONField("décompte", default=dict, blank=True)
    written = models.JSONField("ce qui a été écrit", default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    applied_at = models.DateTimeField("importé le", null=True, blank=True)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class ColumnMemory(AgreementOwned):
    """« In workbooks of this kind, the column called so is that field »; empty: leave it out."""

    kind = models.CharField("ce qui est importé", max_length=40)
    title_key = models.CharField("titre de la colonne, sans accents", max_length=200)
    column = models.CharField("champ", max_length=60, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "colonne reconnue"
        verbose_name_plural = "colonnes reconnues"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "kind", "title_key"], name="agreements_columnmemory_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_key} → {self.column}"
