"""Writes of the room; ``record`` and the row helpers are what every other room's services call."""

from agreements.services.journal import changes_between, record
from agreements.services.rows import check, create_row, delete_row, set_links, update_row

__all__ = [
    "changes_between",
    "check",
    "create_row",
    "delete_row",
    "record",
    "set_links",
    "update_row",
]
