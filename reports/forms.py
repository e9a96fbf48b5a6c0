from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm, AgreementModelForm
from agreements.models import Agreement, DocumentState, Snapshot, Theme
from agreements.services import allowed_states, transition
from agreements.services.links import LINK_DAYS, create_link
from committees.models import Meeting
from committees.sendings import PACK_DOCUMENT
from committees.services import note_pack_read
from core.audience import Audience
from core.documents.declaration import registry
from core.forms import DateField, FrenchModelForm
from reports import sections
from reports.documents.base import Document, Request
from reports.figures import FigureLine
from reports.meetings import meetings, proposed_among
from reports.services import keep_sent_files, produce_document
from territory.models import ReportText
from territory.services import keep_old_figures, write_report_text


class ProduceForm(AgreementForm):
    """What a document asks before it is produced: the meeting, the year and the edition, the
    chapters with their audience, or nothing. ``known_meetings``: read once by the page that draws
    this form for many documents."""

    def __init__(
        self,
        *args: Any,
        document: Document,
        known_meetings: Sequence[Meeting] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        agreement, today = self.access.agreement, date.today()
        if document.needs_meeting:
            rows = meetings(agreement) if known_meetings is None else known_meetings
            self.add_meeting(rows, today)
        if document.needs_year:
            years = [(str(year), str(year)) for year in agreement.years]
            wanted = min(max(today.year, agreement.starts_on.year), agreement.ends_on.year)
            self.fields["year"] = forms.ChoiceField(
                label="Année", choices=years, initial=str(wanted)
            )
            self.fields["edition"] = forms.ChoiceField(
                label="Édition",
                choices=[choice for choice in Snapshot.Edition.choices if choice[0]],
                help_text="Provisoire pour le COPIL de décembre, définitive au printemps, avec les montants réels.",
            )
        if document.needs_choices:
            self.add_choices(agreement)

    def add_meeting(self, rows: Iterable[Meeting], today: date) -> None:
        by_key = {str(meeting.pk): meeting for meeting in rows}
        proposed = proposed_among(list(by_key.values()), today)
        self.fields["meeting"] = forms.TypedChoiceField(
            label="Réunion",
            choices=[
                (key, f"{meeting.on:%d/%m/%Y}, {meeting.committee}")
                for key, meeting in by_key.items()
            ],
            coerce=by_key.__getitem__,
            initial=str(proposed.pk) if proposed else None,
        )

    def add_choices(self, agreement: Agreement) -> None:
        self.fields["theme"] = forms.ModelChoiceField(
            Theme.objects.filter(agreement=agreement, is_active=True), label="Périmètre",
            required=False, empty_label="Tout le territoire, tous les thèmes",
        )  # fmt: skip
        self.fields["audience"] = forms.ChoiceField(
            label="Destinataires",
            choices=[choice for choice in Audience.choices if choice[0] != Audience.INTERNAL],
            initial=Audience.COMMITTEE,
            help_text="L'édition publique laisse de côté les chiffres et les textes réservés au COPIL.",
        )
        self.fields["sections"] = forms.MultipleChoiceField(
            label="Chapitres",
            choices=sections.choices(),
            initial=[key for key, _ in sections.choices()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Aucune case cochée : tous les chapitres. Un chapitre sans contenu est laissé de côté.",
        )

    def request_of(self) -> Request:
        """What was chosen. Forms of documents with other choices add theirs."""
        data, agreement, today = self.cleaned_data, self.access.agreement, date.today()
        meeting: Meeting | None = data.get("meeting")
        year = int(data["year"]) if "year" in data else (meeting.on.year if meeting else today.year)
        year = min(max(year, agreement.starts_on.year), agreement.ends_on.year)
        return Request(
            agreement=agreement, on=today, year=year, meeting_id=meeting.pk if meeting else None,
            edition=data.get("edition", ""), sections=tuple(data.get("sections", ())),
            theme_id=data["theme"].pk if data.get("theme") else None,
            audience=data.get("audience", ""),
        )  # fmt: skip

    def perform(self) -> Snapshot:
        return produce_document(self.request_of(), self.document.identifier, actor=self.access.user)


class TransitionForm(AgreementForm):
    state = forms.ChoiceField(label="Nouvel état")
    on = DateField(label="Date", initial=date.today)
    note = forms.CharField(
        label="Précision",
        required=False,
        max_length=300,
        help_text="Par exemple à qui il a été transmis.",
    )

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot = snapshot
        states = allowed_states(snapshot, self.access)
        self.fields["state"].choices = [(state.value, state.label) for state in states]

    def perform(self) -> Snapshot:
        data = self.cleaned_data
        snapshot = transition(
            self.snapshot, actor=self.access.user, access=self.access, state=data["state"], on=data["on"],
            note=data["note"],
        )  # fmt: skip
        if snapshot.state == DocumentState.SENT:
            keep_sent_files(snapshot)
        if snapshot.state == DocumentState.APPROVED and snapshot.kind == PACK_DOCUMENT:
            note_pack_read(snapshot, actor=self.access.user, on=data["on"])
        return snapshot


class ShareForm(AgreementForm):
    label = forms.CharField(
        label="Remis à",
        max_length=200,
        help_text="Une personne ou un groupe : il sera nommé dans le journal.",
    )
    days = forms.IntegerField(
        label="Valable (jours)", min_value=1, max_value=365, initial=LINK_DAYS
    )

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot = snapshot

    def perform(self) -> tuple[Any, str]:
        return create_link(self.snapshot, actor=self.access.user, **self.cleaned_data)


def document_of(identifier: str) -> Document:
    """Raises ``KeyError`` for an unknown identifier, and for what another act produces."""
    document = registry.get(identifier)
    if not isinstance(document, Document) or not document.is_listed:
        raise KeyError(f"« {identifier} » ne se produit pas depuis cette page.")
    return document


class ReportTextForm(AgreementModelForm):
    """The author's words of a chapter. Emptied, they are removed."""

    class Meta(FrenchModelForm.Meta):
        model = ReportText
        fields = ["text", "audience"]

    def __init__(self, *args: Any, section: str, theme: Theme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.theme = section, theme
        self.fields["text"].required = False
        self.fields["text"].widget.attrs["rows"] = 10
        self.fields["text"].help_text = "Une ligne vide sépare deux paragraphes. Vide : aucun mot."

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "section": self.section, "theme": self.theme}

    def perform(self) -> None:
        write_report_text(
            self.access.agreement, actor=self.access.user, section=self.section, theme=self.theme,
            expected_version=self.expected_version, **self.changed_values(),
        )  # fmt: skip


class OldFiguresForm(AgreementForm):
    """The figures of more than four years that documents may quote all the same."""

    kept = forms.MultipleChoiceField(
        label="Citer quand même",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un chiffre de plus de quatre ans n'entre dans un document que s'il est coché ; il y est dit ancien.",
    )

    def __init__(self, *args: Any, lines: list[FigureLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["kept"].choices = [
            (line.indicator.key, f"{line.indicator.label} : {line.row.value_text}, {period(line)}")
            for line in lines
        ]
        self.fields["kept"].initial = [line.indicator.key for line in lines if line.keep_old]

    def perform(self) -> None:
        wanted = set(self.cleaned_data["kept"])
        shown = [line.indicator for line in self.lines]
        keep_old_figures(
            self.access.agreement, actor=self.access.user, shown=shown,
            kept=[indicator for indicator in shown if indicator.key in wanted],
        )  # fmt: skip


def period(line: FigureLine) -> int | str:
    return line.row.own.period if line.row.own else ""
