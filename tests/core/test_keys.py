"""Keys that come back as text: what no database would take is no key."""

import pytest

from core.keys import key_in, keys_in


@pytest.mark.parametrize("text", ["", "-1", "1.5", "un", "²", "٣", " 4", "9" * 19])
def test_what_is_not_a_key_is_none(text: str) -> None:
    assert key_in(text) is None


def test_keys_are_kept_once_and_the_rest_left_out() -> None:
    assert keys_in(["12", "x", "12", "007", "²"]) == {12, 7}
