"""French sentences as they are written on a page."""

from __future__ import annotations

import pytest

from core.formats import NBSP, file_size, plain_key, shortened, tied


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sur la carte ; 1 sans", f"sur la carte{NBSP}; 1 sans"),
        ("En tête : « Loisirs »", f"En tête{NBSP}: «{NBSP}Loisirs{NBSP}»"),
        ("Et demain ?", f"Et demain{NBSP}?"),
        ("les 38 000 € de surcoût, à 12 %", f"les 38{NBSP}000{NBSP}€ de surcoût, à 12{NBSP}%"),
        ("en 2026, 28 actions", "en 2026, 28 actions"),
        ("à 8:30, sans espace", "à 8:30, sans espace"),
    ],
)
def test_double_punctuation_never_begins_a_line_and_numbers_hold_together(
    text: str, told: str
) -> None:
    assert tied(text) == told
    assert tied(told) == told


def test_shortened_text_ends_at_a_word_and_never_exceeds_its_length() -> None:
    assert shortened("Deux mots", 20) == "Deux mots"
    assert shortened("Une phrase\nassez longue", 16) == "Une phrase\u00a0…"
    assert len(shortened("x" * 300, 40)) == 40


@pytest.mark.parametrize("often", [1, 30], ids=["a name", "a text longer than those kept"])
def test_words_are_recognised_however_they_are_typed(often: int) -> None:
    assert plain_key("  École\u00a0 d'Été " * often) == " ".join(["ecole d'ete"] * often)


@pytest.mark.parametrize(
    ("count", "told"),
    [(512, "512 octets"), (13_926, "13,6 ko"), (2_516_582, "2,4 Mo"), (1_048_575, "1,0 Mo")],
)
def test_file_size_is_written_in_french(count: int, told: str) -> None:
    assert file_size(count) == told.replace(" ", NBSP)
