"""What the meeting is asked to decide: questions, and the titles of the options. No amount.

A question or an option whose words hold an amount gives way to the title of the point, or to its
rank: the amounts are in the pack (docs/decisions/three-minutes.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from committees.arbitration import without_money
from committees.models import AgendaItem, Meeting
from core.amounts import names_money

Kind = AgendaItem.Kind


@dataclass(frozen=True)
class Asked:
    question: str
    options: tuple[str, ...] = ()
    is_reworded: bool = False
    """Some of its words held an amount, and were not kept."""


def asked_of(meeting: Meeting) -> list[Asked]:
    """Points of arbitration and of validation, in the order of the agenda."""
    items = (
        meeting.agenda.filter(is_confirmed=True, kind__in=AgendaItem.ASKED)
        .select_related("arbitration")
        .prefetch_related("arbitration__options")
    )
    return [asked(item) for item in items]


def asked(item: AgendaItem) -> Asked:
    has_question = hasattr(item, "arbitration")
    wanted = [item.arbitration.question] if has_question else []
    if item.kind == Kind.APPROVAL and not has_question:
        wanted.append(f"Valider : {item.title}")
    wanted.append(item.title)
    question = without_money(*wanted)
    titles = [option.title for option in item.arbitration.options.all()] if has_question else []
    options = tuple(
        f"Option {rank}, détaillée dans le dossier de séance" if names_money(title) else title
        for rank, title in enumerate(titles, start=1)
    )
    return Asked(question, options, question != wanted[0] or options != tuple(titles))
