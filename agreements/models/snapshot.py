"""Frozen documents: what was said, in which state, and what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.models.agreement import AgreementOwned
from core.audience import Audience
from core.db import SameAgreement


class DocumentState(models.TextChoices):
    DRAFT = "draft", "projet"
    READ_BY_CAF = "read_by_caf", "relu par la Caf"
    PRESENTED = "presented", "présenté au COPIL"
    APPROVED = "approved", "validé"
    SENT = "sent", "transmis"


class Snapshot(AgreementOwned):
    """A numbered document and its content, from which page, PDF, workbook and Word are drawn.

    ``content`` is ``core.documents.content.Content`` as JSON, hashed. It is never rewritten: a
    later state of affairs makes a new number. ``edition`` tells the two editions of the annual
    report apart (provisoire for the December COPIL, définitive in spring).
    """

    class Edition(models.TextChoices):
        NONE = "", "sans objet"
        PROVISIONAL = "provisional", "provisoire"
        FINAL = "final", "définitive"

    kind = models.CharField("document", max_length=60)
    number = models.PositiveIntegerField("numéro")
    title = models.CharField("titre", max_length=300)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    subject_id = models.BigIntegerField("objet (séance, fiche…)", null=True, blank=True)
    edition = models.CharField("édition", max_length=12, choices=Edition, blank=True, default="")
    audience = models.CharField("destinataires", max_length=10, choices=Audience)
    schema_version = models.PositiveSmallIntegerField("version du format")
    content = models.JSONField("contenu")
    content_hash = models.CharField("empreinte", max_length=64)
    details = models.JSONField(
        "ce que sa pièce doit en savoir",
        default=dict,
        blank=True,
        help_text="Parties choisies, nombre de pages une fois mis en page ; n'entre pas dans l'empreinte.",
    )
    state = models.CharField(
        "état", max_length=12, choices=DocumentState, default=DocumentState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("figé le", auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "document figé"
        verbose_name_plural = "documents figés"
        ordering = ["-created_at", "-pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "kind", "number"], name="agreements_snapshot_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="agreements_snapshot_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title} n° {self.number}"

    @property
    def edition_label(self) -> str:
        """« Édition provisoire » ; empty for a document that has no editions."""
        return f"Édition {self.get_edition_display()}" if self.edition else ""


class SnapshotTransition(AgreementOwned):
    """A document passes to a state: who, when, and to whom it was sent."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="transitions")
    state = models.CharField("état", max_length=12, choices=DocumentState)
    on = models.DateField("date")
    note = models.CharField("précision", max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor_label = models.CharField("par", max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "changement d'état d'un document"
        verbose_name_plural = "changements d'état des documents"
        ordering = ["at", "pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("snapshot")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} le {self.on:%d/%m/%Y}"


class SnapshotFile(AgreementOwned):
    """The bytes as they were sent, so that they can be had again as they were."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="files")
    format = models.CharField("format", max_length=5)
    name = models.CharField("nom du fichier", max_length=200)
    mime = models.CharField("type", max_length=120)
    data = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte", max_length=64)
    created_at = models.DateTimeField("produit le", auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "fichier transmis"
        verbose_name_plural = "fichiers transmis"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("snapshot"),
            models.UniqueConstraint(
                fields=["snapshot", "format"], name="agreements_snapshotfile_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
