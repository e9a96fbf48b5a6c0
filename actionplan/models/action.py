"""The action: its sheet, its status, its themes and challenges."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actionplan.models.followup import Step
from actionplan.models.levels import Objective, Orientation
from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class ActionStatus(models.TextChoices):
    TO_DISCUSS = "to_discuss", "à discuter"
    PLANNED = "planned", "à venir"
    IN_PROGRESS = "in_progress", "en cours"
    PAUSED = "paused", "en pause"
    BLOCKED = "blocked", "bloquée"
    DONE = "done", "réalisée"
    DROPPED = "dropped", "abandonnée"


class ActionQuerySet(models.QuerySet["Action"]):
    def active(self) -> ActionQuerySet:
        return self.filter(is_archived=False)

    def open(self) -> ActionQuerySet:
        return self.active().exclude(status__in=[ActionStatus.DONE, ActionStatus.DROPPED])

    def begun(self) -> ActionQuerySet:
        return self.exclude(status__in=[ActionStatus.TO_DISCUSS, ActionStatus.PLANNED])

    def blocked(self) -> ActionQuerySet:
        return self.open().filter(status=ActionStatus.BLOCKED)

    def late(self, on: date) -> ActionQuerySet:
        """Due date passed, or one of the steps'. An action « en pause » or « bloquée » waits: its
        state says more than its lateness would."""
        late_steps = Step.objects.filter(action=OuterRef("pk")).late(on)
        return (
            self.open()
            .exclude(status__in=[ActionStatus.PAUSED, ActionStatus.BLOCKED])
            .filter(Q(due_on__lt=on) | Exists(late_steps))
        )

    def in_plan_order(self) -> ActionQuerySet:
        """As the tree reads: under each level its own actions first, then the levels below."""
        above = Coalesce("objective__parent__position", "objective__position")
        below = Case(
            When(objective__parent__isnull=False, then=F("objective__position")), default=None
        )
        return self.order_by(
            "orientation__position",
            "orientation_id",
            above.asc(nulls_first=True),
            Coalesce("objective__parent_id", "objective_id").asc(nulls_first=True),
            below.asc(nulls_first=True),
            F("objective_id").asc(nulls_first=True),
            "position",
            "pk",
        )


class Action(AgreementOwned, TimeStamped, Versioned):
    """A fiche action: valid with a title, a level, a pilot, a due date, a status, one sentence;
    all else unfolds (fields of domaine.md §3)."""

    class Origin(models.TextChoices):
        NEW = "new", "nouvelle"
        CARRIED_OVER = "carried_over", "reconduite"

    class Priority(models.IntegerChoices):
        HIGH = 1, "haute"
        MEDIUM = 2, "moyenne"
        LOW = 3, "basse"

    orientation = models.ForeignKey(
        Orientation, on_delete=models.RESTRICT, related_name="actions", verbose_name="orientation"
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="objectif",
    )
    code = models.CharField("numéro", max_length=12)
    title = models.CharField("titre", max_length=250)
    summary = models.CharField(
        "en une phrase",
        max_length=400,
        help_text="Ce que l'action fait, pour qui. Lue par les élus.",
    )
    status = models.CharField(
        "statut", max_length=12, choices=ActionStatus, default=ActionStatus.PLANNED
    )
    lead_organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="led_actions",
        verbose_name="structure pilote",
    )
    lead_contact = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_actions",
        verbose_name="personne pilote",
    )
    starts_on = models.DateField("début", null=True, blank=True)
    due_on = models.DateField("échéance")
    progress = models.PositiveSmallIntegerField(
        "avancement (%)", default=0, validators=[MaxValueValidator(100)]
    )
    progress_note = models.TextField(
        "où en est-on", blank=True, help_text="Une ou deux phrases, pour le COPIL et le bilan."
    )
    blocked_cause = models.CharField("bloquée par", max_length=300, blank=True)
    unblock_condition = models.CharField("pour débloquer", max_length=300, blank=True)
    blocked_review_on = models.DateField("à revoir le", null=True, blank=True)
    dropped_reason = models.CharField("raison de l'abandon", max_length=300, blank=True)

    themes = models.ManyToManyField(
        "agreements.Theme",
        through="ActionTheme",
        related_name="actions",
        verbose_name="thèmes",
        blank=True,
    )
    challenges = models.ManyToManyField(
        "territory.Challenge",
        through="ActionChallenge",
        related_name="actions",
        verbose_name="enjeux auxquels l'action répond",
        blank=True,
    )
    origin = models.CharField("origine", max_length=12, choices=Origin, default=Origin.NEW)
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.MEDIUM
    )
    context = models.TextField("constat et contexte", blank=True)
    target_public = models.CharField("public", max_length=300, blank=True)
    area = models.CharField("territoire concerné", max_length=200, blank=True)
    expected_results = models.TextField("résultats attendus", blank=True)
    description = models.TextField("description", blank=True)
    elected_sponsor = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sponsored_actions",
        verbose_name="élu référent",
    )
    steering_body = models.CharField("instance de suivi", max_length=150, blank=True)
    human_means = models.TextField("moyens humains", blank=True)
    material_means = models.TextField("moyens matériels", blank=True)
    participation = models.TextField("participation des habitants", blank=True)
    difficulties = models.TextField("difficultés et leviers", blank=True)
    awaited_decision = models.TextField("décision attendue", blank=True)
    legal_codes = models.CharField(
        "attendus de l'article D. 214-10-1",
        max_length=120,
        blank=True,
        help_text="Codes séparés par des points-virgules, par exemple « 2° ; 4° a ».",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_archived = models.BooleanField("archivée", default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = ActionQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["orientation__position", "position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("orientation"),
            SameAgreement("objective"),
            SameAgreement("lead_organisation"),
            SameAgreement("lead_contact"),
            SameAgreement("elected_sponsor"),
            models.UniqueConstraint(
                fields=["agreement", "code"],
                name="actionplan_action_code",
                violation_error_message="Ce numéro est déjà pris par une autre action.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="actionplan_action_period",
                violation_error_message="L'échéance doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100),
                name="actionplan_action_progress",
                violation_error_message="L'avancement va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                condition=~Q(status="blocked")
                | (
                    ~Q(blocked_cause="")
                    & ~Q(unblock_condition="")
                    & Q(blocked_review_on__isnull=False)
                ),
                name="actionplan_action_blocked_explained",
                violation_error_message=(
                    "Une action bloquée dit par quoi, à quelle condition elle repart, et quand on la revoit."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(dropped_reason=""),
                name="actionplan_action_dropped_explained",
                violation_error_message="Dites pourquoi l'action est abandonnée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("actionplan:action", args=[self.agreement.slug, self.pk])

    @property
    def has_begun(self) -> bool:
        return self.status not in (ActionStatus.TO_DISCUSS, ActionStatus.PLANNED)

    def is_late_on(self, day: date) -> bool:
        """As ``ActionQuerySet.late``, for an action whose steps are at hand."""
        if not self.is_open or self.status in (ActionStatus.PAUSED, ActionStatus.BLOCKED):
            return False
        return self.due_on < day or any(step.is_late_on(day) for step in self.steps.all())

    @property
    def is_open(self) -> bool:
        return not self.is_archived and self.status not in (ActionStatus.DONE, ActionStatus.DROPPED)


class ActionTheme(AgreementOwned):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey("agreements.Theme", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "thème d'une action"
        verbose_name_plural = "thèmes des actions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("theme"),
            models.UniqueConstraint(fields=["action", "theme"], name="actionplan_actiontheme_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} – {self.theme}"


class ActionChallenge(AgreementOwned):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    challenge = models.ForeignKey("territory.Challenge", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "enjeu d'une action"
        verbose_name_plural = "enjeux des actions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("challenge"),
            models.UniqueConstraint(
                fields=["action", "challenge"], name="actionplan_actionchallenge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} – {self.challenge}"
