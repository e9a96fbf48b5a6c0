"""A sending in preparation; the answer to an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from agreements.forms import AgreementForm, ServiceModelForm
from committees import sending_texts as texts
from committees import sendings as reads
from committees import services
from committees.models import Attendance, Meeting, Sending, SendingRecipient
from core.forms import FrenchModelForm

Channel = SendingRecipient.Channel


@dataclass(frozen=True)
class ChannelLine:
    attendance: Attendance
    field: forms.BoundField


class SendingForm(ServiceModelForm):
    """Everything is proposed, everything may be changed. ``people``: who may be written to."""

    update_with = services.update_sending

    class Meta(FrenchModelForm.Meta):
        model = Sending
        fields = ["subject", "message", "snapshot", "letter", "signatory", "reference", "dated_on"]
        widgets = {
            "message": forms.Textarea(attrs={"rows": 8}),
            "letter": forms.Textarea(attrs={"rows": 14}),
        }

    def __init__(self, *args: Any, people: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        sending: Sending = self.instance
        self.fields["message"].help_text = (
            f"Après « Bonjour », et avant le lien personnel et votre nom, que Fil rouge ajoute. "
            f"{texts.MARKS_HELP}"
        )
        self.fields["letter"].help_text = (
            "Une ligne vide sépare deux paragraphes. Des lignes qui commencent par un numéro ou un "
            "tiret font une liste. **Deux étoiles** mettent en gras."
        )
        self.fields[
            "signatory"
        ].help_text = (
            "Le nom, une virgule, la qualité : celle-ci s'imprime au-dessus de la signature."
        )
        if sending.kind == Sending.Kind.PACK:
            field = self.fields["snapshot"]
            field.queryset = reads.packs(sending.meeting)  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"N° {row.number}, {row.get_state_display()}"  # type: ignore[attr-defined]
            field.label = "Dossier à transmettre"
        else:
            del self.fields["snapshot"]
        chosen = {row.contact_id: row.channel for row in sending.recipients.all()}
        for row in people:
            choices = [("", "pas cette fois"), *Channel.choices]
            if not row.contact.email:
                choices = [("", "pas cette fois"), (Channel.PAPER.value, str(Channel.PAPER.label))]
            self.fields[f"channel-{row.pk}"] = forms.ChoiceField(
                label=f"Moyen pour {row.contact}",
                choices=choices,
                required=False,
                initial=chosen.get(row.contact_id, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def lines(self) -> list[ChannelLine]:
        return [ChannelLine(row, self[f"channel-{row.pk}"]) for row in self.people]

    def text_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields if name in self.fields]

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "people": self.people}

    def perform(self) -> Any:
        values = {
            name: value
            for name, value in self.changed_values().items()
            if not name.startswith("channel-")
        }
        channels = {row: self.cleaned_data[f"channel-{row.pk}"] for row in self.people}
        return services.update_sending(
            self.instance,
            actor=self.access.user,
            channels=channels,
            expected_version=self.expected_version,
            **values,
        )


class AnswerForm(forms.Form):
    """Three answers and a word; the same for the person and for whoever types in their name."""

    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (Attendance.Answer.COMING, "Je serai présent(e)"),
            (Attendance.Answer.REPRESENTED, "Je serai représenté(e)"),
            (Attendance.Answer.EXCUSED, "Je ne pourrai pas venir, merci de m'excuser"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    represented_by = forms.CharField(
        label="Par qui serez-vous représenté(e) ?",
        required=False,
        max_length=150,
        help_text="Seulement si vous êtes représenté(e) : prénom, nom, fonction.",
    )
    note = forms.CharField(
        label="Un mot, si vous le souhaitez",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        help_text="300 caractères au plus. Rien de personnel n'est demandé.",
    )

    def __init__(self, *args: Any, attendance: Attendance, **kwargs: Any) -> None:
        self.attendance = attendance
        kwargs["initial"] = {
            "answer": attendance.answer,
            "represented_by": attendance.answer_represented_by,
            "note": attendance.answer_note,
        }
        super().__init__(*args, **kwargs)


class TypedAnswerForm(AnswerForm, AgreementForm):
    """An answer received by phone or on a slip."""

    def __init__(self, *args: Any, access: Any, attendance: Attendance, **kwargs: Any) -> None:
        super().__init__(*args, access=access, attendance=attendance, **kwargs)
        self.fields["answer"].label = f"Réponse de {attendance.contact}"
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (Attendance.Answer.COMING, "Sera présent(e)"),
            (Attendance.Answer.REPRESENTED, "Sera représenté(e)"),
            (Attendance.Answer.EXCUSED, "Excusé(e)"),
        ]
        self.fields["represented_by"].label = "Représenté(e) par"
        self.fields["represented_by"].help_text = ""
        self.fields["note"].label = "Mot reçu"
        self.fields["note"].help_text = "300 caractères au plus."

    def perform(self) -> Attendance:
        return services.answer_invitation(
            self.attendance, actor=self.access.user, **self.cleaned_data
        )


class CancelForm(AgreementForm):
    reason = forms.CharField(
        label="Motif de l'annulation",
        max_length=300,
        help_text="Une phrase : les personnes invitées la liront.",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def perform(self) -> Meeting:
        return services.cancel_meeting(
            self.meeting, actor=self.access.user, reason=self.cleaned_data["reason"]
        )
