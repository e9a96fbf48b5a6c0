"""Who may change what is put to a committee."""

from __future__ import annotations

from agreements.permissions import has
from agreements.roles import Capability as C

change_committees = has(C.COMMITTEES_CHANGE)
