"""What a page is built of: heading, cards, messages, tabs, menus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.components.registry import register, require

ALERTS = {
    "info": ("Information", "info-circle"),
    "success": ("Succès", "circle-check"),
    "warning": ("Attention", "alert-triangle"),
    "danger": ("Erreur", "alert-octagon"),
}
MESSAGE_LEVELS = {"error": "danger", "debug": "info"}


@register.simple_block_tag
def page_header(content: str, title: str, lead: str = "", eyebrow: str = "") -> SafeString:
    """The page's only `<h1>`; the block holds its actions."""
    return render_to_string(
        "components/page_header.html",
        {"title": title, "lead": lead, "eyebrow": eyebrow, "actions": SafeString(content.strip())},
    )


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    level: int = 2,
    icon: str = "",
    lead: str = "",
    link_url: str = "",
    link_label: str = "",
    id: str = "",
    flush: bool = False,
) -> SafeString:
    """A titled section. `flush` lets a table touch the edges."""
    return render_to_string(
        "components/card.html",
        {
            "content": content,
            "title": title,
            "level": level,
            "icon": icon,
            "lead": lead,
            "link_url": link_url,
            "link_label": link_label,
            "id": id,
            "flush": flush,
        },
    )


@register.simple_block_tag
def alert(content: str, variant: str = "info", title: str = "") -> SafeString:
    """A message with its icon and its word: info, success, warning or danger."""
    variant = MESSAGE_LEVELS.get(variant, variant)
    word, icon = ALERTS[require("variant", variant, ALERTS)]
    return render_to_string(
        "components/alert.html",
        {"content": content, "variant": variant, "word": word, "icon": icon, "title": title},
    )


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", label: str = "", icon: str = "plus"
) -> dict[str, Any]:
    """An empty list says what to do next."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items: Sequence[Sequence[str]]) -> dict[str, Any]:
    """`items`: (label, url) pairs, the current page last (its url may be empty)."""
    return {"items": items[:-1], "current": items[-1][0] if items else ""}


@register.simple_tag
def crumbs(*parts: str) -> list[tuple[str, str]]:
    """Pairs out of a flat list: `{% crumbs "Plan" plan_url "Fiche 12" as items %}`."""
    padded = [*parts, ""] if len(parts) % 2 else list(parts)
    return list(zip(padded[::2], padded[1::2], strict=True))


@register.inclusion_tag("components/tabs_nav.html")
def tabs_nav(items: Iterable[Any], label: str, pills: bool = False) -> dict[str, Any]:
    """Links to sibling pages; each item has `label`, `url`, `active` and perhaps `count`. `pills`:
    the second line, of the views of one page."""
    return {"items": items, "label": label, "pills": pills}


@register.simple_block_tag
def action_menu(
    content: str, label: str, icon: str = "dots", variant: str = "secondary"
) -> SafeString:
    """A menu that opens without JavaScript; the block holds links and buttons."""
    require("variant", variant, ("primary", "secondary", "quiet"))
    return render_to_string(
        "components/action_menu.html",
        {"content": content, "label": label, "icon": icon, "variant": variant},
    )


@register.inclusion_tag("components/skip_links.html")
def skip_links(menu: bool = False) -> dict[str, Any]:
    return {"menu": menu}
