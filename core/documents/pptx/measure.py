"""How much room a text takes on a slide, in points, before anything is drawn.

Measured with our letters and widened: on a computer that lacks them, PowerPoint takes Arial,
which is 8 % wider, and the text must still hold.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from core.formats import NBSP

WIDENED = 1.1
"""Arial takes 1.08 times the room of Source Sans 3 on French text (measured)."""

LINE = 1.326 * 0.9
"""Height of a line for one point of size: the font's own, at the 90 % that the slides ask for."""

BOLD = re.compile(r"(\*\*.+?\*\*)")
FACES = {False: "Regular", True: "Bold"}

Word = tuple[str, float]
"""The word as typed (with its marks of bold), and its width for one point of size."""


@cache
def _advances(bold: bool) -> dict[int, float]:
    path = Path(settings.NODE_MODULES) / "source-sans" / "TTF" / f"SourceSans3-{FACES[bold]}.ttf"
    font = TTFont(path, lazy=True)
    widths = font["hmtx"].metrics
    em = font["head"].unitsPerEm
    return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def single_spaced(text: str) -> str:
    """As the words are measured: one space between two, none around a typed line."""
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip(" ") for line in text.split("\n"))


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text cut where ``**gras**`` begins and ends: (letters, bold)."""
    found = []
    for piece in BOLD.split(text):
        bold = piece.startswith("**") and piece.endswith("**") and len(piece) > 4
        if piece:
            found.append((piece[2:-2] if bold else piece, bold))
    return found


@lru_cache(maxsize=8192)
def words(text: str, bold: bool = False) -> tuple[tuple[Word, ...], ...]:
    """The words of each typed line. A no-break space does not part words, here as on the slide."""
    lines: list[list[Word]] = [[]]
    word: list[tuple[str, bool]] = []

    def end() -> None:
        if word:
            wide = WIDENED * sum(_width(letter, bold or marked) for letter, marked in word)
            lines[-1].append((_as_typed(word), wide))
            word.clear()

    for letters, marked in pieces(text):
        for letter in letters:
            if letter not in " \t\n":
                word.append((letter, marked))
                continue
            end()
            if letter == "\n":
                lines.append([])
    end()
    return tuple(tuple(line) for line in lines)


def _width(letter: str, bold: bool) -> float:
    advances = _advances(bold)
    return advances.get(ord(letter), advances[ord("M")])


def _as_typed(word: list[tuple[str, bool]]) -> str:
    runs = groupby(word, key=lambda item: item[1])
    texts = (("".join(letter for letter, _ in run), bold) for bold, run in runs)
    return "".join(f"**{text}**" if bold else text for text, bold in texts)


@lru_cache(maxsize=16384)
def wrapped(text: str, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """The lines that the text makes in ``width`` points. A word wider than that is cut."""
    space = WIDENED * _width(" ", bold) * size
    lines: list[str] = []
    for typed in words(text, bold):
        line: list[str] = []
        used = 0.0
        for word, em in typed:
            parts = _parts(word, em * size, size, width, bold)
            for part, needed in parts:
                # A word that must be cut begins on a line of its own.
                if line and (len(parts) > 1 or used + space + needed > width):
                    lines.append(" ".join(line))
                    line, used = [], 0.0
                used += needed + (space if line else 0.0)
                line.append(part)
        lines.append(" ".join(line))
    return tuple(lines)


def _parts(
    word: str, needed: float, size: float, width: float, bold: bool
) -> list[tuple[str, float]]:
    """The word itself, or its pieces when it is wider than a line (an address, a code)."""
    if needed <= width:
        return [(word, needed)]
    parts, part, used = [], "", 0.0
    for letter in word.replace("**", ""):
        wide = WIDENED * _width(letter, True) * size
        if part and used + wide > width:
            parts.append((part, used))
            part, used = "", 0.0
        part, used = part + letter, used + wide
    return [*parts, (part, used)]


def height(text: str, size: float, width: float, bold: bool = False) -> float:
    return len(wrapped(text, size, width, bold)) * size * LINE


def longest_word(text: str, size: float, bold: bool = False) -> float:
    widths = (em for line in words(text, bold) for _, em in line)
    return size * max(widths, default=0.0)


def cut(text: str, lines: int, size: float, width: float, bold: bool = False) -> tuple[str, str]:
    """What stands in the first ``lines`` lines, and the rest. Typed line breaks become spaces."""
    found = wrapped(text, size, width, bold)
    head, tail = found[:lines], found[lines:]
    return " ".join(filter(None, head)), " ".join(filter(None, tail))


def begun(text: str, lines: int, size: float, width: float, bold: bool = False) -> str:
    """The text, or its beginning and « … » where it takes more lines."""
    if len(wrapped(text, size, width, bold)) <= lines:
        return text
    kept = cut(text, lines, size, width, bold)[0]
    while len(wrapped(f"{kept}{NBSP}…", size, width, bold)) > lines:
        head, _, _ = kept.rpartition(" ")
        kept = head or kept[:-1]
    return f"{kept.rstrip(' ,;:.(')}{NBSP}…"
