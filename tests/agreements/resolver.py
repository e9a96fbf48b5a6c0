"""The addresses of the project, as the URL resolver knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from agreements.roles import Capability

NOT_OURS = ("administration/", "compte/", "__debug__/", "static/", "^static/")
"""Django's and allauth's own pages have their own tests; ours only check which are open."""
OURS = "administration/donnees/"


def url_names() -> Iterator[str]:
    yield from (name for name, _ in url_patterns())


def url_patterns(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        start = str(pattern.pattern)
        if not prefix and start.startswith(NOT_OURS) and start != OURS:
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_patterns(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield (
                (f"{prefix}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"),
                pattern,
            )


def draft_row(name: str) -> str:
    """A row to paste in the matrix and to *decide*: it repeats what the view declares."""
    pattern = dict(url_patterns())[name]
    view = getattr(pattern.callback, "view_class", None)
    declared = getattr(view, "capability", "?")
    each = declared if isinstance(declared, tuple) else (declared,)
    rule = "|".join(c.value if isinstance(c, Capability) else str(c) for c in each)
    methods = getattr(view, "http_method_names", ["get", "post"])
    parts = [f'"{name}"'] + [
        f'{method}="{rule}"'
        for method in ("get", "post")
        if method in methods and hasattr(view, method)
    ]
    names = [argument for argument in pattern.pattern.converters if argument != "slug"]
    if names:
        parts.append(f'object="{guess_kind(view)}"')
    note = f"  # {', '.join(names)}" if names and names != ["pk"] else ""
    return f"    Row({', '.join(parts)}),{note}"


def guess_kind(view: Any) -> str:
    """The model of the view's form, where it has one: a good guess of what ``pk`` names."""
    form = getattr(view, "form_class", None)
    meta = getattr(form, "_meta", None)
    model = getattr(view, "model", None) or getattr(meta, "model", None)
    return model._meta.label_lower if model else "?"
