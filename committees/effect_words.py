"""What an effect would change, and how it is said: read by the services, the pages and documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actionplan.models import Action, ActionStatus, BudgetLine
from actionplan.services import planned_of
from committees.models import Decision, DecisionEffect
from core.formats import NBSP, date_long, euros, shortened, signed

K = DecisionEffect.Kind
UNKNOWN = "non renseigné"
NOBODY = "personne"
FEMININE = ("commission", "réunion", "instance", "équipe", "assemblée", "conférence", "cellule")
VOWELS = "aeiouyhàâéèêëîïôöûü"

STANDING = {
    K.DUE_ON: "due_on",
    K.STARTS_ON: "starts_on",
    K.STATUS: "status",
    K.LEAD: "lead_contact",
}
"""Kind of an effect → the field of the action that it changes; the budget has its own rows."""


# --- The value of the plan ------------------------------------------------------------------
def current_value(action: Action, kind: str, year: int | None = None, nature: str = "") -> str:
    """What the plan says now, as ``DecisionEffect.old_value`` keeps it; empty: nothing said."""
    if kind == K.BUDGET:
        assert year is not None
        planned = planned_of(action, year=year, nature=nature)
        return "" if planned is None else str(planned.quantize(Decimal("0.01")))
    if kind == K.LEAD:
        return str(action.lead_contact_id or "")
    value = getattr(action, STANDING[K(kind)])
    return value.isoformat() if isinstance(value, date) else str(value or "")


def value_after(effect: DecisionEffect, before: str) -> str:
    """What the plan will say once applied on ``before``. A budget not known counts from zero:
    the page says « non renseigné → 4 000 € »."""
    if effect.kind == K.BUDGET:
        assert effect.amount is not None
        total = Decimal(before or 0) + effect.amount
        return str(total.quantize(Decimal("0.01")))
    if effect.kind == K.LEAD:
        return str(effect.new_lead_id or "")
    if effect.kind == K.STATUS:
        return effect.new_status
    assert effect.new_date is not None
    return effect.new_date.isoformat()


def amount_words(value: Decimal | None) -> str:
    """« 4 000 € »; cents only when there are some."""
    return euros(value, 0 if value is None or value == value.to_integral_value() else 2)


def difference_words(amount: Decimal) -> str:
    """« +4 000 € », « −1 250,50 € »."""
    return signed(amount, 0 if amount == amount.to_integral_value() else 2, "€")


def value_words(kind: str, value: str) -> str:
    """A kept value, in words. People are not named here: names are read where they stand, so that
    one who is erased stays nowhere."""
    if not value:
        return UNKNOWN
    if kind == K.BUDGET:
        return amount_words(Decimal(value))
    if kind == K.STATUS:
        return str(ActionStatus(value).label)
    if kind == K.LEAD:
        return ""
    return date_long(date.fromisoformat(value))


def stored_words(effect: DecisionEffect, before: str) -> tuple[str, str]:
    """(before, after) as the row keeps them; both empty for a person."""
    if effect.kind == K.LEAD:
        return "", ""
    return value_words(effect.kind, before), value_words(effect.kind, value_after(effect, before))


def subject(effect: DecisionEffect) -> str:
    """« échéance », « budget 2027, fonctionnement »."""
    if effect.kind == K.BUDGET:
        nature = BudgetLine.Nature(effect.nature).label
        return f"budget{NBSP}{effect.year}, {nature}"
    return {
        K.DUE_ON: "échéance", K.STARTS_ON: "début", K.STATUS: "statut", K.LEAD: "pilote",
    }[K(effect.kind)]  # fmt: skip


# --- The decision, as the plan's history names it --------------------------------------------
def of_the(name: str) -> str:
    """« du COPIL », « de la commission d'admission », « de l'équipe projet »."""
    first = name.strip().split(" ")[0].casefold()
    if first[:1] in VOWELS:
        return f"de l'{name}"
    return f"de la {name}" if first in FEMININE else f"du {name}"


def reason_of(decision: Decision) -> str:
    """The reason that the history of the plan keeps: « Décision n° 2026-04 du COPIL du
    8 décembre 2026 », followed by the act that voted it."""
    on = date_long(decision.decided_on)
    words = f"Décision n°{NBSP}{decision.number}"
    if decision.meeting is not None:
        words += f" {of_the(str(decision.meeting.committee))} du {date_long(decision.meeting.on)}"
    elif decision.taken_by:
        words += f" ({shortened(decision.taken_by, 80)}, {on})"
    else:
        words += f" du {on}"
    act = act_words(decision)
    return f"{words}{NBSP}; {act}" if act else words


def act_words(decision: Decision) -> str:
    """« délibération n° 2026-61 du 17 décembre 2026 »: the act that followed, once it is known."""
    if not decision.institutional_reference:
        return ""
    words = decision.institutional_reference
    if words[:1].isdigit():
        words = f"n°{NBSP}{words}"
        if decision.institutional == Decision.InstitutionalFollowUp.COUNCIL:
            words = f"délibération {words}"
    if decision.institutional_on:
        words += f" du {date_long(decision.institutional_on)}"
    return words
