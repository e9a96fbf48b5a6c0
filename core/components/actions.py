"""What one clicks."""

from __future__ import annotations

from typing import Any

from django.template import Context, TemplateSyntaxError
from django.utils.safestring import SafeString

from core.components.registry import register, require
from core.icons import icon_svg

VARIANTS = ("primary", "secondary", "danger", "quiet")
FILE_FORMATS = {
    "pdf": ("PDF", "file-type-pdf"),
    "xlsx": ("classeur Excel", "file-spreadsheet"),
    "docx": ("document Word", "file-type-docx"),
    "pptx": ("diaporama", "presentation"),
    "csv": ("CSV", "file-spreadsheet"),
    "ics": ("calendrier", "calendar-event"),
    "eml": ("message", "mail"),
    "svg": ("image SVG", "photo"),
}


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A drawing, hidden from assistive technology: give the word beside it."""
    return icon_svg(name, size)


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    variant: str = "primary",
    icon: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    small: bool = False,
    context_words: str = "",
    autofocus: bool = False,
) -> dict[str, Any]:
    """`context_words` complete the label for a screen reader: « Modifier » + « la fiche 12 ».
    `autofocus`: the keyboard comes back here once the page is shown again."""
    return {
        "label": label,
        "variant": require("variant", variant, VARIANTS),
        "icon": icon,
        "type": type,
        "name": name,
        "value": value,
        "form": form,
        "small": small,
        "context_words": context_words,
        "autofocus": autofocus,
    }


@register.inclusion_tag("components/link_button.html")
def link_button(
    label: str,
    url: str,
    variant: str = "secondary",
    icon: str = "",
    small: bool = False,
    context_words: str = "",
) -> dict[str, Any]:
    return {
        "label": label,
        "url": url,
        "variant": require("variant", variant, VARIANTS),
        "icon": icon,
        "small": small,
        "context_words": context_words,
    }


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(
    context: Context,
    label: str,
    url: str,
    variant: str = "secondary",
    icon: str = "",
    name: str = "",
    value: str = "",
    next: str = "",
    small: bool = False,
    context_words: str = "",
    autofocus: bool = False,
) -> dict[str, Any]:
    """A one-button form: whatever changes something is a POST."""
    if not url:
        raise TemplateSyntaxError("post_button: url is empty.")
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "variant": require("variant", variant, VARIANTS),
        "icon": icon,
        "name": name,
        "value": value,
        "next": next,
        "small": small,
        "context_words": context_words,
        "autofocus": autofocus,
    }


@register.inclusion_tag("components/copy_button.html")
def copy_button(target: str, label: str = "Copier") -> dict[str, Any]:
    """Copies the text or value of the element with the id `target`; absent without JavaScript."""
    return {"target": target, "label": label}


@register.inclusion_tag("components/file_link.html")
def file_link(
    label: str, url: str, format: str, size: str = "", button: bool = False
) -> dict[str, Any]:
    """A download that says its format, and its size as text (« 240 ko ») when it is known."""
    word, icon_name = FILE_FORMATS[require("format", format, FILE_FORMATS)]
    return {
        "label": label,
        "url": url,
        "word": word,
        "icon": icon_name,
        "size": size,
        "button": button,
    }
