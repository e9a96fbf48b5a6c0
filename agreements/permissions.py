"""Bricks of the rooms' predicates: ``has("plan.change") | (has("plan.change_own") & leads)``."""

from __future__ import annotations

from typing import Any

import rules

from agreements.access import Access
from agreements.roles import Capability


def has(capability: Capability | str) -> rules.Predicate:
    """The role of the access has this capability."""
    wanted = Capability(capability)

    def check(access: Access, obj: Any = None) -> bool:
        return access.can(wanted)

    return rules.predicate(check, name=f"has:{wanted.value}")
