"""The page of an action lead: their actions, prefilled. The same form serves behind the link, when
the coordinator types what was told, and when an answer is corrected before it is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from actionplan.models import Action, ActionStatus, Measure, NewsAnswer
from actionplan.news_fields import (
    FIELDS,
    IF_BLOCKED,
    IF_DROPPED,
    LABELS,
    PLAIN_STATUS,
    asked_measures,
    decimals_of,
    differences,
    last_known,
    missing_words,
    normal,
    readable,
    value_of,
    when_asked,
)
from actionplan.services import TRANSITIONS
from actionplan.services.news import Entry
from core.formats import NBSP, number, tied
from core.forms import DateField, NumberField

S = ActionStatus
MAX_NOTE = 2000
NAMED = re.compile(r"a(\d+)-(\w+)")


@dataclass
class Block:
    """One action of the page: its fields, by when they matter."""

    answer: NewsAnswer
    action: Action
    main: list[Any]
    figures: list[Any]
    if_blocked: list[Any]
    if_dropped: list[Any]
    hidden: list[Any]
    stale: list[dict[str, str]]

    @property
    def is_open(self) -> bool:
        return not self.action.is_archived

    @property
    def shows_blocked(self) -> bool:
        """Where the style sheet cannot follow the status: what holds words or an error stays."""
        return any(bound.errors or bound.value() for bound in self.if_blocked)

    @property
    def shows_dropped(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.if_dropped)


class NewsForm(forms.Form):
    """``prefilled`` replaces what is kept by other values: those of a workbook that came in."""

    def __init__(
        self,
        *args: Any,
        answers: Sequence[NewsAnswer],
        year: int,
        is_sending: bool = False,
        beside_plan: bool = False,
        prefilled: Mapping[int, Entry] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.answers, self.year = list(answers), year
        self.is_sending = is_sending
        self.stale: dict[int, list[dict[str, str]]] = {}
        self.single = len(self.answers) == 1
        for answer in self.answers:
            if not answer.action.is_archived:
                initial = _initial(answer, year, beside_plan=beside_plan)
                came_in = (prefilled or {}).get(answer.pk)
                if came_in is not None:
                    initial |= came_in.values
                    initial |= {f"m{pk}": value for pk, value in came_in.figures.items()}
                self._add(answer, initial)

    def _add(self, answer: NewsAnswer, initial: Mapping[str, Any]) -> None:
        start, action = f"a{answer.pk}-", answer.action
        given: dict[str, forms.Field] = {
            "status": forms.ChoiceField(
                label=LABELS["status"],
                required=False,
                choices=_statuses(answer, str(initial["status"])),
            ),
            "progress": forms.IntegerField(
                label="Avancement, de 0 à 100", required=False, min_value=0, max_value=100,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            ),
            "progress_note": forms.CharField(
                label="Où en est-on, en une phrase", required=False, max_length=MAX_NOTE,
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
            "blocked_cause": forms.CharField(label="Bloquée par", required=False, max_length=300),
            "unblock_condition": forms.CharField(label="Pour débloquer", required=False, max_length=300),
            "blocked_review_on": DateField(label="À revoir le", required=False),
            "dropped_reason": forms.CharField(label="Pourquoi l'abandonner", required=False, max_length=300),
        }  # fmt: skip
        for measure in asked_measures(action):
            given[f"m{measure.pk}"] = self._figure(measure)
        for name, item in given.items():
            item.initial = initial.get(name)
            self.fields[start + name] = item
        for name, value in (("version", answer.version), ("action_version", action.version)):
            self.fields[start + name] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=value
            )

    def _figure(self, measure: Measure) -> forms.Field:
        unit = f" ({measure.unit})" if measure.unit else ""
        known = last_known(measure, self.year)
        told = f"Dernière valeur connue : {known}. " if known else ""
        return NumberField(
            label=f"{measure.label}{unit}, en{NBSP}{self.year}",
            required=False, max_digits=14, decimal_places=4,
            help_text=tied(f"{told}Laissez vide si vous ne savez pas."),
        )  # fmt: skip

    # --- What the page draws
    @property
    def blocks(self) -> list[Block]:
        return [self._block(answer) for answer in self.answers]

    def _block(self, answer: NewsAnswer) -> Block:
        start = f"a{answer.pk}-"
        bound = {
            name.removeprefix(start): self[name] for name in self.fields if name.startswith(start)
        }

        def pick(names: Iterable[str]) -> list[Any]:
            return [bound[name] for name in names if name in bound]

        return Block(
            answer=answer,
            action=answer.action,
            main=pick(("status", "progress", "progress_note")),
            figures=[field for name, field in bound.items() if name[:1] == "m"],
            if_blocked=pick(IF_BLOCKED),
            if_dropped=pick(IF_DROPPED),
            hidden=pick(("version", "action_version")),
            stale=self.stale.get(answer.pk, []),
        )

    # --- What was typed
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for answer in self.answers:
            if answer.action.is_archived or f"a{answer.pk}-status" not in data:
                continue
            if not data[f"a{answer.pk}-status"]:
                data[f"a{answer.pk}-status"] = answer.status or answer.action.status
            values = self._values(answer.pk, data)
            if values["progress"] is None:
                data[f"a{answer.pk}-progress"] = answer.action.progress
            if values["status"] == S.DONE:
                data[f"a{answer.pk}-progress"] = 100
            if self.is_sending:
                self.refuse(answer, missing_words(values))
                self.refuse(answer, _words_out_of_place(answer, values))
        return data

    def refuse(self, answer: NewsAnswer, sentences: Mapping[str, str]) -> None:
        for name, sentence in sentences.items():
            field_name = f"a{answer.pk}-{name}"
            if field_name in self.fields and field_name not in self.errors:
                where = "" if self.single else f"Action {answer.action.code} : "
                self.add_error(field_name, tied(where + sentence))

    def _values(self, pk: int, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: data.get(f"a{pk}-{name}") for name in FIELDS}

    def entries(self) -> list[Entry]:
        """What the services keep. ``is_valid`` first."""
        data, found = self.cleaned_data, []
        for answer in self.answers:
            start = f"a{answer.pk}-"
            if f"{start}status" not in data:
                continue
            figures = {
                int(name.removeprefix(f"{start}m")): data[name]
                for name in self.fields
                if re.fullmatch(rf"{start}m\d+", name)
            }
            found.append(
                Entry(
                    answer_pk=answer.pk,
                    values=self._values(answer.pk, data),
                    figures=figures,
                    version=data.get(f"{start}version"),
                    action_version=data.get(f"{start}action_version"),
                )
            )
        return found

    def show_stale(self, current: Iterable[NewsAnswer], sentence: str) -> None:
        """What was kept elsewhere beside what is typed here; the next save is a choice."""
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        for answer in current:
            typed = self._values(answer.pk, self.cleaned_data)
            self.stale[answer.pk] = [
                {
                    "label": LABELS[name],
                    "mine": readable(name, normal(typed[name])),
                    "theirs": readable(name, normal(getattr(answer, name))),
                }
                for name in FIELDS
                if normal(typed[name]) != normal(getattr(answer, name))
            ] + self._stale_figures(answer)
            data[f"a{answer.pk}-version"] = str(answer.version)
        self.add_error(None, sentence)

    def _stale_figures(self, answer: NewsAnswer) -> list[dict[str, str]]:
        kept = {figure.measure_id: figure.value for figure in answer.figures.all()}
        rows = []
        for measure in asked_measures(answer.action):
            mine = self.cleaned_data.get(f"a{answer.pk}-m{measure.pk}")
            theirs = kept.get(measure.pk)
            if mine != theirs:
                shown = [number(value, decimals_of(measure, value)) for value in (mine, theirs)]
                rows.append({"label": measure.label, "mine": shown[0], "theirs": shown[1]})
        return rows


def _initial(answer: NewsAnswer, year: int, *, beside_plan: bool) -> dict[str, Any]:
    """What is kept of this answer; at the first visit, the action as it stands. ``beside_plan``:
    what the lead did not touch follows the plan."""
    action = answer.action
    source = answer if answer.status else action
    initial = {name: getattr(source, name) for name in FIELDS}
    given = {figure.measure_id: figure.value for figure in answer.figures.all()}
    for measure in asked_measures(action):
        known = value_of(measure, year)
        initial[f"m{measure.pk}"] = given.get(measure.pk) if answer.status else known
    if beside_plan:
        for line in differences(answer, action, year):
            if not line.is_proposed:
                initial[line.key] = (
                    value_of(line.measure, year) if line.measure else getattr(action, line.key)
                )
    if initial["status"] != S.BLOCKED and not answer.status:
        initial |= {"blocked_cause": "", "unblock_condition": "", "blocked_review_on": None}
    if initial["status"] != S.DROPPED and not answer.status:
        initial["dropped_reason"] = ""
    return initial


def _statuses(answer: NewsAnswer, kept: str) -> list[tuple[str, str]]:
    """Where the action may go from where it stands; what was already chosen stays choosable, so
    that no typed page is refused because the plan has moved (its review will say it)."""
    current = answer.action.status
    possible = {current, kept, *TRANSITIONS[current]}
    asked = when_asked(answer, "status")
    possible |= TRANSITIONS.get(asked, set()) if asked else set()
    return [
        (status.value, f"{PLAIN_STATUS[status]}{' (inchangé)' if status == current else ''}")
        for status in S
        if status in possible
    ]


def _words_out_of_place(answer: NewsAnswer, values: Mapping[str, Any]) -> dict[str, str]:
    """A cause typed under another status would be lost: say it rather than drop it."""
    asked = {name: normal(when_asked(answer, name)) for name in (*IF_BLOCKED, *IF_DROPPED)}
    wrong = {}
    if values["status"] != S.BLOCKED:
        typed = [n for n in IF_BLOCKED if values[n] and normal(values[n]) != asked[n]]
        if typed:
            wrong[typed[0]] = "Choisissez le statut « Bloquée », ou videz cette case."
    reason = values["dropped_reason"]
    if values["status"] != S.DROPPED and reason and normal(reason) != asked["dropped_reason"]:
        wrong["dropped_reason"] = "Choisissez le statut « Abandonnée », ou videz cette case."
    return wrong


def orphan_words(data: Mapping[str, str], answers: Iterable[NewsAnswer]) -> list[tuple[str, str]]:
    """What was typed of an action that is asked no more (removed from the plan meanwhile, or the
    page closed): shown, so that it can be copied elsewhere. (label, text)"""
    open_keys = {str(answer.pk) for answer in answers if not answer.action.is_archived}
    found = []
    for key, text in data.items():
        match = NAMED.fullmatch(key)
        if match and match[1] not in open_keys and match[2] in LABELS and str(text).strip():
            told = readable("status", text) if match[2] == "status" and text in S else str(text)
            found.append((LABELS[match[2]], told))
    return found
