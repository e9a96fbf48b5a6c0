"""What the author says of a legal item, and the acts to tick."""

from __future__ import annotations

from typing import Any

from actionplan.models import SchemeAct, SchemeItem
from actionplan.scheme import services
from agreements.forms import AgreementModelForm
from core.forms import FrenchModelForm


class SchemeItemForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = SchemeItem
        fields = ["text", "judgement", "checked_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 8
        self.fields["text"].help_text = "Lu par les membres du COPIL, et imprimé dans l'annexe."
        self.fields["judgement"].choices = SchemeItem.Judgement.choices
        self.fields["judgement"].help_text = "« Selon le contenu » laisse l'application en juger."

    def perform(self) -> SchemeItem:
        return services.set_item(
            self.access.agreement, actor=self.access.user, code=self.instance.code,
            expected_version=self.expected_version, **self.changed_values(),
        )  # fmt: skip


class SchemeActForm(AgreementModelForm):
    class Meta(FrenchModelForm.Meta):
        model = SchemeAct
        fields = ["done_on", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].help_text = "Vide : pas encore fait."

    def perform(self) -> SchemeAct:
        return services.set_act(
            self.access.agreement, actor=self.access.user, act=self.instance.act,
            expected_version=self.expected_version, **self.changed_values(),
        )  # fmt: skip
