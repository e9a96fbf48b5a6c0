"""Choice lists in French order, without what is archived."""

from __future__ import annotations

from django import forms


def order_choices(form: forms.BaseForm) -> None:
    """People and organisations as one looks for them; an archived one stays where it is chosen."""
    for name in ("contact", "organisation", "chair", "responsible"):
        field = form.fields.get(name)
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        field.empty_label = "à choisir" if field.required else "non renseigné"
        chosen = getattr(getattr(form, "instance", None), f"{name}_id", None)
        known = field.queryset.filter(is_archived=False) | field.queryset.filter(pk=chosen)
        field.queryset = known.in_alphabetical_order()  # type: ignore[attr-defined]


def offer_kinds(form: forms.BaseForm) -> None:
    """The kinds in use, and the one already chosen."""
    field = form.fields.get("kind")
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return
    chosen = getattr(getattr(form, "instance", None), "kind_id", None)
    field.queryset = field.queryset.filter(is_active=True) | field.queryset.filter(pk=chosen)
