"""What is typed and pasted: read, or refused with where and why; never lost, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.models import Indicator
from territory.models import LocalObservation
from territory.pasting import read_cell, read_table, write_cell
from territory.services.figures import Typed

INDICATORS = [
    Indicator(pk=1, key="demandes_admission", label="Demandes d'admission"),
    Indicator(pk=2, key="heures_alsh", label="Heures d'accueil de loisirs"),
]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("1 234,5", Typed(Decimal("1234.5"))), ("12\u202f806", Typed(Decimal(12806))),
        ("17 %", Typed(Decimal(17))), ("0", Typed(Decimal(0))), ("s", Typed(reason="secret")),
        ("ND", Typed(reason="missing")), ("n.d.", Typed(reason="missing")),
        ("s.o.", Typed(reason="not_applicable")), ("", None), ("   ", None),
    ],
)  # fmt: skip
def test_cell_is_a_number_a_reason_or_nothing(text: str, typed: Typed | None) -> None:
    assert read_cell(text) == typed


@pytest.mark.parametrize("text", ["beaucoup", "1.250", "12-14", "1e9", "9" * 20, "=A1"])
def test_unreadable_cell_is_refused_in_french(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        read_cell(text)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=4)
    | st.sampled_from(["secret", "missing", "not_applicable"])
)
def test_what_is_written_is_read_back(value: Decimal | str) -> None:
    is_value = isinstance(value, Decimal)
    typed = Typed(value) if isinstance(value, Decimal) else Typed(reason=value)
    row = LocalObservation(value=value if is_value else None, reason="" if is_value else value)
    assert read_cell(write_cell(row)) == typed


def test_table_is_read_with_years_in_head_or_in_the_first_column() -> None:
    upright = "Indicateur\t2024\t2025\nDemandes d'admission\t131\ts\nheures_alsh\t\t121 950"
    turned = "Année\tDemandes d'admission\theures_alsh\n2024\t131\t\n2025\ts\t121 950"
    for text in (upright, turned):
        read = read_table(text, INDICATORS)
        assert read.errors == []
        assert {(c.indicator.pk, c.period, c.typed) for c in read.cells} == {
            (1, 2024, Typed(Decimal(131))), (1, 2025, Typed(reason="secret")),
            (2, 2025, Typed(Decimal(121950))),
        }  # fmt: skip


def test_every_fault_is_told_by_line_and_column() -> None:
    text = "Indicateur\t2024\tan\nInconnu\t1\t2\nheures_alsh\t?\t3\t4\nheures_alsh\t5"
    read = read_table(text, INDICATORS)
    told = " / ".join(read.errors)
    for words in (
        "ligne 2 : « Inconnu »", "colonne 3 : « an »", "ligne 3, colonne 2",
        "ligne 3, colonne 4 : cette cellule n'a pas d'en-tête",
    ):  # fmt: skip
        assert words in told


def test_same_figure_twice_is_refused() -> None:
    read = read_table("I\t2024\nheures_alsh\t5\nheures_alsh\t6", INDICATORS)
    assert len(read.cells) == 1
    assert "deux fois" in read.errors[0]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    read = read_table(text, INDICATORS)
    assert read.errors or read.cells or all(not c for c in read.cells)
