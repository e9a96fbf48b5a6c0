"""Pasted lines to findings and challenges: « thème ; lecture ; texte » and « thème ; priorité ; enjeu ».

Pure reading: nothing is written here, and every unclear line is told at once, by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agreements.models import Theme
from core.formats import plain_key
from territory.models import Challenge, Finding

SEPARATOR = re.compile(r"\s*(?:;|\t)\s*")
MAX_LINES = 200


@dataclass
class Pasted:
    """What was read: rows ready for the services, and sentences about the lines that are not."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read_findings(text: str, themes: Sequence[Theme], found_on: date) -> Pasted:
    words = {plain_key(str(label)): value for value, label in Finding.Quadrant.choices}
    words |= {label[0]: value for label, value in list(words.items())}

    def build(theme: Theme, word: str, rest: str) -> dict[str, Any]:
        quadrant = _known(word, words, "une lecture (atout, faiblesse, opportunité, menace)")
        return {"theme": theme, "quadrant": quadrant, "text": rest, "found_on": found_on}

    return _read(text, themes, "constat", build)


def read_challenges(text: str, themes: Sequence[Theme], decided_on: date) -> Pasted:
    words = {plain_key(str(label)): value for value, label in Challenge.Priority.choices}
    words |= {str(value): value for value in Challenge.Priority.values}

    def build(theme: Theme, word: str, rest: str) -> dict[str, Any]:
        priority = _known(word, words, "une priorité (prioritaire, important, à suivre)")
        if len(rest) > 250:
            raise ValueError("un enjeu tient en 250 caractères")
        return {"theme": theme, "priority": priority, "title": rest, "prioritised_on": decided_on}

    return _read(text, themes, "enjeu", build)


def _read(
    text: str,
    themes: Sequence[Theme],
    noun: str,
    build: Callable[[Theme, str, str], dict[str, Any]],
) -> Pasted:
    by_name = {plain_key(theme.name): theme for theme in themes}
    found = Pasted()
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MAX_LINES:
        found.errors.append(f"{len(lines)} lignes : collez-en {MAX_LINES} au plus à la fois.")
        return found
    for number, line in lines:
        parts = SEPARATOR.split(line, maxsplit=2)
        try:
            if len(parts) < 3 or not parts[2]:
                raise ValueError("écrivez trois parties séparées par « ; »")
            theme = by_name.get(plain_key(parts[0]))
            if theme is None:
                raise ValueError(f"« {parts[0]} » n'est pas un thème de la convention")
            found.rows.append(build(theme, parts[1], parts[2]))
        except ValueError as error:
            found.errors.append(f"{noun.capitalize()}, ligne {number} : {error}.")
    return found


def _known(word: str, words: dict[str, Any], what: str) -> Any:
    try:
        return words[plain_key(word)]
    except KeyError:
        raise ValueError(f"« {word} » n'est pas {what}") from None
