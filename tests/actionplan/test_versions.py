"""The plan frozen, compared, amended: what is found, what is composed, who reads what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from actionplan import services
from actionplan.models import Action, PlanVersion
from actionplan.versions import queries
from actionplan.versions import services as versions
from actionplan.versions.differences import (
    apply,
    changed_blocks,
    compose_blocks,
    differences,
    links_of,
    with_needed,
)
from actionplan.versions.facts import COLLECTIONS, Facts, current_facts, facts_hash
from agreements.models import Agreement, Amendment, Role
from core.documents.declaration import registry, render
from core.errors import DomainError
from partners.services import erase_contact
from reports.documents.base import Request
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation
from tests.committees.factories import ContactFactory

READER = queries.Reader(with_money=True, with_names=True, with_internal=True)
SIGNED = date(2026, 1, 15)


# --- Rules that compose, on invented plans ---------------------------------------------------
VALUES = st.sampled_from(["", "a", "b", "2027-01-01"])
ENTRIES = st.dictionaries(
    st.sampled_from(["1", "2", "3"]), st.fixed_dictionaries({"planned": VALUES}), max_size=3
)


@st.composite
def plans(draw: Any) -> dict[str, Any]:
    """Orientations, objectives and actions, each standing under levels that are there."""
    orientations = draw(st.sets(st.sampled_from([1, 2, 3]), min_size=1))
    blocks: dict[str, Any] = {
        f"orientation:{pk}": {"title": draw(VALUES), "challenges": draw(ENTRIES)}
        for pk in sorted(orientations)
    }
    above = st.sampled_from(sorted(blocks))
    objectives = draw(st.sets(st.sampled_from([1, 2, 3])))
    for pk in sorted(objectives):
        blocks[f"objective:{pk}"] = {"title": draw(VALUES), "orientation": draw(above)}
    under = st.sampled_from(["", *(f"objective:{pk}" for pk in sorted(objectives))])
    for pk in sorted(draw(st.sets(st.sampled_from([1, 2, 3, 4])))):
        blocks[f"action:{pk}"] = {
            "title": draw(VALUES),
            "orientation": draw(above),
            "objective": draw(under),
            "budget": draw(ENTRIES),
            "steps": draw(ENTRIES),
        }
    return blocks


def stands(blocks: dict[str, Any]) -> bool:
    return all(level in blocks for block in blocks.values() for level in links_of(block))


@given(plans())
def test_a_plan_does_not_differ_from_itself(plan: dict[str, Any]) -> None:
    assert differences(plan, plan) == []


@given(plans(), plans())
def test_applying_the_differences_gives_the_other_plan(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    before = facts_hash(old)
    assert apply(differences(old, new), old) == new
    assert facts_hash(old) == before


@settings(max_examples=200)
@given(plans(), plans(), st.sets(st.integers(0, 12)))
def test_an_avenant_differs_from_today_by_the_blocks_left_out(
    old: dict[str, Any], today: dict[str, Any], picked: set[int]
) -> None:
    differing = changed_blocks(old, today)
    chosen = [key for rank, key in enumerate(differing) if rank in picked]
    taken = with_needed(old, today, chosen)
    composed = compose_blocks(old, today, taken)
    assert set(chosen) <= set(taken) <= set(differing)
    assert set(changed_blocks(composed, today)) == set(differing) - set(taken)
    assert set(changed_blocks(old, composed)) == set(taken)
    assert stands(composed)


@given(plans(), plans())
def test_no_block_keeps_the_former_plan_and_all_of_them_give_today(
    old: dict[str, Any], today: dict[str, Any]
) -> None:
    assert compose_blocks(old, today, with_needed(old, today, [])) == old
    assert compose_blocks(old, today, changed_blocks(old, today)) == today


# --- Facts -----------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(agreement: Agreement) -> Agreement:
    agreement.signed_on = SIGNED
    agreement.save()
    return agreement


@pytest.fixture
def action(signed: Agreement) -> Action:
    row = make_action(signed, starts_on=date(2026, 2, 1), code="1.1", title="Ouvrir un relais")
    services.add_step(row, actor=None, title="Visite du local", due_on=date(2026, 5, 1))
    services.set_budget_line(
        row, actor=None, year=2027, nature="operating", planned=Decimal("12000.00")
    )
    services.set_funding(
        row, actor=None, funder=organisation(signed, name="Caf de l'Aube"), year=2027,
        stage="planned", amount=Decimal(8000),
    )  # fmt: skip
    measure = services.create_measure(
        signed, actor=None, action=row, label="Familles reçues", baseline=Decimal(30),
        baseline_year=2025,
    )  # fmt: skip
    services.set_measure_point(measure, actor=None, year=2026, target=Decimal(45))
    return Action.objects.get(pk=row.pk)


@pytest.fixture
def first(signed: Agreement, action: Action) -> PlanVersion:
    return versions.freeze_signed_plan(signed, actor=None, on=SIGNED)


def test_facts_take_three_queries_whatever_the_plan(
    signed, action, django_assert_num_queries
) -> None:
    for _ in range(6):
        services.add_step(make_action(signed), actor=None, title="Étape")
    with django_assert_num_queries(3):
        facts = current_facts(signed)
    assert len(facts.in_order("action")) == 7
    assert set(COLLECTIONS) <= set(facts.blocks[f"action:{action.pk}"])


def test_following_an_action_changes_nothing_of_the_plan(signed, action) -> None:
    before = current_facts(signed).blocks
    services.update_action(action, actor=None, progress=60, progress_note="Bien avancé.")
    services.complete_step(action.steps.get(), actor=None, on=date(2026, 5, 2))
    services.set_budget_line(action, actor=None, year=2027, nature="operating", spent=Decimal(4000))
    measure = action.measures.get()
    services.set_measure_point(measure, actor=None, year=2026, value=Decimal(40))
    assert current_facts(signed).blocks == before


def test_an_amount_has_one_spelling(signed, action) -> None:
    before = current_facts(signed)
    services.set_budget_line(
        action, actor=None, year=2027, nature="operating", planned=Decimal("12000")
    )
    assert facts_hash(current_facts(signed).to_json()) == facts_hash(before.to_json())


# --- Freezing --------------------------------------------------------------------------------
def test_plan_is_frozen_once_and_only_when_signed(agreement) -> None:
    make_action(agreement)
    with pytest.raises(DomainError, match="pas encore signée"):
        versions.freeze_signed_plan(agreement, actor=None, on=SIGNED)
    agreement.signed_on = SIGNED
    agreement.save()
    version = versions.freeze_signed_plan(agreement, actor=None, on=SIGNED)
    assert (version.number, version.kind, version.state) == (1, "signed", "frozen")
    with pytest.raises(DomainError, match="déjà figé"):
        versions.freeze_signed_plan(agreement, actor=None, on=SIGNED)


def test_what_is_signed_in_the_future_or_empty_is_refused(signed) -> None:
    with pytest.raises(DomainError, match="vide"):
        versions.freeze_signed_plan(signed, actor=None, on=SIGNED)
    make_action(signed)
    with pytest.raises(DomainError, match="à venir"):
        versions.freeze_signed_plan(signed, actor=None, on=date.today() + timedelta(1))


def test_frozen_version_is_never_rewritten(first) -> None:
    first.note = "Autre chose"
    with pytest.raises(DomainError, match="figée"):
        first.save()
    with pytest.raises(DomainError, match="figée"):
        versions.abandon_prepared(first, actor=None)


def test_altered_version_is_said_and_not_read(first, client_as) -> None:
    data = first.facts
    data["blocks"][next(iter(data["blocks"]))]["title"] = "Réécrit"
    PlanVersion.objects.filter(pk=first.pk).update(facts=data)
    client = client_as(Role.COORDINATOR)
    for name, args in (("versions", []), ("version", [first.pk])):
        page = client.get(reverse(f"actionplan:{name}", args=[first.agreement.slug, *args]))
        assert page.status_code == 200
        assert "a été altérée" in page.content.decode()
    create = reverse("actionplan:amendment_create", args=[first.agreement.slug])
    assert client.get(create).status_code == 302


def test_erased_person_leaves_the_frozen_versions_too(signed, action) -> None:
    person = ContactFactory(agreement=signed, first_name="Odile", last_name="Zébulon")
    services.update_action(action, actor=None, lead_contact=person)
    version = versions.freeze_signed_plan(signed, actor=None, on=SIGNED)
    erase_contact(person, actor=None)
    version.refresh_from_db()
    assert "Zébulon" not in str(version.facts)
    comparison = queries.compare(signed, READER, version)
    assert [line.old for diff in comparison.diffs for line in diff.lines] == ["personne effacée"]


# --- What changed ----------------------------------------------------------------------------
def lines(comparison: queries.Comparison) -> dict[str, tuple[str, str]]:
    return {line.label: (line.old, line.new) for diff in comparison.diffs for line in diff.lines}


def test_nothing_changed_is_said(first, client_as) -> None:
    assert "Rien ne diffère" in queries.compare(first.agreement, READER, first).sentence
    page = client_as(Role.READER).get(reverse("actionplan:versions", args=[first.agreement.slug]))
    assert "Rien ne diffère" in page.content.decode()


def test_each_change_is_told_field_by_field_with_its_reason(signed, action, first) -> None:
    services.update_action(
        Action.objects.get(pk=action.pk), actor=None, reason="Décision n° 2026-03 du COPIL",
        due_on=date(2030, 9, 30), title="Ouvrir deux relais",
    )  # fmt: skip
    services.set_budget_line(
        action, actor=None, year=2027, nature="operating", planned=Decimal(15000)
    )
    point = action.measures.get()
    services.set_measure_point(
        point, actor=None, year=2026, target=Decimal(50), reason="Un quartier de plus"
    )
    services.delete_part(action.steps.get(), actor=None)
    comparison = queries.compare(signed, READER, first)
    told = lines(comparison)
    assert told["titre"] == ("Ouvrir un relais", "Ouvrir deux relais")
    assert told["échéance"] == ("30\u00a0juin\u00a02030", "30\u00a0septembre\u00a02030")
    assert told["dépense 2027 (fonctionnement)"] == ("12\u00a0000\u00a0€", "15\u00a0000\u00a0€")
    assert told["mesure « Familles reçues », cible 2026"] == ("45", "50")
    assert told["étape"] == ("Visite du local, pour le 1er\u00a0mai\u00a02026", "–")
    (diff,) = comparison.diffs
    assert {why.reason for why in diff.reasons} == {
        "Décision n° 2026-03 du COPIL", "Un quartier de plus", "",
    }  # fmt: skip


def test_added_dropped_moved_and_removed_are_told_apart(signed, action, first) -> None:
    level = make_orientation(signed, code="9", title="Vivre ensemble")
    make_action(signed, orientation=level, title="Ludothèque")
    dropped = make_action(signed, orientation=action.orientation, title="Répit")
    removed = make_action(signed, orientation=action.orientation, title="Annuaire")
    PlanVersion.objects.filter(pk=first.pk).delete()
    version = versions.freeze_signed_plan(signed, actor=None, on=SIGNED)
    make_action(signed, orientation=level, title="Nouvelle")
    services.change_status(dropped, actor=None, status="dropped", dropped_reason="Sans volontaire")
    services.archive_action(removed, actor=None)
    services.update_action(Action.objects.get(pk=action.pk), actor=None, orientation=level)
    kinds = {
        diff.title.split(maxsplit=1)[1]: diff.kind
        for diff in queries.compare(signed, READER, version).diffs
    }
    assert kinds == {
        "Nouvelle": "added", "Répit": "dropped", "Annuaire": "removed", "Ouvrir un relais": "moved",
    }  # fmt: skip


def test_edit_of_many_rows_at_once_is_dated_by_the_history(signed, action, first) -> None:
    """Such an edit tells one line of the journal for all, with no target."""
    from agreements.services import update_row

    row = Action.objects.get(pk=action.pk)
    update_row(row, actor=None, fields={"priority": 1}, reason="Revue de juin", sentence="")
    (diff,) = queries.compare(signed, READER, first).diffs
    assert [why.reason for why in diff.reasons] == ["Revue de juin"]


def test_money_by_year_has_totals_and_leaves_out_what_was_dropped(signed, action, first) -> None:
    services.set_budget_line(
        action, actor=None, year=2028, nature="investment", planned=Decimal(3000)
    )
    rows = {row.year: row for row in queries.compare(signed, READER, first).money}
    assert rows[2028].old_expense is None
    assert rows[None].expense_difference == Decimal(3000)
    assert rows[None].old_funding == Decimal(8000)
    services.change_status(
        Action.objects.get(pk=action.pk), actor=None, status="dropped", dropped_reason="Arrêt"
    )
    assert queries.compare(signed, READER, first).money[-1].new_expense is None


@pytest.mark.parametrize(
    ("role", "money", "names"),
    [
        (Role.COORDINATOR, True, True),
        (Role.DIRECTION, True, True),
        (Role.ELECTED, True, False),
        (Role.CAF, True, False),
        (Role.PARTNER, False, False),
        (Role.READER, False, False),
    ],
)
def test_each_role_reads_what_is_its_own(
    signed, action, first, client_as, role, money, names
) -> None:
    author = client_as(Role.COORDINATOR).membership.user
    author.first_name, author.last_name = "Camille", "Auteure"
    author.save()
    services.update_action(
        Action.objects.get(pk=action.pk), actor=author, due_on=date(2030, 9, 30),
        reason="Report voté",
    )  # fmt: skip
    services.set_budget_line(
        action, actor=author, year=2027, nature="operating", planned=Decimal(15999)
    )
    client = client_as(role)
    page = client.get(reverse("actionplan:versions", args=[signed.slug])).content.decode()
    assert "Report voté" in page
    assert ("15\u00a0999" in page) == money
    assert ("Camille Auteure" in page.split('id="changes"')[1]) == names
    data = client.get(reverse("actionplan:versions_file", args=[signed.slug, "docx"]))
    assert data.status_code == 200


def test_internal_act_is_dated_for_those_who_may_read_it_only(signed, action, first) -> None:
    from agreements.models import JournalEntry

    services.update_action(
        Action.objects.get(pk=action.pk), actor=None, due_on=date(2030, 9, 30), reason="Confidence"
    )
    JournalEntry.objects.filter(reason="Confidence").update(is_internal=True)
    Action.history.filter(history_change_reason="Confidence").delete()  # type: ignore[attr-defined]
    for internal in (True, False):
        reader = queries.Reader(with_money=True, with_names=True, with_internal=internal)
        (diff,) = queries.compare(signed, reader, first).diffs
        assert ("Confidence" in str(diff.reasons)) == internal


def test_filter_by_orientation_keeps_its_changes_only(signed, action, first, client_as) -> None:
    other = make_action(signed, title="Ludothèque")
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Ouvrir deux relais")
    asked = f"?orientation=orientation:{other.orientation_id}"
    url = reverse("actionplan:versions", args=[signed.slug]) + asked
    page = client_as(Role.READER).get(url).content.decode().split('id="changes"')[1]
    assert "Ludothèque" in page
    assert "Ouvrir deux relais" not in page


@pytest.mark.parametrize("query", ["?de=zz&a=--", "?de=99", "?orientation=rien", "?a=1&de=1"])
def test_strange_addresses_are_no_error(first, client_as, query) -> None:
    url = reverse("actionplan:versions", args=[first.agreement.slug]) + query
    assert client_as(Role.READER).get(url).status_code == 200


VERSIONS_QUERIES = 10


def test_page_costs_the_same_for_one_change_and_many(
    signed, action, first, client_as, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:versions", args=[signed.slug])
    client.get(url)
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Autre titre")
    with django_assert_num_queries(VERSIONS_QUERIES):
        client.get(url)
    for rank in range(8):
        added = make_action(signed, orientation=action.orientation)
        services.add_step(added, actor=None, title=f"Étape {rank}")
    with django_assert_num_queries(VERSIONS_QUERIES):
        client.get(url)


# --- Avenants --------------------------------------------------------------------------------
@pytest.fixture
def changed(signed: Agreement, action: Action, first: PlanVersion) -> list[str]:
    """Two actions that differ from what was signed: the first modified, the second added."""
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Ouvrir deux relais")
    added = make_action(signed, title="Ludothèque")
    return [f"action:{action.pk}", f"action:{added.pk}", f"orientation:{added.orientation_id}"]


def test_avenant_takes_its_blocks_and_leaves_the_rest_out(signed, changed) -> None:
    version = versions.prepare_amendment(
        signed, actor=None, note="Deux relais", blocks=[changed[0]]
    )
    shown = queries.preview(version, READER)
    assert [diff.key for diff in shown.taken] == [changed[0]]
    assert {diff.key for diff in shown.left_out} == set(changed[1:])
    frozen = versions.freeze_amendment(version, actor=None, on=date(2026, 6, 1))
    assert (frozen.number, frozen.state) == (2, "frozen")
    titles = {block["title"] for block in queries.facts_of(frozen).blocks.values()}
    assert "Ouvrir deux relais" in titles
    assert "Ludothèque" not in titles
    amendment = Amendment.objects.get(agreement=signed)
    assert (amendment.number, amendment.signed_on) == (1, date(2026, 6, 1))
    left = queries.compare(signed, READER, frozen)
    assert {diff.key for diff in left.diffs} == set(changed[1:])


def test_added_action_comes_with_its_level(signed, changed) -> None:
    version = versions.prepare_amendment(signed, actor=None, note="Jeu", blocks=[changed[1]])
    shown = queries.preview(version, READER)
    assert [diff.key for diff in shown.added] == [changed[2]]
    frozen = versions.freeze_amendment(version, actor=None, on=date(2026, 6, 1))
    assert stands(queries.facts_of(frozen).blocks)


def test_avenant_follows_the_plan_until_it_is_frozen(signed, action, changed) -> None:
    version = versions.prepare_amendment(
        signed, actor=None, note="Deux relais", blocks=[changed[0]]
    )
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Trois relais")
    frozen = versions.freeze_amendment(version, actor=None, on=date(2026, 6, 1))
    assert queries.facts_of(frozen).blocks[changed[0]]["title"] == "Trois relais"
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Quatre relais")
    frozen.refresh_from_db()
    assert queries.facts_of(frozen).blocks[changed[0]]["title"] == "Trois relais"


def test_change_undone_before_the_signature_is_no_avenant(signed, action, changed) -> None:
    version = versions.prepare_amendment(
        signed, actor=None, note="Deux relais", blocks=[changed[0]]
    )
    services.update_action(Action.objects.get(pk=action.pk), actor=None, title="Ouvrir un relais")
    assert queries.preview(version, READER).has_vanished
    with pytest.raises(DomainError, match="ne change rien"):
        versions.freeze_amendment(version, actor=None, on=date(2026, 6, 1))


def test_avenant_is_refused_in_words(signed, action, changed, first) -> None:
    with pytest.raises(DomainError, match="au moins un changement"):
        versions.prepare_amendment(signed, actor=None, note="Rien", blocks=["action:0"])
    version = versions.prepare_amendment(signed, actor=None, note="Un", blocks=changed)
    with pytest.raises(DomainError, match="déjà en préparation"):
        versions.prepare_amendment(signed, actor=None, note="Deux", blocks=changed)
    with pytest.raises(DomainError, match="précède"):
        versions.freeze_amendment(version, actor=None, on=SIGNED - timedelta(1))
    versions.freeze_amendment(version, actor=None, on=SIGNED)
    with pytest.raises(DomainError, match="figée"):
        versions.freeze_amendment(version, actor=None, on=SIGNED)


def test_avenant_is_prepared_previewed_and_frozen_through_its_pages(
    signed, changed, client_as
) -> None:
    client = client_as(Role.COORDINATOR)

    def page(name: str, *args: Any) -> str:
        return reverse(f"actionplan:{name}", args=[signed.slug, *args])

    empty = client.post(page("amendment_create"), {"note": "Deux relais", "blocks": []})
    assert empty.status_code == 422
    assert "au moins un changement" in empty.content.decode()
    done = client.post(page("amendment_create"), {"note": "Deux relais", "blocks": [changed[0]]})
    version = PlanVersion.objects.get(agreement=signed, number=2)
    assert done["Location"] == page("version", version.pk)
    shown = client.get(page("version", version.pk)).content.decode()
    assert "Hors avenant" in shown
    assert "Ouvrir deux relais" in shown
    for fmt in ("pdf", "docx", "xlsx"):
        assert client.get(page("amendment_file", version.pk, fmt)).status_code == 200
    assert (
        client.post(page("amendment_freeze", version.pk), {"on": "2026-06-01"}).status_code == 302
    )
    version.refresh_from_db()
    assert version.state == "frozen"
    assert client.get(page("amendment_freeze", version.pk)).status_code == 404
    both = client.get(page("versions") + "?de=1&a=2").content.decode()
    assert "Ouvrir deux relais" in both


def test_documents_of_the_plan_are_produced_and_numbered(signed, changed) -> None:
    request = Request(agreement=signed, on=date.today(), year=2026)
    for identifier in ("plan-signe-et-changements", "projet-avenant"):
        document = registry.get(identifier)
        if identifier == "projet-avenant":
            assert document.missing(request)  # type: ignore[attr-defined]
            versions.prepare_amendment(signed, actor=None, note="Deux relais", blocks=changed)
        content = document.content(request)
        for fmt in document.formats:
            assert render(content, fmt).data


def test_an_older_format_is_refused_in_words(first) -> None:
    data = {**first.facts, "schema": 0}
    PlanVersion.objects.filter(pk=first.pk).update(facts=data, facts_hash=facts_hash(data))
    first.refresh_from_db()
    with pytest.raises(DomainError, match="format"):
        queries.facts_of(first)
    with pytest.raises(ValueError, match="format"):
        Facts.from_json(data)


def test_avenant_frozen_meanwhile_is_neither_abandoned_nor_changed(signed, changed) -> None:
    """The page was open on the preparation while somebody else froze it."""
    read = versions.prepare_amendment(signed, actor=None, note="Un", blocks=changed)
    versions.freeze_amendment(PlanVersion.objects.get(pk=read.pk), actor=None, on=SIGNED)
    with pytest.raises(DomainError, match="figée"):
        versions.abandon_prepared(read, actor=None)
    with pytest.raises(DomainError, match="figée"):
        versions.update_prepared(read, actor=None, note="Deux", blocks=changed, amendment=None)
    assert PlanVersion.objects.get(pk=read.pk).state == PlanVersion.State.FROZEN


def test_the_plan_page_offers_to_freeze_until_it_is_done(agreement, client_as) -> None:
    make_action(agreement)
    address = reverse("actionplan:plan", args=[agreement.slug])
    freeze = reverse("actionplan:version_freeze", args=[agreement.slug])

    def offered(role: Role) -> bool:
        return freeze in client_as(role).get(address).content.decode()

    assert not offered(Role.COORDINATOR)  # not signed yet
    agreement.signed_on = SIGNED
    agreement.save()
    assert offered(Role.COORDINATOR)
    assert not offered(Role.READER)
    versions.freeze_signed_plan(agreement, actor=None, on=SIGNED)
    assert not offered(Role.COORDINATOR)
