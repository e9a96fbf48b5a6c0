"""One decision as its page shows it: the steps of its institutional follow-up, what was told of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Agreement, JournalEntry
from committees.effect_words import act_words
from committees.models import Decision
from core.formats import NBSP, date_long, shortened, tied

I = Decision.InstitutionalFollowUp  # noqa: E741 - the initial of « institutional »
TO_COME = "à venir"
LONGEST_CHANGE = 220


@dataclass(frozen=True)
class Stage:
    title: str
    words: str
    is_done: bool

    @property
    def icon(self) -> str:
        return "circle-check" if self.is_done else "hourglass"


def decision(agreement: Agreement) -> QuerySet[Decision]:
    """Decisions with all that their page reads."""
    return (
        Decision.objects.filter(agreement=agreement)
        .select_related(
            "meeting__committee", "meeting__record", "responsible", "agreement", "amendment",
            "chosen_option__point__action", "item",
        )
        .prefetch_related("actions", "challenges")
    )  # fmt: skip


def stages(decision: Decision) -> list[Stage]:
    """Where the decision stands before those who must still act; nothing when nobody must."""
    act, amendment = act_words(decision), decision.amendment
    if decision.institutional == I.NONE:
        return [Stage("Acte", act, True)] if act else []
    is_voted = bool(decision.institutional_reference and decision.institutional_on)
    titles = {
        I.COUNCIL: "Délibération du conseil municipal",
        I.BUDGET: "Vote du budget (BP ou DM)",
        I.CAF: "Conseil d'administration de la Caf",
    }
    found = [Stage(titles[I(decision.institutional)], act or TO_COME, is_voted)]
    if decision.institutional != I.CAF:
        received = decision.legality_on
        words = f"reçue le {date_long(received)}" if received else TO_COME
        found.append(Stage("Contrôle de légalité", words, received is not None))
    if decision.institutional == I.CAF or amendment is not None:
        signed = amendment is not None and amendment.signed_on is not None
        words = TO_COME if amendment is None else f"n°{NBSP}{amendment.number}, {amendment.subject}"
        if amendment is not None and amendment.signed_on is not None:
            words += f", signé le {date_long(amendment.signed_on)}"
        found.append(Stage("Avenant à la convention", words, signed))
    return found


def told_of(decision: Decision, *, with_names: bool) -> list[dict[str, str]]:
    """What the journal tells of the decision, the latest first; authors for those who may read it."""
    entries = JournalEntry.objects.filter(
        agreement=decision.agreement_id,
        target_type=Decision._meta.label_lower,
        target_id=decision.pk,
        is_internal=False,
    ).order_by("-at", "-pk")
    return [
        {
            "date": date_long(timezone.localdate(entry.at))
            + (f", {entry.actor_label}" if with_names else ""),
            "title": "Décision notée" if entry.verb == "create" else "Suivi",
            "text": _changes(entry),
        }
        for entry in entries
        if entry.verb == "create" or entry.changes
    ]


def _changes(entry: JournalEntry) -> str:
    """« suite : à faire → en cours ; date de l'acte : 02/07/2026 »."""
    return f"{NBSP}; ".join(
        f"{change['field']}{NBSP}: {_from_to(change['old'], change['new'])}"
        for change in entry.changes
    )


def _from_to(old: str, new: str) -> str:
    told = tied(shortened(new, LONGEST_CHANGE)) if new else "vidé"
    return f"{tied(shortened(old, LONGEST_CHANGE))} → {told}" if old else told
