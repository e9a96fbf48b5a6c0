"""Meetings, and who came."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from committees.models.bodies import Committee
from core.audience import Audience
from core.db import SameAgreement
from core.formats import date_long, hours_between
from core.models import TimeStamped, Versioned


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, on: date) -> MeetingQuerySet:
        return self.filter(state=Meeting.State.PLANNED, on__gte=on).order_by("on", "starts_at")

    def held(self) -> MeetingQuerySet:
        return self.filter(state=Meeting.State.HELD)

    def after(self, meeting: Meeting) -> MeetingQuerySet:
        """Those planned later, the soonest first."""
        planned = self.filter(state=Meeting.State.PLANNED, on__gt=meeting.on)
        return planned.order_by("on", "starts_at", "pk")


class Meeting(AgreementOwned, TimeStamped, Versioned):
    class State(models.TextChoices):
        PLANNED = "planned", "prévue"
        HELD = "held", "tenue"
        CANCELLED = "cancelled", "annulée"

    committee = models.ForeignKey(
        Committee, on_delete=models.RESTRICT, related_name="meetings", verbose_name="instance"
    )
    on = models.DateField("date")
    starts_at = models.TimeField("heure de début")
    duration_minutes = models.PositiveSmallIntegerField("durée (minutes)", default=90)
    place = models.CharField("lieu", max_length=200, blank=True)
    chair = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="présidence",
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.PLANNED)
    introduction = models.TextField(
        "synthèse",
        blank=True,
        help_text="Cinq phrases au plus, en tête du dossier. Vide : l'outil en propose, à relire.",
    )
    perspectives = models.TextField("perspectives", blank=True)
    minutes = models.TextField("relevé des échanges", blank=True)
    calendar_sequence = models.PositiveIntegerField(
        "numéro de mise à jour de l'invitation",
        default=0,
        editable=False,
        help_text="SEQUENCE (RFC 5545, 3.8.7.4) : il monte quand le jour, l'heure ou le lieu change.",
    )
    cancel_reason = models.CharField("motif de l'annulation", max_length=300, blank=True)
    opened_at = models.TimeField("séance ouverte à", null=True, blank=True)
    closed_at = models.TimeField("séance levée à", null=True, blank=True)
    pack_sections = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name="parties du dossier",
        help_text="Aucune : celles de l'usage pour cette sorte de réunion.",
    )
    pack_audience = models.CharField(
        "destinataires du dossier", max_length=10, choices=Audience, default=Audience.COMMITTEE
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = MeetingQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "réunion"
        verbose_name_plural = "réunions"
        ordering = ["-on", "-starts_at"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("committee"),
            SameAgreement("chair"),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1),
                name="committees_meeting_duration",
                violation_error_message="Une réunion dure une minute au moins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} du {self.on:%d/%m/%Y}"

    @property
    def ends_at(self) -> time:
        """The services keep a meeting within its day."""
        start = datetime.combine(self.on, self.starts_at)
        return (start + timedelta(minutes=self.duration_minutes)).time()

    @property
    def hours(self) -> str:
        """« de 14 h à 15 h 30 »."""
        return hours_between(self.starts_at, self.ends_at)

    @property
    def when(self) -> str:
        """« 8 décembre 2026, de 14 h à 15 h 30 »."""
        return f"{date_long(self.on)}, {self.hours}"

    def get_absolute_url(self) -> str:
        return reverse("committees:meeting", args=[self.agreement.slug, self.pk])


class Attendance(AgreementOwned):
    class Status(models.TextChoices):
        INVITED = "invited", "invité"
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"
        REPRESENTED = "represented", "représenté"

    class Answer(models.TextChoices):
        """What the person announces before the meeting; ``status`` says what was seen there."""

        COMING = "coming", "sera présent"
        EXCUSED = "excused", "excusé"
        REPRESENTED = "represented", "sera représenté"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    contact = models.ForeignKey(
        "partners.Contact",
        on_delete=models.RESTRICT,
        related_name="attendances",
        verbose_name="personne",
    )
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="attendances",
        verbose_name="au titre de",
    )
    status = models.CharField("présence", max_length=12, choices=Status, default=Status.INVITED)
    represented_by = models.CharField("représenté par", max_length=150, blank=True)
    answer = models.CharField("réponse à l'invitation", max_length=12, choices=Answer, blank=True)
    answer_represented_by = models.CharField("sera représenté par", max_length=150, blank=True)
    answer_note = models.CharField("mot de la personne", max_length=300, blank=True)
    answered_at = models.DateTimeField("réponse donnée le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("contact"),
            SameAgreement("organisation"),
            models.UniqueConstraint(
                fields=["meeting", "contact"],
                name="committees_attendance_once",
                violation_error_message="Cette personne est déjà sur la liste.",
            ),
            models.CheckConstraint(
                condition=Q(represented_by="") | Q(status="represented"),
                name="committees_attendance_represented",
                violation_error_message="Seule une personne représentée a un représentant.",
            ),
            models.CheckConstraint(
                condition=Q(answer_represented_by="") | Q(answer="represented"),
                name="committees_attendance_answer_represented",
                violation_error_message="Seule une personne représentée a un représentant.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.get_status_display()}"
