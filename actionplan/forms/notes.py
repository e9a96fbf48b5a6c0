"""Dated notes and the météo of an action."""

from __future__ import annotations

from datetime import date
from typing import Any

from actionplan import services
from actionplan.models import Action, ActionWeather, FollowUpNote
from agreements.forms import AgreementModelForm
from agreements.forms_seen import SeenModelForm
from core.forms import FrenchModelForm


class NoteForm(SeenModelForm):
    class Meta(FrenchModelForm.Meta):
        model = FollowUpNote
        fields = ["kind", "on", "text", "is_highlight"]

    def __init__(self, *args: Any, action: Action, with_internal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.with_internal = with_internal
        self.instance.action = action
        self.fields["on"].initial = date.today
        if not with_internal:
            self.fields["kind"].choices = [
                choice
                for choice in self.fields["kind"].choices
                if choice[0] != FollowUpNote.Kind.INTERNAL
            ]

    def rebuild_kwargs(self) -> dict[str, Any]:
        own = {"action": self.action, "with_internal": self.with_internal}
        return {**super().rebuild_kwargs(), **own}

    def perform(self) -> Any:
        values, actor = self.changed_values(), self.access.user
        if self.instance.pk:
            return services.update_note(self.instance, actor=actor, seen=self.seen, **values)
        return services.add_note(self.action, actor=actor, **values)


class WeatherForm(AgreementModelForm):
    """One judgement, one sentence; it adds to those before it and replaces none."""

    class Meta(FrenchModelForm.Meta):
        model = ActionWeather
        fields = ["level", "on", "sentence"]

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.instance.action = action
        self.fields["on"].initial = date.today

    def perform(self) -> ActionWeather:
        return services.add_weather(self.action, actor=self.access.user, **self.changed_values())
