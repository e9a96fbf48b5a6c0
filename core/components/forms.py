"""Forms: label above, help, error beside the field, and a summary that links to the fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.components.registry import register


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force: what it is, what was chosen, and the address without it."""

    label: str
    value: str
    url_without: str


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary at the top of a refused form, each line leading to its field."""
    fields = [(field, message) for field in form for message in field.errors if not field.is_hidden]
    hidden = [
        f"{field.label} : {message}" for field in form.hidden_fields() for message in field.errors
    ]
    general = [*form.non_field_errors(), *hidden]
    return {"general": general, "fields": fields, "count": len(general) + len(fields)}


@register.simple_tag
def field(bound_field: BoundField) -> SafeString:
    """One field as every form of the project draws it."""
    return render_to_string(
        "bootstrap5/field.html",
        {"field": bound_field, "form_show_labels": True, "form_show_errors": True},
    )


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """All the fields of a form, hidden ones included, without its tag nor its summary."""
    return SafeString("".join(field(bound) for bound in form))


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context,
    form: BaseForm,
    label: str = "Filtrer la liste",
    open: bool = False,
) -> dict[str, Any]:
    """A GET form that unfolds, saying in words how many filters are in force."""
    active = active_filters(form, context.get("request"))
    return {"form": form, "label": label, "open": open, "active": active, "count": len(active)}


def active_filters(form: BaseForm, request: Any) -> list[ActiveFilter]:
    """The filters that the address carries and the form accepts."""
    if request is None or not form.is_bound:
        return []
    return [
        ActiveFilter(str(bound.label), _words(bound), _address_without(request, bound.html_name))
        for bound in form
        if not bound.is_hidden and any(v.strip() for v in request.GET.getlist(bound.html_name))
    ]


def _words(bound: BoundField) -> str:
    value = bound.value()
    values = value if isinstance(value, list | tuple) else [value]
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "oui" if value is True else ", ".join(str(v) for v in values)
    wanted = {str(v) for v in values}
    return ", ".join(str(text) for text in _labels(choices, wanted))


def _labels(choices: Any, wanted: set[str]) -> list[str]:
    found: list[str] = []
    for value, text in choices:
        if isinstance(text, list | tuple):
            found += _labels(text, wanted)
        elif str(value) in wanted:
            found.append(text)
    return found


def _address_without(request: Any, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"
