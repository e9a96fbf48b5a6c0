"""Sums where nothing is not zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import add

amounts = st.lists(st.one_of(st.none(), st.decimals(-(10**7), 10**7, places=2)), max_size=12)


@given(amounts)
def test_sum_is_exact_to_the_cent(values: list[Decimal | None]) -> None:
    known = [Fraction(value) for value in values if value is not None]
    total = add(values)
    assert total is None if not known else total is not None and Fraction(total) == sum(known)


@given(amounts, amounts)
def test_whole_is_the_sum_of_its_parts(left: list, right: list) -> None:
    assert add(left + right) == add([add(left), add(right)])


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_known_is_not_zero(values: list) -> None:
    assert add(values) is None
    assert add([*values, Decimal(0)]) == 0
