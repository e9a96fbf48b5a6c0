"""Lists, tables and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from core.components.registry import register


@dataclass(frozen=True)
class Header:
    label: str
    numeric: bool = False


def _headers(headers: Iterable[str | tuple[str, str]]) -> list[Header]:
    return [
        Header(item, False) if isinstance(item, str) else Header(item[0], item[1] == "num")
        for item in headers
    ]


@register.inclusion_tag("components/data_table.html")
def data_table(
    caption: str,
    headers: Sequence[str | tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    footer: Sequence[Any] = (),
    row_headers: bool = True,
    caption_visible: bool = False,
    empty: str = "Rien à afficher.",
) -> dict[str, Any]:
    """A real table. A header is a label, or `(label, "num")` to align figures on the right."""
    heads = _headers(headers)
    return {
        "caption": caption,
        "headers": heads,
        "rows": [list(zip(heads, row, strict=False)) for row in rows],
        "footer": list(zip(heads, footer, strict=False)),
        "row_headers": row_headers,
        "caption_visible": caption_visible,
        "empty": empty,
    }


@register.simple_block_tag
def table_region(content: str, label: str) -> SafeString:
    """A frame that scrolls sideways by itself on a narrow screen, reachable by keyboard."""
    return render_to_string("components/table_region.html", {"content": content, "label": label})


@register.inclusion_tag("components/definition_list.html")
def definition_list(
    items: Iterable[Sequence[Any]], missing: str = "non renseigné"
) -> dict[str, Any]:
    """`items`: (term, value) pairs; an empty value is said to be missing."""
    return {"items": items, "missing": missing}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Any], label: str = "Chronologie") -> dict[str, Any]:
    """Each item has `date`, `title`, and perhaps `text`, `url`, `icon`: a thread linking dots."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/conflict_table.html")
def conflict_table(rows: Iterable[Any], caption: str = "Ce qui diffère") -> dict[str, Any]:
    """`rows`: `label`, `mine`, `theirs` of each field that differs (see `differences_with`)."""
    return {"rows": rows, "caption": caption}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page, label: str = "Pages", parameter: str = "page"
) -> dict[str, Any]:
    """Keeps the filters of the address; silent when there is one page."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "label": label,
        "links": [(n, address(n) if isinstance(n, int) else "") for n in numbers],
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/chart_figure.html")
def chart_figure(
    title: str,
    image_url: str,
    sentence: str,
    headers: Sequence[str | tuple[str, str]],
    rows: Sequence[Sequence[Any]],
    source: str = "",
    level: int = 3,
) -> dict[str, Any]:
    """A drawn figure, the sentence that reads it, and the same rows as a table beneath."""
    return {
        "title": title,
        "image_url": image_url,
        "sentence": sentence,
        "headers": headers,
        "rows": rows,
        "source": source,
        "level": level,
        "id": f"figure-{slugify(title)}",
    }
