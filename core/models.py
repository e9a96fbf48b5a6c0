"""Abstract bricks of the rooms' models, and the tables of the toolkit itself."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from core.errors import StaleObject


class TimeStamped(models.Model):
    created_at = models.DateTimeField("créé le", auto_now_add=True, editable=False)
    updated_at = models.DateTimeField("modifié le", auto_now=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """The root of an aggregate: saving over somebody else's change is refused, never silent.

    ``version`` travels in every form and workbook row made from the object.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_new_version(self, *, expected: int | None, **kwargs: Any) -> Self:
        """Save and raise the version, inside a transaction.

        ``expected`` is the version that the author had under the eyes; None means that nobody
        read the object before (a command, a service acting at once).

        Raises ``StaleObject`` when the row has moved on since.
        """
        current = type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
        if current is not None:
            if expected is not None and current.version != expected:
                raise StaleObject(current)
            self.version = current.version + 1
        self.save(**kwargs)
        return self


class OutgoingMail(models.Model):
    """A message to send, written in the same transaction as what causes it.

    It stays readable, copyable and downloadable as ``.eml``: many communes' IT refuse mail sent
    by an application. ``realm`` says to whom it belongs (``agreement:12``), so that a room above
    may list its own without the toolkit knowing what an agreement is.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "à envoyer soi-même"
        QUEUED = "queued", "en file d'attente"
        SENDING = "sending", "envoi en cours"
        SENT = "sent", "envoyé"
        FAILED = "failed", "refusé par le serveur"
        UNKNOWN = "unknown", "sort inconnu"

    realm = models.CharField("appartenance", max_length=60, db_index=True)
    unique_key = models.CharField("clé d'unicité", max_length=200, unique=True)
    recipient = models.EmailField("destinataire")
    recipient_name = models.CharField("nom du destinataire", max_length=200, blank=True)
    subject = models.CharField("objet", max_length=300)
    body = models.TextField("texte")
    state = models.CharField("état", max_length=10, choices=State, default=State.QUEUED)
    error = models.TextField("motif de l'échec", blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    class Meta:
        verbose_name = "message sortant"
        verbose_name_plural = "messages sortants"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"


class OutgoingMailFile(models.Model):
    """What travels with a message: an invitation for calendars, a PDF.

    ``mime`` is the whole content type: ``text/calendar; method=REQUEST; charset=utf-8`` makes the
    mail program offer « accepter », where a plain attachment would only be a file (RFC 6047, 2.4).
    """

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="files")
    name = models.CharField("nom du fichier", max_length=200)
    mime = models.CharField("type", max_length=120)
    data = models.BinaryField("contenu")

    class Meta:
        verbose_name = "fichier d'un message"
        verbose_name_plural = "fichiers des messages"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mail", "name"], name="core_mailfile_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """A piece of background work with its progress bar, and where to resume it from."""

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        FAILED = "failed", "échoué"

    realm = models.CharField("appartenance", max_length=60, db_index=True)
    kind = models.CharField("nature", max_length=60)
    label = models.CharField("intitulé", max_length=200)
    parameters = models.JSONField("paramètres", default=dict, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("étapes faites", default=0)
    total = models.PositiveIntegerField("étapes prévues", default=0)
    message = models.TextField("message", blank=True)
    resume_from = models.JSONField("point de reprise", default=dict, blank=True)
    result_url = models.CharField("adresse du résultat", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    owner_label = models.CharField("demandé par", max_length=200, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche de fond"
        verbose_name_plural = "tâches de fond"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label


class WorkerBeat(models.Model):
    """One row per worker process: the only way for a page to know that somebody listens."""

    worker = models.CharField("processus", max_length=100, primary_key=True)
    seen_at = models.DateTimeField("vu le")

    class Meta:
        verbose_name = "signe de vie d'un processus"
        verbose_name_plural = "signes de vie des processus"

    def __str__(self) -> str:
        return self.worker
