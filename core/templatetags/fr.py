"""``{% load fr %}``: the French formats of ``core.formats`` as filters."""

from __future__ import annotations

from typing import Any

from django import template

from core import formats

register = template.Library()

register.filter("number", formats.number)
register.filter("signed", formats.signed)
register.filter("euros", formats.euros)
register.filter("keuros", formats.keuros)
register.filter("percent", formats.percent)
register.filter("inhabitants", formats.inhabitants)
register.filter("date_long", formats.date_long)
register.filter("date_short", formats.date_short)
register.filter("datetime_long", formats.datetime_long)
register.filter("hours_minutes", formats.hours_minutes)


@register.filter
def plural(count: int, words: str) -> str:
    """``{{ 3|plural:"action,actions" }}``."""
    singular, _, plural_form = words.partition(",")
    return formats.plural(count, singular, plural_form)


@register.filter
def unit(value: Any, suffix: str) -> str:
    """``{{ value|unit:"hab." }}``, without decimals."""
    return formats.with_unit(value, suffix)
