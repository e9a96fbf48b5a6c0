"""The sentences that are proposed from the facts of the plan, of the meeting and of the decisions.

Plain words, no amount, no name of a person; « proposé, à relire » until the author keeps them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef

from actionplan.models import Action, ActionStatus, FollowUpNote
from agreements.models import Agreement
from committees.brief_words import LONGEST, MOST
from committees.models import Decision, Meeting
from core import formats as fr
from core.amounts import names_money
from reports.brief.asked import Asked
from reports.queries import previous_decisions

QUOTED = 90
"""Characters of a title inside a sentence."""


def proposed_sentences(meeting: Meeting, asked: Sequence[Asked], on: date) -> list[str]:
    """Five at most; what there is nothing to say of is not said."""
    agreement = meeting.agreement
    told = [
        *plan_sentences(agreement, on),
        success_sentence(agreement, on.year),
        decisions_sentence(previous_decisions(meeting), on),
        asked_sentence(asked),
        next_sentence(meeting),
    ]
    return [fr.fitted(fr.tied(text), LONGEST) for text in told if text][:MOST]


def quoted(title: str) -> str:
    return f"«{fr.NBSP}{fr.fitted(title, QUOTED)}{fr.NBSP}»"


def plan_sentences(agreement: Agreement, on: date) -> list[str]:
    """How far the plan is, then what is in the way."""
    late = Action.objects.late(on).filter(pk=OuterRef("pk"))
    rows = list(
        Action.objects.filter(agreement=agreement)
        .active()
        .in_plan_order()
        .annotate(is_behind=Exists(late))
        .values_list("status", "title", "is_behind")
    )
    if not rows:
        return ["Le plan d'actions reste à écrire : aucune action n'y figure encore."]
    counts = Counter(status for status, _, _ in rows)
    done, running = counts[ActionStatus.DONE], counts[ActionStatus.IN_PROGRESS]
    parts = [
        f"{done} {'est réalisée' if done == 1 else 'sont réalisées'}" if done else "",
        f"{running} {'est en cours' if running == 1 else 'sont en cours'}" if running else "",
    ]
    known = " et ".join(part for part in parts if part) or "aucune n'a encore commencé"
    progress = f"Sur {fr.plural(len(rows), 'action')} du plan, {known}."
    blocked = [title for status, title, _ in rows if status == ActionStatus.BLOCKED]
    behind = [title for _, title, is_behind in rows if is_behind]
    return [progress, trouble_sentence(blocked, behind)]


def trouble_sentence(blocked: Sequence[str], behind: Sequence[str]) -> str:
    """Blocked first: it is what a committee can undo. One title, no list."""
    told = []
    if blocked:
        words = "est bloquée" if len(blocked) == 1 else "sont bloquées"
        told.append(f"{fr.plural(len(blocked), 'action')} {words}{example(blocked)}")
    if behind:
        words = "a pris du retard" if len(behind) == 1 else "ont pris du retard"
        told.append(
            f"{fr.plural(len(behind), 'action')} {words}{'' if blocked else example(behind)}"
        )
    return f"{' ; '.join(told)}." if told else ""


def example(titles: Sequence[str]) -> str:
    shown = next((title for title in titles if not names_money(title)), "")
    if not shown:
        return ""
    return f" : {quoted(shown)}" if len(titles) == 1 else f", dont {quoted(shown)}"


def success_sentence(agreement: Agreement, year: int) -> str:
    """The success that the follow-up asked to retain; internal notes are never successes."""
    notes = FollowUpNote.objects.filter(
        agreement=agreement, on__year=year, kind=FollowUpNote.Kind.SUCCESS,
        action__is_archived=False,
    ).select_related("action").order_by("-is_highlight", "-on", "pk")[:5]  # fmt: skip
    for note in notes:
        text = note.text.strip().rstrip(".")
        if text and not names_money(text) and len(text) < LONGEST - 40:
            return f"À retenir : {text[0].lower()}{text[1:]}."
    return ""


def decisions_sentence(decisions: Sequence[Decision], on: date) -> str:
    """What became of the last decisions: counted, never quoted."""
    if not decisions:
        return ""
    states = Decision.State
    open_states = (states.TO_DO, states.IN_PROGRESS)
    done = sum(row.state == states.DONE for row in decisions)
    past = sum(
        row.state in open_states and row.due_on is not None and row.due_on < on for row in decisions
    )
    total = len(decisions)
    done_words = {0: "aucune n'est encore faite", 1: "une est faite"}.get(
        done, f"{done} sont faites"
    )
    told = f"Sur {fr.plural(total, 'décision suivie', 'décisions suivies')} par le comité, {done_words}"
    if past:
        told += f" et {past} {'a dépassé sa date' if past == 1 else 'ont dépassé leur date'}"
    return f"{told}."


def asked_sentence(asked: Sequence[Asked]) -> str:
    if not asked:
        return "Aucune décision ne vous est demandée : la réunion informe et échange."
    if len(asked) == 1:
        return "Une décision vous est demandée : elle est écrite plus bas."
    return f"{len(asked)} décisions vous sont demandées : elles sont écrites plus bas."


def next_sentence(meeting: Meeting) -> str:
    coming = meeting.committee.meetings.after(meeting).first()
    if coming is None:
        return ""
    return f"La réunion suivante du comité est fixée au {fr.date_long(coming.on)}."
