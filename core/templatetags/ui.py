"""`{% load ui %}`: every component of the screens (see docs/components.md and /composants/)."""

from core.components import actions, data, figures, forms, layout, words
from core.components.registry import register

__all__ = ["actions", "data", "figures", "forms", "layout", "register", "words"]
