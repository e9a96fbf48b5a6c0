"""The agenda that proposes itself: what the other rooms say is waiting for a committee.

Each waiting thing has a key, that an item born of it keeps (never twice on one agenda), and a
fingerprint, that changes when the thing does (a proposal put aside comes back only then). Things of
one sort make one point: « Actions en retard » lists five of them, and takes one tick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef

from actionplan.models import Action, ActionStatus, Measure, MeasurePoint
from actionplan.queries import actions as plan_actions
from committees.models import (
    AgendaItem,
    ArbitrationPoint,
    Decision,
    DeclinedProposal,
    Meeting,
)
from committees.records import minutes_awaiting, minutes_key
from committees.services.carry import carry_fingerprint, carry_key, untreated
from core.formats import date_long, plural
from partners.models import Contract

K = AgendaItem.Kind
RENEWAL_HORIZON = timedelta(days=183)
"""A contract that ends within six months of the meeting is to be talked about."""
LISTED = 4
"""Names in a sentence; the others are counted."""


@dataclass(frozen=True)
class Thing:
    key: str
    fingerprint: str
    label: str
    action: Action | None = None


@dataclass(frozen=True)
class Proposal:
    """One point that the agenda could hold."""

    rubric: str
    title: str
    why: str
    kind: str
    minutes: int
    things: list[Thing]
    source: AgendaItem | None = None
    """The point to take again, with its question and its options."""

    @property
    def value(self) -> str:
        """What the tick sends: the rubric and what was under the reader's eyes."""
        seen = "|".join(f"{thing.key}={thing.fingerprint}" for thing in self.things)
        return f"{self.rubric}~{sha256(seen.encode()).hexdigest()[:16]}"

    @property
    def kind_words(self) -> str:
        return str(K(self.kind).label)

    @property
    def actions(self) -> list[Action]:
        return [thing.action for thing in self.things if thing.action is not None]


@dataclass(frozen=True)
class _Facts:
    """What the rubrics read; ``left`` says which things may still be proposed."""

    meeting: Meeting
    on: date
    actions: list[Action]
    taken: frozenset[str]
    declined: dict[str, str]
    themes: frozenset[int]
    discussed: frozenset[int]
    """Actions of the points of the agenda that call for more than information."""

    def left(self, things: Iterable[Thing]) -> list[Thing]:
        return [
            thing
            for thing in things
            if thing.key not in self.taken and self.declined.get(thing.key) != thing.fingerprint
        ]

    @property
    def silent_actions(self) -> list[Action]:
        """Those of which no point of the agenda is to debate or decide yet."""
        return [action for action in self.actions if action.pk not in self.discussed]

    @property
    def is_themed(self) -> bool:
        """A working group talks about its own actions; the rest is for other committees."""
        return bool(self.themes)


def proposals(meeting: Meeting, on: date) -> list[Proposal]:
    """What ``meeting`` could have on its agenda beyond what it has, in the order of a meeting.
    The same number of queries whatever they find."""
    facts = _read(meeting, on)
    return [proposal for rubric in RUBRICS for proposal in rubric(facts)]


def _read(meeting: Meeting, on: date) -> _Facts:
    themes = frozenset(meeting.committee.kind.themes.values_list("pk", flat=True))
    actions = plan_actions(meeting.agreement, on)
    if themes:
        actions = actions.filter(pk__in=Action.objects.filter(themes__in=themes).values("pk"))
    taken: set[str] = set()
    discussed: set[int] = set()
    # A row for each action of a point, or one without an action.
    for keys, is_confirmed, kind, action in meeting.agenda.values_list(
        "origin_keys", "is_confirmed", "kind", "actions"
    ):
        taken.update(keys)
        if action and is_confirmed and kind != K.INFORMATION:
            discussed.add(action)
    declined = DeclinedProposal.objects.filter(committee=meeting.committee_id)
    return _Facts(
        meeting=meeting,
        on=on,
        actions=list(actions),
        taken=frozenset(taken),
        declined=dict(declined.values_list("key", "fingerprint")),
        themes=themes,
        discussed=frozenset(discussed),
    )


def named(things: list[Thing]) -> str:
    """« 2.1.4 …, 3.1.2 … et 2 autres »."""
    words = ", ".join(thing.label for thing in things[:LISTED])
    rest = len(things) - LISTED
    return f"{words} et {plural(rest, 'autre')}" if rest > 0 else words


def grouped(
    rubric: str, title: str, kind: str, each: int, most: int, why: str, things: list[Thing]
) -> list[Proposal]:
    """One proposal for all; none when nothing is left. ``each``: minutes for one; ``most``: for all."""
    if not things:
        return []
    minutes = min(each * len(things), most)
    return [Proposal(rubric, title, f"{why} : {named(things)}.", kind, minutes, things)]


# --- The rubrics ------------------------------------------------------------------------------
def left_from_last_time(facts: _Facts) -> list[Proposal]:
    """Untreated points come back by themselves; those listed here were seen by no later meeting."""
    committee = facts.meeting.committee
    items = (
        untreated(committee)
        .filter(meeting__on__lt=facts.meeting.on)
        .exclude(carried_to__meeting__state__in=[Meeting.State.PLANNED, Meeting.State.HELD])
        .select_related("meeting")
        .order_by("meeting__on", "position")[:10]
    )
    return [
        _again(item, thing, f"Non traité à la réunion du {date_long(item.meeting.on)}.")
        for item in items
        for thing in facts.left([Thing(carry_key(item), carry_fingerprint(item), item.title)])
    ]


def open_arbitrations(facts: _Facts) -> list[Proposal]:
    """Questions put to another committee, or by a meeting that was cancelled, and not settled."""
    if facts.is_themed:
        return []
    points = (
        ArbitrationPoint.objects.filter(
            agreement=facts.meeting.agreement_id, item__is_confirmed=True
        )
        .exclude(item__meeting=facts.meeting)
        .exclude(item__meeting__state=Meeting.State.PLANNED)
        .exclude(item__outcome=AgendaItem.Outcome.INFORMATION)
        .exclude(
            item__meeting__state=Meeting.State.HELD,
            item__meeting__committee=facts.meeting.committee_id,
        )
        .filter(item__decisions__isnull=True)
        .exclude(item__carried_to__meeting__state__in=[Meeting.State.PLANNED, Meeting.State.HELD])
        .select_related("item__meeting__committee")
        .order_by("item__meeting__on", "pk")[:10]
    )
    found = []
    for point in points:
        item = point.item
        when = f"{item.meeting.committee}, {date_long(item.meeting.on)}"
        things = facts.left([Thing(f"question:{point.pk}", str(point.version), item.title)])
        found += [
            _again(item, thing, f"Question sans réponse ({when}) : {point.question}")
            for thing in things
        ]
    return found


def _again(item: AgendaItem, thing: Thing, why: str) -> Proposal:
    rubric = thing.key.replace(":", "-")
    return Proposal(rubric, item.title, why[:300], item.kind, item.minutes, [thing], source=item)


def overdue_decisions(facts: _Facts) -> list[Proposal]:
    if facts.is_themed:
        return []
    decisions = Decision.objects.filter(agreement=facts.meeting.agreement_id).overdue(facts.on)
    things = [
        Thing(f"decision:{row.pk}", str(row.version), f"n° {row.number}")
        for row in decisions.order_by("due_on", "pk")
    ]
    left = facts.left(things)
    why = f"{plural(len(left), 'décision')} dont l'échéance est passée"
    return grouped("decisions", "Suites des décisions échues", K.INFORMATION, 5, 15, why, left)


def late_actions(facts: _Facts) -> list[Proposal]:
    things = [
        _action_thing("late", action)
        for action in facts.silent_actions
        if action.is_late  # type: ignore[attr-defined]
    ]
    left = facts.left(things)
    why = f"{plural(len(left), 'action')} en retard au {date_long(facts.on)}"
    return grouped("late", "Actions en retard", K.DEBATE, 5, 20, why, left)


def blocked_actions(facts: _Facts) -> list[Proposal]:
    things = [
        _action_thing("blocked", action)
        for action in facts.silent_actions
        if action.status == ActionStatus.BLOCKED
    ]
    left = facts.left(things)
    why = plural(len(left), "action bloquée", "actions bloquées")
    return grouped("blocked", "Actions bloquées", K.DEBATE, 10, 20, why, left)


def awaited_decisions(facts: _Facts) -> list[Proposal]:
    """Whoever pilots an action wrote which decision it waits for."""
    things = [
        _action_thing("awaited", action)
        for action in facts.silent_actions
        if action.is_open and action.awaited_decision.strip()
    ]
    left = facts.left(things)
    why = f"{plural(len(left), 'fiche attend', 'fiches attendent')} une décision"
    return grouped("awaited", "Décisions attendues par les pilotes", K.DEBATE, 10, 20, why, left)


def _action_thing(sort: str, action: Action) -> Thing:
    """Its version is its state: any change of the sheet makes it worth proposing again."""
    return Thing(f"{sort}:{action.pk}", str(action.version), str(action), action)


def figures_year(meeting: Meeting) -> int | None:
    """From July on, the year itself; before, the year that has just closed. None outside the CTG."""
    year = meeting.on.year if meeting.on.month >= 7 else meeting.on.year - 1
    return year if year in meeting.agreement.years else None


def missing_figures(facts: _Facts) -> list[Proposal]:
    year = figures_year(facts.meeting)
    begun = {action.pk: action for action in facts.actions if action.has_begun}
    if year is None or not begun:
        return []
    known = MeasurePoint.objects.filter(measure=OuterRef("pk"), year=year, value__isnull=False)
    measures = (
        Measure.objects.filter(action__in=begun).exclude(Exists(known)).order_by("action", "pk")
    )
    things = [
        Thing(f"measure:{row.pk}:{year}", str(row.version), row.label, begun[row.action_id])
        for row in measures
        if row.action_id
    ]
    left = facts.left(things)
    why = f"{plural(len(left), 'mesure')} sans valeur pour {year}"
    title = f"Chiffres {year} à compléter"
    return grouped("figures", title, K.INFORMATION, 2, 10, why, left)


def contracts_to_renew(facts: _Facts) -> list[Proposal]:
    if facts.is_themed:
        return []
    ending = Contract.objects.filter(
        agreement=facts.meeting.agreement_id,
        ends_on__range=(facts.on - RENEWAL_HORIZON, facts.meeting.on + RENEWAL_HORIZON),
    ).order_by("ends_on", "pk")
    things = [
        Thing(
            f"contract:{row.pk}", row.ends_on.isoformat(), f"{row.title} ({date_long(row.ends_on)})"
        )
        for row in ending
    ]
    left = facts.left(things)
    why = f"{plural(len(left), 'convention prend', 'conventions prennent')} fin"
    return grouped("contracts", "Conventions à renouveler", K.INFORMATION, 5, 15, why, left)


def minutes_to_approve(facts: _Facts) -> list[Proposal]:
    """The minutes of the meetings before, written and not approved yet: the usual first point."""
    found = []
    for meeting in minutes_awaiting(facts.meeting)[:3]:
        title = f"Approbation du compte rendu du {date_long(meeting.on)}"
        thing = Thing(minutes_key(meeting), str(meeting.version), title)
        for left in facts.left([thing]):
            why = "Le compte rendu est écrit et attend l'approbation du comité."
            rubric = left.key.replace(":", "-")
            found.append(Proposal(rubric, title, why, K.APPROVAL, 5, [left]))
    return found


RUBRICS: list[Callable[[_Facts], list[Proposal]]] = [
    minutes_to_approve,
    left_from_last_time,
    overdue_decisions,
    late_actions,
    blocked_actions,
    open_arbitrations,
    awaited_decisions,
    missing_figures,
    contracts_to_renew,
]
