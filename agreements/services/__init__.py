"""Writes of the room; ``record`` and the row helpers are what every other room's services call."""

from agreements.services.agreement import create_agreement, update_agreement
from agreements.services.journal import changes_between, record
from agreements.services.members import add_member, invite_member
from agreements.services.rows import check, create_row, delete_row, set_links, update_row
from agreements.services.snapshots import (
    allowed_states,
    freeze,
    note_approval,
    store_file,
    transition,
)

__all__ = [
    "add_member",
    "allowed_states",
    "changes_between",
    "check",
    "create_agreement",
    "create_row",
    "delete_row",
    "freeze",
    "invite_member",
    "note_approval",
    "record",
    "set_links",
    "store_file",
    "transition",
    "update_agreement",
    "update_row",
]
