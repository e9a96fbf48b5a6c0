"""Writing a variant, and choosing one: it alone enters the plan, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from actionplan.models import (
    Action,
    BudgetVariant,
    Funding,
    FundingStage,
    VariantFunding,
    VariantLine,
)
from actionplan.services.common import check_year, touch
from actionplan.services.money import set_planned
from actionplan.variants.cells import Amount, ExpenseKey, FundingKey, planned_money
from actionplan.variants.comparison import Effect, effects, fingerprint
from agreements.models import Agreement
from agreements.services import create_row, delete_row, record, update_row
from core.errors import DomainError
from core.formats import date_long
from partners.models import Organisation

State = BudgetVariant.State
MOST = 3


def _lock(agreement: Agreement) -> None:
    """Choices and cells are written one after the other."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)


def _check_prepared(variant: BudgetVariant) -> None:
    """Under ``_lock``: nobody chooses it between this look and what is written."""
    state = BudgetVariant.objects.get(pk=variant.pk).state
    if state != State.PREPARED:
        raise DomainError(
            f"Cette variante est déjà « {State(state).label} » : elle ne change plus."
        )


@transaction.atomic
def create_variant(
    agreement: Agreement, *, actor: User | None, title: str, note: str = ""
) -> BudgetVariant:
    """From the plan as it is: nothing differs yet. Three at most stand side by side."""
    _lock(agreement)
    if BudgetVariant.objects.filter(agreement=agreement, state=State.PREPARED).count() >= MOST:
        raise DomainError(
            f"{MOST} variantes sont déjà à l'étude : un comité n'en compare pas davantage."
        )
    return create_row(
        BudgetVariant,
        agreement,
        actor=actor,
        fields={"title": title, "note": note},
        sentence=f"a préparé la variante de budget « {title} »",
    )


@transaction.atomic
def update_variant(
    variant: BudgetVariant,
    *,
    actor: User | None,
    expected_version: int | None = None,
    **fields: Any,
) -> BudgetVariant:
    _lock(variant.agreement)
    _check_prepared(variant)
    return update_row(variant, actor=actor, fields=fields, expected_version=expected_version)


@transaction.atomic
def delete_variant(variant: BudgetVariant, *, actor: User | None) -> None:
    """A variant that was decided upon stays, chosen or put aside: it evidences the decision."""
    _lock(variant.agreement)
    _check_prepared(variant)
    delete_row(variant, actor=actor)


@transaction.atomic
def set_cells(
    variant: BudgetVariant,
    *,
    actor: User | None,
    expenses: Mapping[ExpenseKey, Amount],
    fundings: Mapping[FundingKey, Amount],
) -> int:
    """Write cells of the variant; one that says what the plan says is not kept. Returns how many
    changed."""
    agreement = variant.agreement
    _lock(agreement)
    _check_prepared(variant)
    actions = {key[0] for key in (*expenses, *fundings)}
    known = set(
        Action.objects.filter(agreement=agreement, pk__in=actions).values_list("pk", flat=True)
    )
    if actions - known:
        raise DomainError("Cette action n'est pas de la convention.")
    plan = planned_money(agreement)
    changed = 0
    for key, amount in expenses.items():
        check_year(agreement, key[1])
        where: dict[str, Any] = {"action_id": key[0], "year": key[1], "nature": key[2]}
        changed += _set_cell(VariantLine, variant, where, "planned", amount, plan.expenses.get(key))
    for funding, amount in fundings.items():
        check_year(agreement, funding[1])
        if funding in plan.firm:
            raise DomainError("Ce financement est sollicité ou accordé : il se saisit au plan.")
        where = {
            "action_id": funding[0], "year": funding[1], "funder_id": funding[2],
            "scheme": funding[3],
        }  # fmt: skip
        changed += _set_cell(
            VariantFunding, variant, where, "amount", amount, plan.fundings.get(funding)
        )
    if changed:
        BudgetVariant.objects.filter(pk=variant.pk).update(version=F("version") + 1)
        record(
            agreement,
            actor=actor,
            verb="update",
            target=variant,
            sentence=f"a modifié les montants de la variante « {variant} »",
        )
    return changed


def _set_cell(
    model: Any,
    variant: BudgetVariant,
    where: dict[str, Any],
    name: str,
    amount: Amount,
    plan: Amount,
) -> int:
    row = model.objects.filter(variant=variant, **where).first()
    if amount == plan:
        if row is not None:
            row.delete()
        return int(row is not None)
    if row is None:
        create_row(
            model,
            variant.agreement,
            actor=None,
            fields={"variant": variant, **where, name: amount, "base": plan},
            sentence="",
        )
        return 1
    if getattr(row, name) == amount:
        return 0
    update_row(row, actor=None, fields={name: amount, "base": plan}, sentence="")
    return 1


@transaction.atomic
def choose_variant(
    variant: BudgetVariant,
    *,
    actor: User | None,
    on: date,
    reason: str,
    seen: str | None = None,
) -> BudgetVariant:
    """The variant becomes the plan; the others at study are put aside.

    ``seen``: the fingerprint of what the person confirmed. Raises ``DomainError`` when the plan or
    the variant has moved since, when it was decided already, when it changes nothing, or without a
    reason: nothing is written then.
    """
    agreement = variant.agreement
    _lock(agreement)
    variant = BudgetVariant.objects.select_related("agreement").get(pk=variant.pk)
    _check_prepared(variant)
    if not reason.strip():
        raise DomainError("Dites par quelle décision cette variante est retenue.", field="reason")
    if on > date.today():
        raise DomainError("Cette date est à venir : on note ce qui est décidé.", field="on")
    rows = effects(variant)
    if seen is not None and seen != fingerprint(rows):
        raise DomainError(
            "Le plan ou la variante ont changé depuis l'ouverture de cette page : relisez ce qui "
            "serait écrit, puis confirmez."
        )
    written = [row for row in rows if not row.does_nothing]
    if not written:
        raise DomainError("Cette variante ne change rien au plan : il n'y a rien à retenir.")
    why = f"Variante « {variant} » retenue le {date_long(on)} : {reason.strip()}"
    for row in written:
        if row.is_expense:
            _write_expense(row, actor=actor, reason=why)
        else:
            _write_funding(row, actor=actor, on=on, reason=why)
    for action in {row.action.pk: row.action for row in written}.values():
        touch(action)
    _decide(variant, actor=actor, on=on, reason=reason.strip())
    return variant


def _decide(variant: BudgetVariant, *, actor: User | None, on: date, reason: str) -> None:
    decided = {"decided_on": on, "reason": reason[:300]}
    update_row(
        variant,
        actor=actor,
        fields={"state": State.CHOSEN, **decided},
        reason=reason,
        verb="choose",
        sentence=f"a retenu la variante de budget « {variant} » : elle est entrée au plan",
    )
    others = BudgetVariant.objects.filter(agreement=variant.agreement, state=State.PREPARED)
    for other in others.select_related("agreement"):
        update_row(
            other,
            actor=actor,
            fields={"state": State.SET_ASIDE, **decided},
            reason=reason,
            sentence=f"a écarté la variante de budget « {other} »",
        )


def _write_expense(effect: Effect, *, actor: User | None, reason: str) -> None:
    action, year, nature = effect.action, effect.year, str(effect.key[2])
    set_planned(
        action,
        actor=actor,
        year=year,
        nature=nature,
        planned=effect.new,
        reason=reason,
        sentence=f"a inscrit au budget {year} de l'action {action.code} la variante retenue",
    )


def _write_funding(effect: Effect, *, actor: User | None, on: date, reason: str) -> None:
    action, year = effect.action, effect.year
    _, _, funder, scheme = effect.key
    sentence = f"a inscrit un financement {year} de l'action {action.code} : variante retenue"
    where: dict[str, Any] = {
        "action": action, "funder_id": funder, "scheme": scheme, "year": year,
        "stage": FundingStage.PLANNED,
    }  # fmt: skip
    row = Funding.objects.filter(**where).select_related("agreement", "funder").first()
    if effect.new is None:
        if row is not None:
            delete_row(row, actor=actor, reason=reason)
        return
    if row is not None:
        update_row(
            row, actor=actor, fields={"amount": effect.new, "stated_on": on}, reason=reason,
            sentence=sentence,
        )  # fmt: skip
        return
    where["funder"] = Organisation.objects.get(
        agreement=action.agreement, pk=where.pop("funder_id")
    )
    row = create_row(
        Funding,
        action.agreement,
        actor=actor,
        fields={**where, "amount": effect.new, "stated_on": on},
        sentence="",
    )
    record(
        action.agreement, actor=actor, verb="create", target=row, sentence=sentence, reason=reason
    )
