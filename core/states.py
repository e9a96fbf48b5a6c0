"""Every state that a badge shows: a key, a French word, a drawn icon, a tone.

The icon differs from one state to the next, so that nothing rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

TONES = ("neutral", "info", "primary", "success", "warning", "danger")


@dataclass(frozen=True)
class State:
    key: str
    word: str
    icon: str
    tone: str = "neutral"


def _table(*rows: tuple[str, str, str, str]) -> dict[str, State]:
    return {key: State(key, word, icon, tone) for key, word, icon, tone in rows}


ACTION_STATES = _table(
    ("to_discuss", "à discuter", "message-circle", "neutral"),
    ("planned", "à venir", "calendar-event", "info"),
    ("in_progress", "en cours", "player-play", "primary"),
    ("paused", "en pause", "player-pause", "warning"),
    ("blocked", "bloquée", "barrier-block", "danger"),
    ("done", "réalisée", "circle-check", "success"),
    ("dropped", "abandonnée", "circle-x", "neutral"),
    ("late", "en retard", "clock-exclamation", "danger"),
)
DOCUMENT_STATES = _table(
    ("draft", "projet", "pencil", "warning"),
    ("read_by_caf", "relu par la Caf", "eye-check", "info"),
    ("presented", "présenté au COPIL", "presentation", "info"),
    ("approved", "validé", "rosette-discount-check", "success"),
    ("sent", "transmis", "send", "primary"),
)
VALUE_REASONS = _table(
    ("secret", "secret statistique", "lock", "neutral"),
    ("missing", "non renseigné", "circle-dashed", "neutral"),
    ("not_applicable", "sans objet", "minus", "neutral"),
    ("estimated", "estimé", "tilde", "info"),
    ("lower_bound", "au moins", "math-equal-greater", "info"),
)
AGREEMENT_STATES = _table(
    ("preparation", "en préparation", "pencil", "neutral"),
    ("signed", "signée", "signature", "info"),
    ("running", "en cours", "player-play", "primary"),
    ("renewal", "en renouvellement", "refresh", "warning"),
    ("closed", "close", "archive", "neutral"),
)
STATES: dict[str, State] = {
    **ACTION_STATES,
    **DOCUMENT_STATES,
    **VALUE_REASONS,
    **AGREEMENT_STATES,
}
