"""The words of the field, explained where they stand."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.components.registry import register
from core.glossary import entry


@register.simple_tag
def term(word: str, label: str = "") -> SafeString:
    """A term with its meaning at hand and a link to the glossary; an unknown term is an error."""
    found = entry(word)
    return format_html(
        '<a class="term" href="{}#{}"><abbr title="{}">{}</abbr></a>',
        reverse("core:glossary"),
        found.slug,
        found.expansion or found.definition,
        label or word,
    )
