"""« L'élu en trois minutes » : what one reads on a phone, on the way to the meeting."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from agreements.models import AgreementOwned
from committees.models.meetings import Meeting
from core.db import SameAgreement
from core.models import TimeStamped, Versioned

MOST, LONGEST = 5, 280
"""Sentences or figures at most, and characters of a sentence."""


class MeetingBrief(AgreementOwned, TimeStamped, Versioned):
    """The author's words and choices; what is empty is proposed from the plan, to be read over."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="brief")
    sentences = ArrayField(
        models.CharField(max_length=LONGEST),
        size=MOST,
        default=list,
        blank=True,
        verbose_name="cinq phrases",
    )
    figures = ArrayField(
        models.CharField(max_length=80),
        size=MOST,
        default=list,
        blank=True,
        verbose_name="cinq chiffres",
        help_text="Les clés des chiffres retenus, « indicator:… » ou « measure:… ».",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "page « L'élu en trois minutes »"
        verbose_name_plural = "pages « L'élu en trois minutes »"
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("meeting")]

    def __str__(self) -> str:
        return f"L'élu en trois minutes : {self.meeting}"


class BriefLink(AgreementOwned):
    """A door to the page, for one person or one group; several may be open at once."""

    brief = models.ForeignKey(MeetingBrief, on_delete=models.CASCADE, related_name="links")
    link = models.OneToOneField("agreements.AccessLink", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "lien vers « L'élu en trois minutes »"
        verbose_name_plural = "liens vers « L'élu en trois minutes »"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("brief"),
            SameAgreement("link"),
        ]

    def __str__(self) -> str:
        return str(self.link)

    @property
    def last_day(self) -> date:
        """It dies at the midnight that ends this day."""
        return timezone.localdate(self.link.expires_at - timedelta(seconds=1))

    @property
    def is_over(self) -> bool:
        return self.link.expires_at <= timezone.now()
