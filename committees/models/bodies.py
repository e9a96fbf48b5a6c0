"""Committees, their kinds, and those who sit in them."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned

MANDATE_ORDER = "La fin du mandat doit suivre son début."


class CommitteeKind(AgreementOwned):
    """A kind of committee, as this CTG names it. Names and numbers vary from one territory to the
    next (domaine.md §1.3): nothing is fixed but the nature, which drives the rules."""

    class Nature(models.TextChoices):
        STEERING = "steering", "pilotage : décide et arbitre"
        TECHNICAL = "technical", "technique : prépare et suit"
        WORKING_GROUP = "working_group", "groupe de travail : met en œuvre"
        EVALUATION = "evaluation", "évaluation partagée"
        CAF_POINT = "caf_point", "point avec la Caf"
        OTHER = "other", "autre"

    name = models.CharField("nom", max_length=100)
    nature = models.CharField("ce qu'elle fait", max_length=14, choices=Nature)
    meetings_per_year = models.PositiveSmallIntegerField(
        "réunions attendues par an",
        default=1,
        help_text="Un repère, jamais un blocage. Zéro : sans rythme attendu.",
    )
    themes = models.ManyToManyField(
        "agreements.Theme",
        through="CommitteeKindTheme",
        related_name="+",
        verbose_name="thèmes",
        blank=True,
        help_text="Les actions proposées à l'ordre du jour se limitent alors à ces thèmes.",
    )
    has_preparation = models.BooleanField(
        "ses réunions ont un rétroplanning",
        default=False,
        help_text="Les étapes, de la date fixée au suivi des décisions, s'ajoutent à chaque réunion.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("utilisée", default=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "sorte d'instance"
        verbose_name_plural = "sortes d'instances"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="committees_kind_name",
                violation_error_message="Une sorte d'instance porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeKindTheme(AgreementOwned):
    kind = models.ForeignKey(CommitteeKind, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey("agreements.Theme", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "thème d'une sorte d'instance"
        verbose_name_plural = "thèmes des sortes d'instances"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("kind"),
            SameAgreement("theme"),
            models.UniqueConstraint(fields=["kind", "theme"], name="committees_kindtheme_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} – {self.theme}"


class Committee(AgreementOwned, TimeStamped, Versioned):
    kind = models.ForeignKey(
        CommitteeKind,
        on_delete=models.RESTRICT,
        related_name="committees",
        verbose_name="sorte d'instance",
    )
    name = models.CharField("nom", max_length=150)
    purpose = models.TextField("rôle", blank=True)
    meetings_per_year = models.PositiveSmallIntegerField(
        "réunions attendues par an",
        null=True,
        blank=True,
        help_text="Vide : comme sa sorte d'instance.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta(AgreementOwned.Meta):
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("kind"),
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="committees_committee_name",
                violation_error_message="Une instance porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def expected_per_year(self) -> int:
        own = self.meetings_per_year
        return self.kind.meetings_per_year if own is None else own

    @property
    def is_steering(self) -> bool:
        return self.kind.nature == CommitteeKind.Nature.STEERING

    @property
    def kind_words(self) -> str:
        """Empty where the name says it already."""
        words = self.kind.name
        return "" if self.name.casefold() == words.casefold() else words


class MemberQuerySet(models.QuerySet["CommitteeMember"]):
    def in_mandate(self, on: date) -> MemberQuerySet:
        """A mandate without a first or a last day is open on that side."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on),
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        )


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
    starts_on = models.DateField(
        "début du mandat", null=True, blank=True, help_text="Vide : depuis le début."
    )
    ends_on = models.DateField(
        "fin du mandat",
        null=True,
        blank=True,
        help_text="Vide : en cours. Une personne qui part reste dans la liste des anciens membres.",
    )

    objects = MemberQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "membre d'une instance"
        verbose_name_plural = "membres des instances"
        ordering = ["-is_chair", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("committee"),
            SameAgreement("contact"),
            SameAgreement("organisation"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="committees_mandate_order",
                violation_error_message=MANDATE_ORDER,
            ),
            ExclusionConstraint(
                name="committees_member_once_at_a_time",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("contact", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=(
                    "Cette personne siège déjà dans cette instance à ces dates : modifiez son "
                    "mandat, ou donnez-lui une fin avant d'en ouvrir un autre."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} ({self.organisation})"

    def clean(self) -> None:
        """Before the constraints: PostgreSQL refuses to build a period that ends before it starts."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": MANDATE_ORDER})

    def is_past_on(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day
