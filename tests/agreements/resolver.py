"""The addresses of the project, as the URL resolver knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

NOT_OURS = ("administration/", "compte/", "__debug__/", "static/", "^static/")
"""Django's and allauth's own pages have their own tests; ours only check which are open."""


def url_names(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not prefix and str(pattern.pattern).startswith(NOT_OURS):
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"
