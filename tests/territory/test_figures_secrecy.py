"""A figure of narrower audience is learnt neither by reading nor by subtraction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement, AgreementCommune
from core.audience import Audience
from core.errors import DomainError
from opendata.models import Dataset, DatasetVersion, Domain, Indicator, Observation, Territory
from territory import comparison, queries
from territory.models import Evidence, IndicatorNote, LocalObservation
from territory.secrecy import Part, must_withhold, withheld_totals
from territory.services import save_indicator_note
from tests.factories import AgreementFactory, TerritoryFactory

audiences = st.sampled_from(list(Audience))
parts = st.lists(st.tuples(st.integers(0, 500), audiences, st.booleans()), min_size=1, max_size=6)


@given(parts, audiences, audiences)
def test_no_hidden_value_is_the_total_minus_what_is_shown(
    told: list[tuple[int, Audience, bool]], of_total: Audience, reader: Audience
) -> None:
    """``told``: value, audience, and whether anybody here knows it."""
    shown = [v for v, audience, known in told if known and reader.allows(audience)]
    hidden = [v for v, audience, known in told if known and not reader.allows(audience)]
    states = [
        Part.UNKNOWN if not known else Part.READABLE if reader.allows(a) else Part.HIDDEN
        for _, a, known in told
    ]
    if not reader.allows(of_total) or must_withhold(states) or not hidden:
        return
    unknown = [v for v, _, known in told if not known]
    difference = sum(v for v, _, _ in told) - sum(shown)
    assert unknown, "a total is shown with everything else known: the difference is the secret"
    assert difference == sum(hidden) + sum(unknown)


@pytest.fixture
def pair(db: None) -> tuple[Agreement, Territory, Territory, Territory, Indicator]:
    """An EPCI of two communes, both in the agreement."""
    epci = TerritoryFactory(level="epci", code="200000001", name="Deux Rives")
    one, two = (TerritoryFactory(name=name, epci=epci) for name in ("Amont", "Aval"))
    agreement = AgreementFactory(lead_commune=one)
    AgreementCommune.objects.create(agreement=agreement, commune=two)
    domain = Domain.objects.create(key="d", label="D")
    indicator = Indicator.objects.create(
        key="aeeh", label="Enfants", unit="enfants", domain=domain, is_summable=True, position=1
    )
    return agreement, epci, one, two, indicator


def give(agreement, indicator, territory, value, audience) -> LocalObservation:
    return LocalObservation.objects.create(
        agreement=agreement, indicator=indicator, territory=territory, period=2025,
        value=Decimal(value), source="Caf", audience=audience,
    )  # fmt: skip


def publish(indicator, territory, value) -> None:
    dataset, _ = Dataset.objects.get_or_create(key="x", title="X", producer="Cnaf")
    version, _ = DatasetVersion.objects.get_or_create(dataset=dataset, vintage="2025")
    Observation.objects.create(
        indicator=indicator, territory=territory, period=2025, version=version, value=Decimal(value)
    )


def test_local_total_is_withheld_when_it_gives_the_hidden_commune(pair) -> None:
    agreement, epci, one, two, indicator = pair
    give(agreement, indicator, one, 30, "public")
    give(agreement, indicator, two, 12, "internal")
    give(agreement, indicator, epci, 42, "public")

    readable = queries.local_observations(agreement, Audience.PUBLIC)
    assert [row.territory for row in readable] == [one]
    assert queries.local_observations(agreement, Audience.INTERNAL).count() == 3


def test_published_total_is_withheld_here_too_and_shown_to_who_may_read_all(pair) -> None:
    agreement, epci, one, two, indicator = pair
    give(agreement, indicator, one, 30, "public")
    give(agreement, indicator, two, 12, "internal")
    publish(indicator, epci, 42)
    public = comparison.comparison(agreement, audience=Audience.PUBLIC)[0]
    internal = comparison.comparison(agreement, audience=Audience.INTERNAL)[0]
    assert [cell.text for cell in public.cells][1] == "n.d."
    assert "42" in [cell.text for cell in internal.cells][1]


def test_document_of_published_figures_alone_leaves_out_the_total_withheld(pair) -> None:
    agreement, epci, one, two, indicator = pair
    publish(indicator, epci, 42)
    publish(indicator, one, 30)
    assert "42" in [cell.text for cell in comparison.comparison(agreement)[0].cells][1]
    give(agreement, indicator, two, 12, "internal")
    assert [cell.text for cell in comparison.key_figures(agreement)[0].cells][1] == "n.d."


def test_evidence_is_not_read_where_its_total_is_withheld(pair) -> None:
    agreement, epci, one, two, indicator = pair
    give(agreement, indicator, one, 30, "public")
    give(agreement, indicator, two, 12, "internal")
    typed = give(agreement, indicator, epci, 42, "public")
    told = {"agreement": agreement, "period": 2025, "territory": epci, "value_as_read": 42}
    evidence = [Evidence(local_observation=typed, **told), Evidence(indicator=indicator, **told)]

    def read_by(audience: Audience) -> list[Evidence]:
        withheld = withheld_totals(agreement, audience)
        return queries.readable_evidence(evidence, audience, withheld)

    assert read_by(Audience.PUBLIC) == []
    assert read_by(Audience.INTERNAL) == evidence


def test_total_stays_when_a_part_is_unknown_to_all(pair) -> None:
    agreement, epci, _, two, indicator = pair
    give(agreement, indicator, two, 12, "internal")
    give(agreement, indicator, epci, 42, "public")
    assert queries.local_observations(agreement, Audience.PUBLIC).get().territory == epci


def test_sum_over_communes_holds_nothing_that_the_reader_may_not_read(pair) -> None:
    agreement, _, one, two, indicator = pair
    give(agreement, indicator, one, 30, "public")
    give(agreement, indicator, two, 12, "internal")

    _, rows = comparison.communes_comparison(agreement, Audience.PUBLIC)
    assert "42" not in rows[0].total_text
    assert "12" not in " ".join(rows[0].texts)
    _, rows = comparison.communes_comparison(agreement, Audience.INTERNAL)
    assert rows[0].total_text == "42\u00a0enfants"


def test_sum_over_a_secret_cell_says_at_least(pair) -> None:
    agreement, _, one, two, indicator = pair
    give(agreement, indicator, one, 30, "public")
    LocalObservation.objects.create(
        agreement=agreement, indicator=indicator, territory=two, period=2025, value=None,
        reason="secret", source="Caf", audience="public",
    )  # fmt: skip
    _, rows = comparison.communes_comparison(agreement, Audience.PUBLIC)
    assert rows[0].total_text.replace("\u00a0", " ") == "au moins 30 enfants (1 valeur non connue)"


def test_nothing_hidden_costs_one_query(pair, django_assert_num_queries) -> None:
    agreement, *_ = pair
    with django_assert_num_queries(1):
        withheld_totals(agreement, Audience.PUBLIC)
    with django_assert_num_queries(0):
        withheld_totals(agreement, Audience.INTERNAL)


def test_sentence_rewritten_from_an_internal_figure_stays_internal(pair) -> None:
    agreement, _, one, _, indicator = pair
    give(agreement, indicator, one, 12, "internal")
    row = comparison.comparison(agreement, audience=Audience.INTERNAL)[0]
    told = {
        "indicator": indicator, "actor": None, "told_from": row.told_from,
        "automatic_sentence": row.automatic_sentence,
    }  # fmt: skip
    with pytest.raises(DomainError, match="chiffre réservé"):
        save_indicator_note(agreement, sentence="Douze enfants.", audience="committee", **told)
    assert not IndicatorNote.objects.exists()
    note = save_indicator_note(agreement, comment="À suivre.", audience="committee", **told)
    with pytest.raises(DomainError, match="chiffre réservé"):
        save_indicator_note(
            agreement, sentence="Douze enfants.", expected_version=note.version, **told
        )
    note = save_indicator_note(
        agreement, sentence="Douze enfants.", audience="internal",
        expected_version=note.version, **told,
    )  # fmt: skip
    assert note.sentence == "Douze enfants."
