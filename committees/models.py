"""Committees, their meetings, what is put to them, and the decisions they take."""

from __future__ import annotations

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Committee(AgreementOwned, TimeStamped, Versioned):
    class Kind(models.TextChoices):
        STEERING = "steering", "comité de pilotage (COPIL)"
        TECHNICAL = "technical", "comité technique (COTECH)"
        WORKING_GROUP = "working_group", "groupe de travail"
        EVALUATION = "evaluation", "temps d'évaluation partagée"
        CAF_POINT = "caf_point", "point régulier avec la Caf"
        OTHER = "other", "autre"

    kind = models.CharField("nature", max_length=14, choices=Kind)
    name = models.CharField("nom", max_length=150)
    purpose = models.TextField("rôle", blank=True)
    meetings_per_year = models.PositiveSmallIntegerField("réunions prévues par an", default=1)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta(AgreementOwned.Meta):
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="committees_committee_name",
                violation_error_message="Une instance porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        """Empty where the name says it already."""
        words = str(self.get_kind_display())
        return "" if self.name.casefold() == words.casefold() else words


class CommitteeMember(AgreementOwned):
    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="members")
    contact = models.ForeignKey(
        "partners.Contact",
        on_delete=models.RESTRICT,
        related_name="committee_seats",
        verbose_name="personne",
    )
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="committee_seats",
        verbose_name="au titre de",
    )
    role = models.CharField(
        "qualité", max_length=120, blank=True, help_text="Par exemple « présidente »."
    )
    is_chair = models.BooleanField("préside", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "membre d'une instance"
        verbose_name_plural = "membres des instances"
        ordering = ["-is_chair", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("committee"),
            SameAgreement("contact"),
            SameAgreement("organisation"),
            models.UniqueConstraint(
                fields=["committee", "contact"],
                name="committees_member_once",
                violation_error_message="Cette personne siège déjà dans cette instance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} ({self.organisation})"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, on: date) -> MeetingQuerySet:
        return self.filter(state=Meeting.State.PLANNED, on__gte=on).order_by("on", "starts_at")

    def held(self) -> MeetingQuerySet:
        return self.filter(state=Meeting.State.HELD)


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
        ]

    def __str__(self) -> str:
        return f"{self.committee} du {self.on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("committees:meeting", args=[self.agreement.slug, self.pk])


class AgendaItem(AgreementOwned):
    class Kind(models.TextChoices):
        INFORMATION = "information", "information"
        DEBATE = "debate", "débat"
        ARBITRATION = "arbitration", "arbitrage"
        APPROVAL = "approval", "validation"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("point", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.INFORMATION)
    minutes = models.PositiveSmallIntegerField("minutes", default=10)
    presenter = models.CharField("présenté par", max_length=150, blank=True)
    actions = models.ManyToManyField(
        "actionplan.Action",
        through="AgendaItemAction",
        related_name="agenda_items",
        verbose_name="actions concernées",
        blank=True,
    )
    proposed_by_caf = models.BooleanField("proposé par la Caf", default=False)
    is_confirmed = models.BooleanField("retenu", default=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "point de l'ordre du jour"
        verbose_name_plural = "points de l'ordre du jour"
        ordering = ["position", "pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("meeting")]

    def __str__(self) -> str:
        return self.title


class AgendaItemAction(AgreementOwned):
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey("actionplan.Action", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "action d'un point"
        verbose_name_plural = "actions des points"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("item"),
            SameAgreement("action"),
            models.UniqueConstraint(fields=["item", "action"], name="committees_itemaction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} – {self.action}"


class ArbitrationPoint(AgreementOwned, Versioned):
    """A question put to elected officials, with its context and two or three options."""

    item = models.OneToOneField(
        AgendaItem, on_delete=models.CASCADE, related_name="arbitration", verbose_name="point"
    )
    question = models.CharField("question posée", max_length=300)
    context = models.TextField("contexte", help_text="Cinq lignes au plus.")
    technical_opinion = models.TextField("avis technique", blank=True)
    action = models.ForeignKey(
        "actionplan.Action",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="arbitrations",
        verbose_name="action concernée",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "point d'arbitrage"
        verbose_name_plural = "points d'arbitrage"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("item"),
            SameAgreement("action"),
        ]

    def __str__(self) -> str:
        return self.question


class ArbitrationOption(AgreementOwned):
    point = models.ForeignKey(ArbitrationPoint, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("option", max_length=200)
    effects = models.TextField("effets", blank=True)
    cost = models.DecimalField(
        "coût pour la commune (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    caf_revenue = models.DecimalField(
        "recette Caf estimée (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    delay = models.CharField("délai", max_length=150, blank=True)
    risk = models.CharField("risque", max_length=300, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "option"
        verbose_name_plural = "options"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("point"),
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(caf_revenue__isnull=True) | Q(caf_revenue__gte=0)),
                name="committees_option_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(AgreementOwned):
    class Status(models.TextChoices):
        INVITED = "invited", "invité"
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"
        REPRESENTED = "represented", "représenté"

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
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.get_status_display()}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> DecisionQuerySet:
        return self.filter(state__in=[Decision.State.TO_DO, Decision.State.IN_PROGRESS])

    def overdue(self, on: date) -> DecisionQuerySet:
        return self.open().filter(due_on__lt=on)


class Decision(AgreementOwned, TimeStamped, Versioned):
    """A COPIL gives an opinion and votes no credits: what must follow elsewhere is said here."""

    class State(models.TextChoices):
        TO_DO = "to_do", "à faire"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "faite"
        DROPPED = "dropped", "abandonnée"

    class InstitutionalFollowUp(models.TextChoices):
        NONE = "none", "aucune"
        COUNCIL = "council", "conseil municipal"
        BUDGET = "budget", "budget (BP ou DM)"
        CAF = "caf", "Caf (conseil d'administration, avenant)"

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="réunion",
    )
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="point",
    )
    chosen_option = models.ForeignKey(
        ArbitrationOption,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="option retenue",
    )
    number = models.CharField("numéro", max_length=12, help_text="Par exemple « 2026-03 ».")
    decided_on = models.DateField("date")
    text = models.TextField("décision")
    responsible = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="responsable",
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    state = models.CharField("suite", max_length=12, choices=State, default=State.TO_DO)
    follow_up = models.TextField("où en est-on", blank=True)
    institutional = models.CharField(
        "suite institutionnelle",
        max_length=8,
        choices=InstitutionalFollowUp,
        default=InstitutionalFollowUp.NONE,
    )
    institutional_reference = models.CharField(
        "délibération n° ou référence", max_length=80, blank=True
    )
    institutional_on = models.DateField("date de l'acte", null=True, blank=True)
    actions = models.ManyToManyField(
        "actionplan.Action",
        through="DecisionAction",
        related_name="decisions",
        verbose_name="actions concernées",
        blank=True,
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = DecisionQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["-decided_on", "-number"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("item"),
            SameAgreement("chosen_option"),
            SameAgreement("responsible"),
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="committees_decision_number",
                violation_error_message="Ce numéro de décision est déjà pris.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("decided_on")),
                name="committees_decision_due",
                violation_error_message="L'échéance doit suivre la décision.",
            ),
        ]

    def __str__(self) -> str:
        return f"Décision n° {self.number}"


class DecisionAction(AgreementOwned):
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey("actionplan.Action", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "action d'une décision"
        verbose_name_plural = "actions des décisions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("decision"),
            SameAgreement("action"),
            models.UniqueConstraint(
                fields=["decision", "action"], name="committees_decisionaction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} – {self.action}"
