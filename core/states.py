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
    ("missing", "non disponible", "circle-dashed", "neutral"),
    ("not_applicable", "non concerné", "minus", "neutral"),
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
WEATHER_STATES = _table(
    ("sun", "grand soleil", "sun", "success"),
    ("clouds", "quelques nuages", "cloud", "info"),
    ("rain", "pluie", "cloud-rain", "warning"),
    ("storm", "orage", "cloud-storm", "danger"),
)
NOTE_STATES = _table(
    ("success", "réussite", "thumb-up", "success"),
    ("obstacle", "frein", "alert-triangle", "warning"),
    ("lever", "levier", "bulb", "info"),
    ("arbitration", "besoin d'arbitrage", "scale", "primary"),
    ("internal", "information interne", "lock", "neutral"),
)
MEETING_STATES = _table(
    ("planned", "prévue", "calendar-event", "info"),
    ("held", "tenue", "circle-check", "success"),
    ("cancelled", "annulée", "circle-x", "neutral"),
)
DECISION_STATES = _table(
    ("to_do", "à faire", "circle", "info"),
    ("in_progress", "en cours", "player-play", "primary"),
    ("done", "faite", "circle-check", "success"),
    ("dropped", "abandonnée", "circle-x", "neutral"),
    ("late", "échue", "clock-exclamation", "danger"),
)
EFFECT_STATES = _table(
    ("prepared", "préparé", "pencil", "info"),
    ("pending_vote", "sous réserve du vote", "hourglass", "warning"),
    ("applied", "appliqué au plan", "circle-check", "success"),
    ("conflict", "à confirmer", "alert-triangle", "danger"),
    ("set_aside", "écarté", "circle-x", "neutral"),
)
OUTCOME_STATES = _table(
    ("information", "information donnée", "info-circle", "info"),
    ("decision", "décision", "gavel", "success"),
    ("to_review", "à revoir", "refresh", "warning"),
)
ATTENDANCE_STATES = _table(
    ("invited", "invité", "mail", "neutral"),
    ("present", "présent", "user-check", "success"),
    ("excused", "excusé", "user-question", "info"),
    ("absent", "absent", "user-x", "warning"),
    ("represented", "représenté", "users", "success"),
)
MAIL_STATES = _table(
    ("draft", "à envoyer soi-même", "pencil", "warning"),
    ("queued", "en file d'attente", "hourglass", "info"),
    ("sending", "envoi en cours", "send", "primary"),
    ("sent", "envoyé", "circle-check", "success"),
    ("failed", "refusé par le serveur", "circle-x", "danger"),
    ("unknown", "sort inconnu", "help-circle", "warning"),
)
JOB_STATES = _table(
    ("waiting", "en attente", "hourglass", "info"),
    ("running", "en cours", "player-play", "primary"),
    ("done", "terminé", "circle-check", "success"),
    ("failed", "échoué", "circle-x", "danger"),
)
ANSWER_STATES = _table(
    ("yes", "oui", "circle-check", "success"),
    ("partly", "en partie", "circle-half-2", "warning"),
    ("no", "non", "circle-x", "danger"),
    ("too_early", "trop tôt pour le dire", "hourglass", "neutral"),
)
CAMPAIGN_STATES = _table(
    ("open", "ouvert", "lock-open", "primary"),
    ("closed", "clos", "lock", "neutral"),
)
NEWS_STATES = _table(
    ("draft", "en préparation", "pencil", "warning"),
    ("open", "en cours", "send", "primary"),
    ("closed", "terminée", "lock", "neutral"),
    ("waiting", "attendue", "hourglass", "info"),
    ("started", "commencée", "eye-check", "info"),
    ("answered", "reçue", "mail", "success"),
    ("to_review", "à valider", "message-circle", "warning"),
    ("accepted", "acceptée", "circle-check", "success"),
    ("returned", "renvoyée", "refresh", "warning"),
    ("muted", "sans relance", "minus", "neutral"),
)
QUADRANT_STATES = _table(
    ("strength", "atout", "circle-plus", "success"),
    ("weakness", "faiblesse", "circle-minus", "warning"),
    ("opportunity", "opportunité", "bulb", "info"),
    ("threat", "menace", "alert-triangle", "danger"),
)
STAGE_STATES = _table(
    ("planned", "prévisionnel", "pencil", "neutral"),
    ("updated", "actualisé", "refresh", "info"),
    ("actual", "réel", "circle-check", "success"),
    ("notified", "notifié", "mail", "info"),
    ("paid", "versé", "cash", "success"),
)
IMPORT_STATES = _table(
    ("waiting", "à confirmer", "hourglass", "warning"),
    ("applied", "importé", "circle-check", "success"),
    ("undone", "annulé", "arrow-back-up", "neutral"),
    ("set_aside", "abandonné", "circle-x", "neutral"),
)
STATE_KINDS: dict[str, dict[str, State]] = {
    "action": ACTION_STATES,
    "document": DOCUMENT_STATES,
    "value": VALUE_REASONS,
    "agreement": AGREEMENT_STATES,
    "meeting": MEETING_STATES,
    "decision": DECISION_STATES,
    "effect": EFFECT_STATES,
    "outcome": OUTCOME_STATES,
    "attendance": ATTENDANCE_STATES,
    "mail": MAIL_STATES,
    "job": JOB_STATES,
    "import": IMPORT_STATES,
    "answer": ANSWER_STATES,
    "campaign": CAMPAIGN_STATES,
    "news": NEWS_STATES,
    "quadrant": QUADRANT_STATES,
    "weather": WEATHER_STATES,
    "note": NOTE_STATES,
    "stage": STAGE_STATES,
}
# Without a kind, a key is looked for among these, whose keys are all different.
STATES: dict[str, State] = {
    **ACTION_STATES,
    **DOCUMENT_STATES,
    **VALUE_REASONS,
    **AGREEMENT_STATES,
}
