"""The action plan: orientation → optional objective → action → step, its money and its measures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned
from partners.models import COMMUNICABLE, AmountStage


class Orientation(AgreementOwned, TimeStamped, Versioned):
    code = models.CharField("numéro", max_length=10)
    title = models.CharField("intitulé", max_length=250)
    description = models.TextField("présentation", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    challenges = models.ManyToManyField(
        "territory.Challenge",
        through="OrientationChallenge",
        related_name="orientations",
        verbose_name="enjeux",
        blank=True,
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "orientation"
        verbose_name_plural = "orientations"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "code"],
                name="actionplan_orientation_code",
                violation_error_message="Ce numéro est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class OrientationChallenge(AgreementOwned):
    orientation = models.ForeignKey(Orientation, on_delete=models.CASCADE, related_name="+")
    challenge = models.ForeignKey("territory.Challenge", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "enjeu d'une orientation"
        verbose_name_plural = "enjeux des orientations"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("orientation"),
            SameAgreement("challenge"),
            models.UniqueConstraint(
                fields=["orientation", "challenge"], name="actionplan_orientationchallenge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.orientation} – {self.challenge}"


class Objective(AgreementOwned, TimeStamped, Versioned):
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.RESTRICT,
        related_name="objectives",
        verbose_name="orientation",
    )
    code = models.CharField("numéro", max_length=10)
    title = models.CharField("intitulé", max_length=250)
    description = models.TextField("présentation", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["orientation__position", "position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("orientation"),
            models.UniqueConstraint(
                fields=["agreement", "code"],
                name="actionplan_objective_code",
                violation_error_message="Ce numéro est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


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
        return self.order_by("orientation__position", "objective__position", "position", "pk")


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
    staff_fte = models.DecimalField(
        "temps de travail (ETP)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    material_means = models.TextField("moyens matériels", blank=True)
    participation = models.TextField("participation des habitants", blank=True)
    difficulties = models.TextField("difficultés et leviers", blank=True)
    awaited_decision = models.TextField("décision attendue", blank=True)
    legal_codes = models.CharField(
        "attendus de l'article D. 214-10-1",
        max_length=60,
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


class ActionPartner(AgreementOwned):
    """The role of an organisation in an action, beside its lead."""

    class Role(models.TextChoices):
        ASSOCIATE = "associate", "associé"
        FUNDER = "funder", "financeur"
        OPERATOR = "operator", "opérateur"
        ADVISER = "adviser", "conseil technique"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="action_roles",
        verbose_name="partenaire",
    )
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.ASSOCIATE)

    class Meta(AgreementOwned.Meta):
        verbose_name = "partenaire d'une action"
        verbose_name_plural = "partenaires des actions"
        ordering = ["role", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("organisation"),
            models.UniqueConstraint(
                fields=["action", "organisation", "role"],
                name="actionplan_actionpartner_once",
                violation_error_message="Ce partenaire a déjà ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class StepQuerySet(models.QuerySet["Step"]):
    def late(self, on: date) -> StepQuerySet:
        return self.filter(done_on__isnull=True, due_on__lt=on)


class Step(AgreementOwned):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField("étape", max_length=250)
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    owner = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name="responsable",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = StepQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["position", "due_on", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("owner"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late_on(self, day: date) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < day


class BudgetLine(AgreementOwned):
    """What an action costs in one year. ``spent`` empty means not known yet, never zero."""

    class Nature(models.TextChoices):
        OPERATING = "operating", "fonctionnement"
        INVESTMENT = "investment", "investissement"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="budget_lines")
    year = models.PositiveSmallIntegerField("année")
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.OPERATING)
    label = models.CharField("poste", max_length=200, blank=True)
    planned = models.DecimalField(
        "prévu (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    spent = models.DecimalField(
        "dépensé (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "dépense"
        verbose_name_plural = "dépenses"
        ordering = ["year", "nature", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="actionplan_budgetline_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_nature_display()}"


class FundingStage(models.TextChoices):
    """Subsidies are first asked for and granted; Caf amounts follow ``AmountStage``."""

    REQUESTED = "requested", "sollicité"
    GRANTED = "granted", "accordé"
    PLANNED = AmountStage.PLANNED.value, AmountStage.PLANNED.label
    UPDATED = AmountStage.UPDATED.value, AmountStage.UPDATED.label
    ACTUAL = AmountStage.ACTUAL.value, AmountStage.ACTUAL.label
    NOTIFIED = AmountStage.NOTIFIED.value, AmountStage.NOTIFIED.label
    PAID = AmountStage.PAID.value, AmountStage.PAID.label


class Funding(AgreementOwned):
    """Who pays for an action, how much, in which year, at which stage (said on which date)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="fundings")
    funder = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="fundings",
        verbose_name="financeur",
    )
    scheme = models.CharField("dispositif", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("année")
    stage = models.CharField(
        "stade", max_length=10, choices=FundingStage, default=FundingStage.PLANNED
    )
    amount = models.DecimalField(
        "montant (€)", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    stated_on = models.DateField("dit le", null=True, blank=True)
    is_estimate = models.BooleanField("estimation", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "financement"
        verbose_name_plural = "financements"
        ordering = ["year", "funder__name", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("funder"),
            models.UniqueConstraint(
                fields=["action", "funder", "scheme", "year", "stage"],
                name="actionplan_funding_once",
                violation_error_message="Ce financement est déjà saisi à ce stade pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="actionplan_funding_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.year} ({self.get_stage_display()})"


class Measure(AgreementOwned, TimeStamped, Versioned):
    """An indicateur de suivi of an action or of an orientation: where it starts, where it goes."""

    class Kind(models.TextChoices):
        MEANS = "means", "moyens"
        OUTPUT = "output", "réalisation"
        OUTCOME = "outcome", "résultat"

    class Direction(models.TextChoices):
        UP = "up", "à faire monter"
        DOWN = "down", "à faire baisser"

    action = models.ForeignKey(
        Action,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="action",
    )
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="orientation",
    )
    label = models.CharField("mesure", max_length=200)
    kind = models.CharField("nature", max_length=8, choices=Kind, default=Kind.OUTPUT)
    unit = models.CharField("unité", max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField("décimales", default=0)
    direction = models.CharField("sens", max_length=4, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(
        "valeur de départ", max_digits=14, decimal_places=4, null=True, blank=True
    )
    baseline_year = models.PositiveSmallIntegerField("année de départ", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    indicator = models.ForeignKey(
        "opendata.Indicator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="indicateur publié correspondant",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "mesure (indicateur de suivi)"
        verbose_name_plural = "mesures (indicateurs de suivi)"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("orientation"),
            models.CheckConstraint(
                condition=Q(action__isnull=False, orientation__isnull=True)
                | Q(action__isnull=True, orientation__isnull=False),
                name="actionplan_measure_one_parent",
                violation_error_message="Une mesure suit une action ou une orientation.",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline_year__isnull=False),
                name="actionplan_measure_baseline_year",
                violation_error_message="Dites de quelle année est la valeur de départ.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class MeasurePoint(AgreementOwned):
    """Target and value of a measure for one year. Changing either afterwards asks for a reason,
    kept in ``history``."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="points")
    year = models.PositiveSmallIntegerField("année")
    target = models.DecimalField("cible", max_digits=14, decimal_places=4, null=True, blank=True)
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4, null=True, blank=True)
    comment = models.CharField("commentaire", max_length=400, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "point de mesure"
        verbose_name_plural = "points de mesure"
        ordering = ["year"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("measure"),
            models.UniqueConstraint(
                fields=["measure", "year"], name="actionplan_measurepoint_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"


class FollowUpNote(AgreementOwned):
    """A dated note on an action. « Information interne » is never printed nor communicated."""

    class Kind(models.TextChoices):
        SUCCESS = "success", "réussite"
        OBSTACLE = "obstacle", "frein"
        LEVER = "lever", "levier"
        ARBITRATION = "arbitration", "besoin d'arbitrage"
        INTERNAL = "internal", "information interne"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField("nature", max_length=12, choices=Kind)
    on = models.DateField("date")
    text = models.TextField(
        "note",
        help_text=f"{COMMUNICABLE} Seule l'« information interne » n'est jamais imprimée.",
    )
    author = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    author_label = models.CharField("auteur", max_length=200, editable=False)
    is_highlight = models.BooleanField("à retenir pour le COPIL et le bilan", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "note de suivi"
        verbose_name_plural = "notes de suivi"
        ordering = ["-on", "-pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("action")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"
