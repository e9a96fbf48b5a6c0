"""What the example says of some legal items, and two acts ticked."""

from __future__ import annotations

from datetime import date

from actionplan.scheme.services import set_act, set_item
from demo.build.context import Example
from demo.content import versions as content


def build_scheme(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for code, (text, judgement, days) in content.SCHEME_TEXTS.items():
        set_item(
            agreement, actor=actor, code=code, text=text, judgement=judgement,
            checked_on=min(example.day(days), date.today()),
        )  # fmt: skip
    for act, (days_ahead, note) in content.SCHEME_ACTS.items():
        done_on = (
            agreement.deliberated_on
            if days_ahead is None
            else min(example.day(days_ahead), date.today())
        )
        set_act(agreement, actor=actor, act=act, done_on=done_on, note=note)
