"""« Relier à… »: one object of the step that is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms import AgreementForm
from core.formats import shortened
from reports.thread import Node, Thread
from reports.thread.lacks import Lack
from reports.thread.mend import join
from reports.thread.spine import DROPPED

LABEL_LENGTH = 90


class JoinForm(AgreementForm):
    def __init__(
        self, *args: Any, thread: Thread, lack: Lack, node: Node, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lack, self.node, self.on = lack, node, on
        self.fields["target"] = forms.TypedChoiceField(
            label=lack.join_words,
            coerce=int,
            choices=[("", "Choisir…"), *targets(thread, lack)],
        )

    def perform(self) -> None:
        join(
            self.access.agreement, self.lack, self.node.pk, self.cleaned_data["target"],
            actor=self.access.user, on=self.on,
        )  # fmt: skip


def targets(thread: Thread, lack: Lack) -> list[tuple[int, str]]:
    """What may be joined, in the order of the plan or of the diagnosis."""
    return [
        (node.pk, shortened(node.label, LABEL_LENGTH))
        for node in thread.of(lack.target)
        if DROPPED not in node.marks
    ]
