"""A decision when it is taken, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from agreements.forms import ServiceModelForm
from committees import services
from committees.forms.choices import order_choices
from committees.forms.effects import TO_MEND, EffectRows
from committees.models import AgendaItem, ArbitrationOption, Decision, Meeting
from core.forms import FrenchModelForm

OPINION_ONLY = (
    "Un COPIL donne un avis : il ne vote pas de crédits. Dites qui doit se prononcer pour que la "
    "décision prenne effet."
)
HELP = {
    "institutional": OPINION_ONLY,
    "institutional_reference": "Une fois l'acte pris : numéro de la délibération, décision "
    "modificative, avenant…",
    "institutional_on": "Avec le numéro, elle fait entrer au plan les crédits qui attendent le vote.",
    "follow_up": "Ce texte est lu au prochain COPIL et peut être communiqué.",
    "number": "Vide : le numéro suivant de l'année.",
}


class _WithEffects(ServiceModelForm):
    """A decision and, when it is first written, what it changes in the plan: one save for both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order_choices(self)
        self.rows: Any = None
        if not self.instance.pk:
            data = self.data if self.is_bound and "effets-TOTAL_FORMS" in self.data else None
            self.rows = EffectRows(data, agreement=self.access.agreement)

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.rows is not None and self.rows.is_bound and not self.rows.is_valid():
            self.add_error(None, TO_MEND)
            return False
        return valid

    @transaction.atomic
    def perform(self) -> Decision:
        decision: Decision = super().perform()
        if self.rows is not None and self.rows.is_bound:
            self.rows.save(decision, actor=self.access.user)
        return decision


class DecisionForm(_WithEffects):
    """Taken in a meeting: the point and the option are those of its agenda."""

    create_with = services.take_decision
    update_with = services.update_decision

    class Meta(FrenchModelForm.Meta):
        model = Decision
        fields = [
            "item",
            "chosen_option",
            "text",
            "decided_on",
            "responsible",
            "due_on",
            "institutional",
            "actions",
            "challenges",
        ]
        help_texts = HELP

    def __init__(self, *args: Any, meeting: Meeting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        items = AgendaItem.objects.filter(meeting=meeting, is_confirmed=True)
        self._offer(items)

    def _offer(self, items: QuerySet[AgendaItem]) -> None:
        """The points of the meeting and their options; a list that would be empty is not shown."""
        fields: dict[str, Any] = self.fields
        options = ArbitrationOption.objects.filter(point__item__in=items).select_related("point")
        fields["item"].queryset = items
        fields["chosen_option"].queryset = options.order_by("point__item__position", "position")
        fields["chosen_option"].label_from_instance = lambda o: f"{o.point.question} → {o.title}"
        for name, offered in (("item", items), ("chosen_option", options)):
            if not offered:
                del fields[name]

    def rebuild_kwargs(self) -> dict[str, Any]:
        return {**super().rebuild_kwargs(), "meeting": self.meeting}

    def perform(self) -> Decision:
        if not self.instance.pk and self.meeting is not None:
            self.fixed = {"meeting": self.meeting}
        return super().perform()


class ElsewhereForm(_WithEffects):
    """Taken outside the committees of the agreement: the council, a bureau, a commission of the
    Caf. Its number may be its own."""

    create_with = services.take_decision
    update_with = services.update_decision

    class Meta(FrenchModelForm.Meta):
        model = Decision
        fields = [
            "taken_by",
            "decided_on",
            "number",
            "text",
            "institutional_reference",
            "responsible",
            "due_on",
            "institutional",
            "institutional_on",
            "actions",
            "challenges",
        ]
        help_texts = {
            **HELP,
            "institutional": "Ce qui doit encore suivre devant une autre instance.",
            "institutional_reference": "Numéro de la délibération, du relevé, de la notification. "
            "Elle permet d'appliquer la décision au plan.",
        }
        labels = {"institutional_reference": "Référence de l'acte"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_by"].required = True
        self.fields["number"].required = bool(self.instance.pk)


class FollowUpForm(ServiceModelForm):
    """Who, when, where it stands, and the act that must follow elsewhere."""

    update_with = services.update_decision

    class Meta(FrenchModelForm.Meta):
        model = Decision
        fields = [
            "state",
            "follow_up",
            "responsible",
            "due_on",
            "institutional",
            "institutional_reference",
            "institutional_on",
            "legality_on",
            "amendment",
            "actions",
            "challenges",
        ]
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order_choices(self)
