"""What a decision changes in the plan, typed as rows: the action, what changes, the new value.

One box takes the new value, whatever it is: « 30/06/2027 », « +4 000 », « en pause », a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction

from accounts.models import User
from actionplan.entry.reading import STATUS_WORDS, read_date
from actionplan.models import Action, ActionStatus, BudgetLine
from agreements.models import Agreement
from committees import services
from committees.models import Decision, DecisionEffect
from core.errors import DomainError
from core.formats import MINUS, NBSP, parse_amount, plain_key, shortened
from core.keys import key_in
from partners.models import Contact

K = DecisionEffect.Kind
BLANK_ROWS = 3
MOST_ROWS = 15
KINDS: list[tuple[str, str]] = [
    ("", "Choisir…"),
    (K.DUE_ON, "échéance"),
    (K.STARTS_ON, "début"),
    (K.STATUS, "statut"),
    (K.LEAD, "pilote"),
    *((f"{K.BUDGET}:{nature}", f"budget, {label}") for nature, label in BudgetLine.Nature.choices),
]
OFFERED_STATUSES = [status for status in ActionStatus if status != ActionStatus.BLOCKED]
SIGN = "Écrivez la différence avec son signe : « +4 000 » ajoute, « -4 000 » retire."
INCOMPLETE = "Choisissez l'action, ce qui change, et la nouvelle valeur."
GONE = "Cette ligne n'est plus à préparer : quelqu'un l'a retirée ou appliquée. Rouvrez la page."
MOVED = "Quelqu'un a changé cette ligne entre-temps : rouvrez la page."
TO_MEND = "Une ligne de « Ce qu'elle change au plan » est à revoir."
FIELD_OF = {"action": "action", "kind": "kind", "year": "year"}
"""A field that a service names → the box of the row; every other one is « nouvelle valeur »."""


@dataclass(frozen=True)
class PlanChoices:
    """What every row offers, read once for all of them."""

    agreement: Agreement

    @cached_property
    def actions(self) -> dict[int, Action]:
        rows = Action.objects.filter(agreement=self.agreement).active().in_plan_order()
        return {row.pk: row for row in rows.select_related("agreement")}

    @cached_property
    def action_choices(self) -> list[tuple[str, str]]:
        return [
            ("", "Choisir…"),
            *((str(pk), shortened(str(row), 70)) for pk, row in self.actions.items()),
        ]

    @cached_property
    def people(self) -> list[Contact]:
        rows = Contact.objects.filter(agreement=self.agreement, is_archived=False)
        return list(rows.in_alphabetical_order())

    @property
    def suggestions(self) -> list[str]:
        """What the box of the new value proposes: statuses, then people."""
        return [*(str(status.label) for status in OFFERED_STATUSES), *map(str, self.people)]

    @property
    def years(self) -> list[tuple[str, str]]:
        return [("", "–"), *((str(year), str(year)) for year in self.agreement.years)]

    def person(self, text: str) -> Contact:
        """« Camille Rousselot », « ROUSSELOT Camille », or a last name that one person bears.
        Raises ``ValueError`` in French."""
        wanted = plain_key(text)
        found = [
            row
            for row in self.people
            if wanted
            in (
                plain_key(f"{row.first_name} {row.last_name}"),
                plain_key(f"{row.last_name} {row.first_name}"),
                plain_key(row.last_name),
            )
        ]
        if not found:
            raise ValueError(
                f"« {text.strip()} » n'est pas parmi les personnes de la convention : ajoutez-la "
                "d'abord dans les partenaires."
            )
        if len(found) > 1:
            raise ValueError(f"Plusieurs personnes portent ce nom : {', '.join(map(str, found))}.")
        return found[0]


@dataclass(frozen=True)
class EffectDraft:
    """A row to prefill: an effect already prepared, or one that the chosen option suggests."""

    action: int
    kind: str
    value: str
    year: int | None = None
    effect: DecisionEffect | None = None
    is_proposed: bool = False

    def initial(self) -> dict[str, Any]:
        return {
            "effect": self.effect.pk if self.effect else None,
            "proposed": self.is_proposed,
            "action": self.action,
            "kind": self.kind,
            "value": self.value,
            "year": self.year or "",
        }


class EffectRowForm(forms.Form):
    effect = forms.CharField(widget=forms.HiddenInput, required=False)
    proposed = forms.BooleanField(widget=forms.HiddenInput, required=False)
    action = forms.ChoiceField(label="Action", required=False, show_hidden_initial=True)
    kind = forms.ChoiceField(
        label="Ce qui change", choices=KINDS, required=False, show_hidden_initial=True
    )
    value = forms.CharField(
        label="Nouvelle valeur", required=False, max_length=120, show_hidden_initial=True
    )
    year = forms.ChoiceField(label="Année du budget", required=False, show_hidden_initial=True)
    remove = forms.BooleanField(label="Retirer", required=False)
    take = forms.BooleanField(
        label="Préparer cet effet (vérifiez la nature et l'année)", required=False
    )

    def __init__(self, *args: Any, plan: PlanChoices, known: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.known = plan, known
        fields: dict[str, Any] = self.fields
        fields["action"].choices = plan.action_choices
        fields["year"].choices = plan.years
        fields["value"].widget.attrs["list"] = "effets-propositions"
        row_effect = self.row_effect
        if row_effect is not None and row_effect.action_id not in plan.actions:
            chosen = row_effect.action
            fields["action"].choices = [*plan.action_choices, (str(chosen.pk), str(chosen))]

    @property
    def row_effect(self) -> DecisionEffect | None:
        """The effect that the row changes; one of another decision is none."""
        raw = (
            self.data.get(self.add_prefix("effect"))
            if self.is_bound
            else self.initial.get("effect")
        )
        return self.known.get(key_in(str(raw)) or 0) if raw else None

    @property
    def is_proposed(self) -> bool:
        if self.is_bound:
            return self.data.get(self.add_prefix("proposed")) == "True"
        return bool(self.initial.get("proposed"))

    @property
    def is_blank(self) -> bool:
        """Nothing is asked of this row: nothing typed, or proposed and not ticked."""
        data = self.cleaned_data
        if self.row_effect is None and self.is_proposed and not data.get("take"):
            return True
        return self.row_effect is None and not (data.get("action") or data.get("value", "").strip())

    @property
    def is_gone(self) -> bool:
        """The row changes an effect that stands no more: removed, applied, of another decision."""
        return bool(self.cleaned_data.get("effect")) and self.row_effect is None

    def has_moved(self) -> bool:
        """Somebody else changed the effect since the row was read (``show_hidden_initial``)."""
        return any(
            str(self.initial.get(name) or "")
            != (self.data.get(self.add_initial_prefix(name)) or "")
            for name in ("action", "kind", "value", "year")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.cleaned_data = data
        self.values: dict[str, Any] = {}
        if self.is_gone:
            self.add_error("value", GONE)
            return data
        if self.is_blank or data.get("remove") or self.errors:
            return data
        kind, _, nature = str(data.get("kind", "")).partition(":")
        missing = next((n for n in ("action", "kind", "value") if not data.get(n)), None)
        if missing:
            self.add_error(missing, INCOMPLETE)
            return data
        action = self.plan.actions.get(int(data["action"]))
        if action is None and self.row_effect is not None:
            action = self.row_effect.action
        self.values = {"action": action, "kind": kind}
        try:
            self.values |= self._read(kind, nature, data["value"])
        except ValueError as refusal:
            self.add_error("value", str(refusal))
        return data

    def _read(self, kind: str, nature: str, text: str) -> dict[str, Any]:
        """The new value, as the service takes it. Raises ``ValueError`` in French."""
        if kind in (K.DUE_ON, K.STARTS_ON):
            return {"new_date": read_date(text)}
        if kind == K.STATUS:
            status = STATUS_WORDS.get(plain_key(text))
            if status is None:
                known = ", ".join(str(s.label) for s in OFFERED_STATUSES)
                raise ValueError(f"« {text.strip()} » n'est pas un statut : {known}.")
            return {"new_status": status}
        if kind == K.LEAD:
            return {"new_lead": self.plan.person(text)}
        if text.strip()[:1] not in ("+", "-", MINUS):
            raise ValueError(SIGN)
        year = self.cleaned_data.get("year")
        return {
            "amount": parse_amount(text),
            "nature": nature,
            "year": int(year) if year else None,
        }


class _EffectRows(forms.BaseFormSet):
    """The rows of one decision. ``save`` writes them all or none."""

    def __init__(
        self,
        data: Any = None,
        *,
        agreement: Agreement,
        drafts: list[EffectDraft] | None = None,
        **kwargs: Any,
    ) -> None:
        rows = drafts or []
        self.plan = PlanChoices(agreement)
        known = {row.effect.pk: row.effect for row in rows if row.effect is not None}
        super().__init__(
            data,
            prefix="effets",
            initial=[row.initial() for row in rows],
            form_kwargs={"plan": self.plan, "known": known},
            **kwargs,
        )

    def save(self, decision: Decision, *, actor: User | None) -> int:
        """Returns how many effects were prepared, changed or removed. Raises ``DomainError`` when a
        row is refused: each refusal stands on its row, and nothing is written."""
        written, refused = 0, False
        with transaction.atomic():
            for row in self.forms:
                if row.is_blank:
                    continue
                try:
                    with transaction.atomic():
                        written += self._write(row, decision, actor)
                except DomainError as refusal:
                    refused = True
                    row.add_error(FIELD_OF.get(refusal.field or "", "value"), refusal.message)
            if refused:
                raise DomainError(TO_MEND)
        return written

    @staticmethod
    def _write(row: Any, decision: Decision, actor: User | None) -> int:
        effect = row.row_effect
        if row.cleaned_data.get("remove"):
            if effect is None:
                return 0
            services.remove_effect(effect, actor=actor)
        elif effect is None:
            services.prepare_effect(decision, actor=actor, **row.values)
        elif row.has_changed():
            if row.has_moved():
                raise DomainError(MOVED)
            services.update_effect(effect, actor=actor, **row.values)
        else:
            return 0
        return 1


EffectRows: Any = forms.formset_factory(
    EffectRowForm,
    formset=_EffectRows,
    extra=BLANK_ROWS,
    max_num=MOST_ROWS,
    absolute_max=2 * MOST_ROWS,
)


# --- What the rows begin with -------------------------------------------------------------------
def typed(effect: DecisionEffect) -> str:
    """The new value as one would type it."""
    if effect.kind == K.BUDGET:
        assert effect.amount is not None
        return typed_amount(effect.amount)
    if effect.kind == K.STATUS:
        return str(ActionStatus(effect.new_status).label)
    if effect.kind == K.LEAD:
        return str(effect.new_lead or "")
    assert effect.new_date is not None
    return f"{effect.new_date:%d/%m/%Y}"


def typed_amount(amount: Decimal) -> str:
    """« +17 100 », « -1 250,50 »: as one types it, read back by ``parse_amount``."""
    whole = amount == amount.to_integral_value()
    text = f"{amount:+,.{0 if whole else 2}f}"
    return text.replace(",", NBSP).replace(".", ",")


def drafts_of(decision: Decision, on: date) -> list[EffectDraft]:
    """Those prepared, then what the option chosen suggests and that nothing says yet."""
    effects = list(
        decision.effects.filter(state=DecisionEffect.State.PREPARED).select_related(
            "action", "new_lead", "decision", "agreement"
        )
    )
    found = [
        EffectDraft(
            action=effect.action_id,
            kind=f"{effect.kind}:{effect.nature}" if effect.kind == K.BUDGET else effect.kind,
            value=typed(effect),
            year=effect.year,
            effect=effect,
        )
        for effect in effects
    ]
    suggested = suggestion(decision, on)
    if suggested is not None and not any(effect.is_money for effect in effects):
        found.append(suggested)
    return found


def suggestion(decision: Decision, on: date) -> EffectDraft | None:
    """The cost of the option chosen, on the budget of the action that the point is about. Its year
    is a guess to correct: this year's until summer, then the next one's."""
    option = decision.chosen_option
    if option is None or not option.cost or option.point.action_id is None:
        return None
    years = decision.agreement.years
    year = on.year if on.month <= 6 else on.year + 1
    return EffectDraft(
        action=option.point.action_id,
        kind=f"{K.BUDGET}:{BudgetLine.Nature.OPERATING}",
        value=typed_amount(option.cost),
        year=min(max(year, years.start), years.stop - 1),
        is_proposed=True,
    )


class SetAsideForm(forms.Form):
    """Why an effect will not enter the plan."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=300,
        help_text="Par exemple : le conseil municipal a refusé les crédits.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
