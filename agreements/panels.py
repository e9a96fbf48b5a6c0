"""What a room above adds to the page of an object below: a card, registered when the room is ready.

A page of the plan may so list the decisions taken on it, though the plan imports no committee. The
page gives the object, the access and what it already decided (who sees money); the room above reads
and names its template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from agreements.access import Access


@dataclass(frozen=True)
class Panel:
    template: str
    data: Any
    """Read by the template as ``panel``."""


Builder = Callable[..., Panel | None]
_builders: dict[str, list[Builder]] = {}
_annotations: dict[str, dict[str, Callable[[], Any]]] = {}


def add_panel(
    model: str, builder: Builder, *, annotations: dict[str, Callable[[], Any]] | None = None
) -> None:
    """``model``: « actionplan.action ». ``builder(thing, access, **facts)`` gives a panel or None.

    ``annotations``: what the page reads for the builder in the query of its own object, so that a
    page that already reads much costs no query more.
    """
    builders = _builders.setdefault(model, [])
    if builder not in builders:
        builders.append(builder)
    _annotations.setdefault(model, {}).update(annotations or {})


def panel_annotations(model: type[Model]) -> dict[str, Any]:
    """To be given to ``annotate`` by the page that calls ``panels_of``."""
    known = _annotations.get(model._meta.label_lower, {})
    return {name: expression() for name, expression in known.items()}


def panels_of(thing: Model, access: Access, **facts: Any) -> list[Panel]:
    """The cards that other rooms add to the page of ``thing``."""
    found = (build(thing, access, **facts) for build in _builders.get(thing._meta.label_lower, []))
    return [panel for panel in found if panel is not None]
