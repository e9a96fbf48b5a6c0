"""Writes of the room; ``record`` is what every other room's services call."""

from agreements.services.journal import changes_between, record

__all__ = ["changes_between", "record"]
