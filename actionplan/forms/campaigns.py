"""A campaign: its words, its dates, and the people to ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from actionplan import campaign_queries as queries
from actionplan.campaign_messages import DEFAULT_MESSAGE
from actionplan.models import Campaign, CampaignLead
from actionplan.services import campaigns as services
from agreements.access import Access
from agreements.forms import AgreementForm, AgreementModelForm
from core.formats import MONTHS
from core.forms import DateField, FrenchModelForm
from partners.models import Contact

DAYS_TO_ANSWER = 14
MAX_FILE = 5 * 1024 * 1024


class LeadChoices:
    """The proposed people, each with a box and a channel. Mixed into a form."""

    fields: dict[str, forms.Field]
    proposed: queries.Proposals
    access: Access

    def add_leads(self, proposed: queries.Proposals, chosen: dict[int, str] | None) -> None:
        """``chosen`` None: everybody is proposed ticked, but whoever asks."""
        self.proposed = proposed
        for person in proposed.people:
            pk = person.contact.pk
            ticked = pk in chosen if chosen is not None else not self._is_oneself(person.contact)
            self.fields[f"lead-{pk}"] = forms.BooleanField(
                label=str(person.contact), required=False, initial=ticked
            )  # fmt: skip
            channels = person.channels
            channel = (chosen or {}).get(pk, channels[0][0])
            self.fields[f"channel-{pk}"] = forms.ChoiceField(
                label=f"Moyen pour {person.contact}", choices=channels,
                initial=channel if channel in dict(channels) else channels[0][0],
            )  # fmt: skip

    def _is_oneself(self, contact: Contact) -> bool:
        user = self.access.user
        same_mail = bool(contact.email) and contact.email.lower() == user.email.lower()
        return contact.user_id == user.pk or same_mail

    @property
    def people(self) -> list[tuple[queries.Proposal, Any, Any]]:
        return [
            (person, self[f"lead-{person.contact.pk}"], self[f"channel-{person.contact.pk}"])  # type: ignore[index]
            for person in self.proposed.people
        ]

    def chosen_leads(self, data: dict[str, Any]) -> dict[Contact, str]:
        return {
            person.contact: data[f"channel-{person.contact.pk}"]
            for person in self.proposed.people
            if data.get(f"lead-{person.contact.pk}")
        }


class CampaignForm(LeadChoices, AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = Campaign
        fields = ["title", "message", "year", "closes_on", "max_reminders"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement, today = self.access.agreement, date.today()
        years = [(year, str(year)) for year in agreement.years]
        self.fields["year"] = forms.TypedChoiceField(
            label="Année des chiffres demandés", choices=years, coerce=int
        )
        self.fields["max_reminders"] = forms.TypedChoiceField(
            label="Relances au plus, par personne",
            choices=[(0, "aucune"), (1, "une"), (2, "deux"), (3, "trois")],
            coerce=int,
            help_text="Rien ne part tout seul : vous déclenchez chaque relance.",
        )
        self.fields["closes_on"].help_text = "Les liens se ferment ce soir-là, à minuit."
        self.fields[
            "message"
        ].help_text = "Le bonjour, la liste de ses actions, le lien et la date sont ajoutés."
        if self.instance.pk:
            chosen = {lead.contact_id: lead.channel for lead in self.instance.leads.all()}
            self.initial["year"] = self.instance.year
        else:
            chosen = None
            current = min(max(today.year, agreement.years[0]), agreement.years[-1])
            self.initial = {
                **self.initial,
                "title": f"Nouvelles de {MONTHS[today.month - 1]} {today.year}",
                "message": DEFAULT_MESSAGE,
                "year": current,
                "closes_on": today + timedelta(days=DAYS_TO_ANSWER),
                "max_reminders": 1,
            }
        self.add_leads(queries.proposals(agreement), chosen)  # type: ignore[arg-type]

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]

    def changed_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def perform(self) -> Campaign:
        values, actor = self.changed_values(), self.access.user
        leads = self.chosen_leads(self.cleaned_data)
        if not self.instance.pk:
            return services.create_campaign(
                self.access.agreement, actor=actor, leads=leads, **values
            )
        return services.update_campaign(
            self.instance, actor=actor, leads=leads, expected_version=self.expected_version,
            **values,
        )  # fmt: skip

    def differences_with(self, current: Any) -> list[dict[str, str]]:
        """The words and dates; the people chosen stay as they are ticked here."""
        rows = []
        for name in self.Meta.fields:
            mine = self.readable_choice(self.fields[name], self.cleaned_data.get(name))
            theirs = self.readable_choice(self.fields[name], getattr(current, name))
            if mine != theirs:
                label = str(self.fields[name].label)
                rows.append({"label": label, "mine": mine, "theirs": theirs})
        return rows


class AddLeadsForm(LeadChoices, AgreementForm):
    """The pilots named since the campaign left."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        already = campaign.leads.values_list("contact_id", flat=True)
        self.add_leads(queries.proposals(campaign.agreement, besides=already), None)

    def perform(self) -> list[CampaignLead]:
        leads = self.chosen_leads(self.cleaned_data)
        return services.add_leads(self.campaign, actor=self.access.user, leads=leads)


class ExtendForm(AgreementForm):
    closes_on = DateField(
        label="Réponses jusqu'au",
        help_text="Les liens déjà remis s'ouvriront jusqu'à cette date : rien à renvoyer.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["closes_on"].initial = max(campaign.closes_on, date.today()) + timedelta(days=7)

    def perform(self) -> Campaign:
        return services.extend_campaign(
            self.campaign, actor=self.access.user, closes_on=self.cleaned_data["closes_on"]
        )


class ReturnForm(AgreementForm):
    reason = forms.CharField(
        label="Ce qu'il faut préciser", max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        help_text="La personne lit cette phrase dans le message et au-dessus de son action.",
    )  # fmt: skip


class FilledSheetForm(AgreementForm):
    file = forms.FileField(
        label="Classeur rempli", help_text="La fiche de recueil, en .xlsx ou .ods.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError("Ce fichier dépasse 5 Mo.")
        return file
