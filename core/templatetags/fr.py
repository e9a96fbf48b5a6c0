"""The French formats as template filters, under the same names as in ``core.formats``."""

from django import template

from core import formats

register = template.Library()

for name in (
    "clock", "number", "euros", "keuros", "percent", "inhabitants", "signed", "with_unit", "date_long",
    "date_short", "datetime_long", "file_size", "hours_minutes", "ordinal", "period", "tied",
):  # fmt: skip
    register.filter(name, getattr(formats, name))


@register.filter
def plural(count: int | None, words: str) -> str:
    """``{{ n|plural:"action,actions" }}``; the plural may be left out where it only takes an s."""
    singular, _, many = words.partition(",")
    return formats.plural(count, singular, many)
