"""The one tag library that the component modules fill."""

from __future__ import annotations

from collections.abc import Collection

from django import template
from django.template import TemplateSyntaxError

register = template.Library()


def require(name: str, value: str, allowed: Collection[str]) -> str:
    """Refuse a variant that does not exist, rather than draw something odd."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{name}={value!r}: expected one of {', '.join(allowed)}.")
    return value
