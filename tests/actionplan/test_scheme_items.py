from hypothesis import given
from hypothesis import strategies as st

from actionplan.models import Action, SchemeItem
from actionplan.scheme_items import CHOICES, LABELS, LEGAL_ITEMS, join_codes, split_codes

CODES = list(LABELS)


def test_there_are_eleven_items_each_with_its_words() -> None:
    assert len(LEGAL_ITEMS) == len(LABELS) == 11
    assert all(item.label for item in LEGAL_ITEMS)
    assert CHOICES[3] == (
        "4° a",
        "4° a : objectifs de maintien, de développement et de redéploiement de l'offre",
    )


def test_every_code_fits_the_columns() -> None:
    width = Action._meta.get_field("legal_codes").max_length or 0
    assert len(join_codes(CODES)) <= width
    assert max(map(len, CODES)) <= (SchemeItem._meta.get_field("code").max_length or 0)


def test_codes_are_read_whatever_their_spaces_and_order() -> None:
    assert split_codes("4°  a;2° ; 4° a") == ["2°", "4° a"]
    assert split_codes("4a, 4° B ; 3") == ["3°", "4° a", "4° b"]
    assert split_codes("") == []
    assert split_codes("5° ; n'importe quoi") == []


@given(st.lists(st.sampled_from(CODES)))
def test_codes_written_are_read_back(codes: list[str]) -> None:
    assert split_codes(join_codes(codes)) == [code for code in CODES if code in codes]
