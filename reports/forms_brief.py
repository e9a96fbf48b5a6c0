"""The form of « L'élu en trois minutes », and that of its links."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm
from committees.brief_words import LONGEST, MOST
from committees.models import BriefLink, Meeting, MeetingBrief
from committees.services import hand_over_brief_link, write_brief
from committees.services.briefs import LINK_DAYS, MAX_LINK_DAYS
from core.audience import Audience
from reports.brief.asked import asked_of
from reports.brief.figures import figure_choices, proposed_figures
from reports.brief.sentences import proposed_sentences


class BriefForm(AgreementForm):
    """Five sentences and five figures; what was never kept is filled with what is proposed."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, today = meeting, date.today()
        self.brief = MeetingBrief.objects.filter(meeting=meeting).first()
        proposed = proposed_sentences(meeting, asked_of(meeting), today)
        kept = list(self.brief.sentences) if self.brief else []
        chosen = list(self.brief.figures) if self.brief else []
        shown = chosen or [f.key for f in proposed_figures(meeting, Audience.COMMITTEE, today)]
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False,
            initial=self.brief.version if self.brief else None,
        )  # fmt: skip
        choices = [("", "–"), *figure_choices(meeting, today)]
        for rank in range(MOST):
            self.fields[f"sentence{rank + 1}"] = forms.CharField(
                label=f"Phrase {rank + 1}",
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=at(kept or proposed, rank),
                help_text=self.proposal_words(at(proposed, rank), at(kept, rank), bool(kept)),
            )
        for rank in range(MOST):
            self.fields[f"figure{rank + 1}"] = forms.ChoiceField(
                label=f"Chiffre {rank + 1}", required=False, choices=choices,
                initial=at(shown, rank),
            )  # fmt: skip
        self.is_proposed = not kept

    @staticmethod
    def proposal_words(proposed: str, kept: str, is_kept: bool) -> str:
        """Under a sentence that was kept: what the facts say today, when they say otherwise."""
        if not is_kept or not proposed or proposed == kept:
            return ""
        return f"Proposé aujourd'hui : {proposed}"

    def sentence_fields(self) -> list[forms.BoundField]:
        return [self[f"sentence{rank + 1}"] for rank in range(MOST)]

    def figure_fields(self) -> list[forms.BoundField]:
        return [self[f"figure{rank + 1}"] for rank in range(MOST)]

    def typed(self, name: str) -> list[str]:
        return [self.cleaned_data.get(f"{name}{rank + 1}") or "" for rank in range(MOST)]

    def perform(self) -> None:
        """A page written by somebody else since this one was blank is a conflict too."""
        seen = self.cleaned_data["version"]
        written = self.brief is not None and bool(self.brief.sentences or self.brief.figures)
        write_brief(
            self.meeting, actor=self.access.user, sentences=self.typed("sentence"),
            figures=self.typed("figure"), expected_version=seen or (0 if written else None),
        )  # fmt: skip

    def differences_with(self, current: MeetingBrief) -> list[dict[str, str]]:
        names = {
            value: label
            for _, group in self.fields["figure1"].choices[1:]  # type: ignore[attr-defined]
            for value, label in group
        }
        rows = [
            (f"Phrase {rank + 1}", mine, at(current.sentences, rank))
            for rank, mine in enumerate(self.typed("sentence"))
        ]
        rows += [
            (f"Chiffre {rank + 1}", names.get(mine, mine), names.get(saved, saved))
            for rank, mine in enumerate(self.typed("figure"))
            for saved in [at(current.figures, rank)]
        ]
        return [
            {"label": label, "mine": mine, "theirs": saved}
            for label, mine, saved in rows
            if mine != saved
        ]


def at(texts: list[str], rank: int) -> str:
    return texts[rank] if rank < len(texts) else ""


class BriefLinkForm(AgreementForm):
    label = forms.CharField(
        label="Remis à",
        max_length=200,
        help_text="Une personne ou un groupe, par exemple « Mme la maire » : pour le retrouver et le retirer.",
    )
    days = forms.IntegerField(
        label="Jours d'ouverture après la réunion",
        min_value=0,
        max_value=MAX_LINK_DAYS,
        initial=LINK_DAYS,
        help_text="Si la réunion change de date, le lien la suit.",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def perform(self) -> tuple[BriefLink, str]:
        return hand_over_brief_link(self.meeting, actor=self.access.user, **self.cleaned_data)
