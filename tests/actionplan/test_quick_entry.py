"""A whole plan typed or pasted: read as people write, all errors at once, nothing half-written."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import services
from actionplan.entry import reading
from actionplan.forms.entry import EntryForm, lines_in_words
from actionplan.models import Action, ActionStatus, Objective, Orientation
from agreements.models import Agreement, PlanDepth, Role
from partners.models import Organisation
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.actionplan.factories import orientation as make_orientation

pytestmark = pytest.mark.django_db
S = ActionStatus


# --- Reading --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("30/06/2027", date(2027, 6, 30)),
        ("30.6.27", date(2027, 6, 30)),
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-06-30 00:00:00", date(2027, 6, 30)),
        ("30 juin 2027", date(2027, 6, 30)),
        ("1er mars 2027", date(2027, 3, 1)),
        ("juin 2027", date(2027, 6, 30)),
        ("Févr. 2028", date(2028, 2, 29)),
        ("06/2027", date(2027, 6, 30)),
        ("T2 2027", date(2027, 6, 30)),
        ("fin 2027", date(2027, 12, 31)),
        ("semestre 1 2027", date(2027, 6, 30)),
        ("2027", date(2027, 12, 31)),
    ],
)
def test_due_date_is_read_as_people_write_it(typed, day) -> None:
    assert reading.read_date(typed) == day


@pytest.mark.parametrize(
    "typed", ["bientôt", "31/02/2027", "13/2027", "32", "brumaire 2027", "T5 2027"]
)
def test_what_is_no_date_is_refused_in_words(typed) -> None:
    with pytest.raises(ValueError, match="ne se lit pas comme une date"):
        reading.read_date(typed)


@pytest.mark.parametrize(
    ("typed", "status"),
    [("", S.PLANNED), ("En cours", S.IN_PROGRESS), ("REALISEE", S.DONE), ("à faire", S.PLANNED)],
)
def test_status_is_read_as_people_write_it(typed, status) -> None:
    assert reading.read_status(typed) == status


@pytest.mark.parametrize(
    ("typed", "words"), [("bloquée", "s'explique"), ("peut-être", "n'est pas un statut")]
)
def test_status_that_cannot_be_typed_is_refused(typed, words) -> None:
    with pytest.raises(ValueError, match=words):
        reading.read_status(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1. Petite enfance", ("1", "Petite enfance")),
        ("Axe 2 – Jeunesse", ("2", "Jeunesse")),
        ("1.2 Former", ("1.2", "Former")),
        ("3", ("3", "")),
        ("Parentalité", ("", "Parentalité")),
        ("1000 premiers jours", ("", "1000 premiers jours")),
    ],
)
def test_level_is_a_number_a_title_or_both(typed, told) -> None:
    assert reading.code_and_title(typed) == told


def test_pasted_columns_go_where_their_headings_say(agreement) -> None:
    text = 'Action\tAxe\tPorteur\n"Un relais\npour tous"\t1. Enfance\tCCAS\n\n'
    assert reading.pasted(text, reading.columns(agreement)) == [
        {"title": "Un relais pour tous", "orientation": "1. Enfance", "lead": "CCAS"}
    ]


def test_pasted_columns_without_headings_follow_the_grid(agreement) -> None:
    rows = reading.pasted('1\t1.1\t\tRelais\r\n\t\t\tLudo "ici\r\n', reading.columns(agreement))
    assert [row["title"] for row in rows] == ["Relais", 'Ludo "ici']


# --- The page -------------------------------------------------------------------------------
def url(agreement: Agreement) -> str:
    return reverse("actionplan:quick_entry", args=[agreement.slug])


def grid(*lines: dict[str, str], **more: object) -> dict[str, object]:
    cells = {
        f"l{rank}-{name}": text for rank, line in enumerate(lines) for name, text in line.items()
    }
    return {**cells, **more}


def line(title: str, **cells: str) -> dict[str, str]:
    return {
        "title": title, "summary": "Pour toutes les familles.", "lead": "CCAS", "due": "juin 2028", **cells,
    }  # fmt: skip


def errors(response) -> dict[str, str]:
    assert response.status_code == 422
    return {cell.name: cell.error for cell in response.context["form"].wrong}


def test_whole_plan_of_twenty_four_actions_in_one_go(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    lines = [
        line(
            f"Action {rank}",
            orientation=f"{rank // 8 + 1}. Orientation {'ABC'[rank // 8]}" if rank % 8 == 0 else "",
            objective=f"But {'ABCDEF'[rank // 4]}" if rank % 4 == 0 else "",
            lead="CCAS" if rank % 2 else "Centre social",
        )
        for rank in range(24)
    ]
    response = client.post(url(agreement), grid(*lines))
    told = errors(response)
    assert len(response.context["form"].shown_proposals) == 3 + 6 + 2
    assert "n'existe pas encore" in told["l0-orientation"]
    assert not Action.objects.exists()
    assert not Orientation.objects.exists()

    response = client.post(url(agreement), grid(*lines, tout_creer="1"))
    assert response.status_code == 302
    assert Orientation.objects.filter(agreement=agreement).count() == 3
    assert list(Objective.objects.values_list("code", flat=True)) == [
        "1.1",
        "1.2",
        "2.1",
        "2.2",
        "3.1",
        "3.2",
    ]
    codes = [a.code for a in Action.objects.in_plan_order()]
    assert codes[:5] == ["1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.2.1"]
    assert len(codes) == 24
    assert Organisation.objects.filter(agreement=agreement).count() == 2


def test_only_what_is_ticked_is_created(agreement, client_as) -> None:
    make_orientation(agreement, code="1", title="Enfance")
    client = client_as(Role.COORDINATOR)
    data = grid(line("Relais", orientation="1"), line("Ludo", lead="MJC"))
    shown = client.post(url(agreement), data).context["form"].shown_proposals
    keys = {item.words: item.key for item in shown}
    assert set(keys) == {"Structure : CCAS", "Structure : MJC"}
    response = client.post(url(agreement), {**data, "creer": [keys["Structure : CCAS"]]})
    assert set(errors(response)) == {"l1-lead"}
    assert not Action.objects.exists()
    assert client.post(url(agreement), {**data, "creer": list(keys.values())}).status_code == 302
    assert Action.objects.count() == 2


def test_name_written_almost_so_is_pointed_at(agreement, client_as) -> None:
    make_orientation(agreement, code="1")
    organisation(agreement, name="Centre communal d'action sociale", short_name="CCAS")
    client = client_as(Role.COORDINATOR)
    near = line("Ludo", lead="Centre communal d'action socialle")
    told = errors(client.post(url(agreement), grid(line("Relais", orientation="1"), near)))
    assert "Centre communal d'action sociale »" in told["l1-lead"]
    assert "l0-lead" not in told


def test_all_errors_stand_beside_their_cells_at_once(agreement, client_as) -> None:
    make_action(
        agreement, orientation=make_orientation(agreement, code="1"), title="Relais", code="1.7"
    )
    organisation(agreement, name="CCAS")
    lines = (
        line("", orientation="1"),
        line("Ludothèque", summary="", due="un jour"),
        line("Café", due="2035", status="gelée", code="1.7"),
        line("Jardin", lead="", code="1.8"),
        line("Cirque", code="1.8", orientation="9"),
        line("relais", orientation="1"),
        line("T" * 251),
    )
    told = errors(client_as(Role.COORDINATOR).post(url(agreement), grid(*lines)))
    assert set(told) == {
        "l0-title", "l1-summary", "l1-due", "l2-due", "l2-status", "l2-code", "l3-lead", "l4-code",
        "l4-orientation", "l5-title", "l6-title",
    }  # fmt: skip
    assert told["l4-code"] == "Ce numéro est déjà à la ligne 4."
    assert "sort de la convention" in told["l2-due"]
    assert Action.objects.count() == 1


def test_typed_cells_are_all_there_after_an_error(agreement, client_as) -> None:
    response = client_as(Role.COORDINATOR).post(url(agreement), grid(line("Relais & <jeux>")))
    page = response.content.decode()
    assert 'value="Relais &amp; &lt;jeux&gt;"' in page
    assert 'aria-describedby="l0-orientation-erreur"' in page


def test_empty_orientation_is_that_of_the_line_above(agreement, client_as) -> None:
    agreement.plan_depth = PlanDepth.FOUR
    agreement.save()
    organisation(agreement, name="CCAS")
    lines = (
        line("a", orientation="1. Enfance", objective="1.1 Accueil", below="1.1.1 Places"),
        line("b"),
        line("c", below="1.1.2 Qualité"),
        line("d", objective="1.2 Parents"),
        line("e", orientation="1"),
    )
    client_as(Role.COORDINATOR).post(url(agreement), grid(*lines, tout_creer="1"))
    told = {
        a.title: (a.objective.code if a.objective else a.orientation.code)
        for a in Action.objects.all()
    }
    assert told == {"a": "1.1.1", "b": "1.1.1", "c": "1.1.2", "d": "1.2", "e": "1"}


@pytest.mark.parametrize(
    ("cells", "name", "words"),
    [
        ({"orientation": "2. Enfance"}, "orientation", "porte le numéro 1, pas 2"),
        ({"orientation": "1. Jeunesse"}, "orientation", "déjà celui de « Enfance »"),
        ({"orientation": "5"}, "orientation", "Écrivez aussi son intitulé"),
        ({"objective": "1.1 Accueil"}, "objective", "Dites d'abord sous quoi"),
        ({}, "orientation", "Dites sous quoi"),
        (
            {"orientation": "1", "objective": "2.1 Accueil"},
            "objective",
            "déjà pris par « Loisirs »",
        ),
    ],
)
def test_level_that_is_not_clear_is_asked_again(agreement, client_as, cells, name, words) -> None:
    make_orientation(agreement, code="1", title="Enfance")
    other = make_orientation(agreement, code="3", title="Ados")
    services.create_objective(agreement, actor=None, orientation=other, code="2.1", title="Loisirs")
    organisation(agreement, name="CCAS")
    response = client_as(Role.COORDINATOR).post(url(agreement), grid(line("Relais", **cells)))
    assert words in errors(response)[f"l0-{name}"]


def test_refusal_of_the_service_undoes_levels_and_structures(
    agreement, client_as, monkeypatch
) -> None:
    """What only the services know: here a rule that the grid does not look at."""
    from actionplan.services import entry
    from core.errors import DomainError

    real = entry.create_action

    def refusing(*args, **fields):
        if fields["title"] == "Ludo":
            raise DomainError("Refusée pour l'essai.", field="due_on")
        return real(*args, **fields)

    monkeypatch.setattr(entry, "create_action", refusing)
    lines = (line("Relais", orientation="1. Enfance"), line("Ludo"))
    response = client_as(Role.COORDINATOR).post(url(agreement), grid(*lines, tout_creer="1"))
    assert errors(response) == {"l1-due": "Refusée pour l'essai."}
    for model in (Orientation, Organisation, Action):
        assert not model.objects.exists()
    assert len(response.context["form"].shown_proposals) == 2


def test_pasting_and_adding_lines_write_nothing_and_keep_what_is_typed(
    agreement, client_as
) -> None:
    client = client_as(Role.COORDINATOR)
    text = "\n".join(
        f"1. Enfance\t\t\tAction {rank}\tUne phrase.\tCCAS\t2027" for rank in range(30)
    )
    response = client.post(url(agreement), grid(line("Déjà là"), coller="1", texte=text))
    form = response.context["form"]
    assert [row.cells["title"] for row in form.lines[:3]] == ["Déjà là", "Action 0", "Action 1"]
    assert len(form.lines) == 31
    more = client.post(url(agreement), grid(line("Déjà là"), lignes="1"))
    assert (len(more.context["form"].lines), more.status_code) == (11, 200)
    assert not Action.objects.exists()


def test_more_than_a_hundred_lines_are_told(agreement, client_as) -> None:
    text = "\n".join(f"1\t\t\tAction {rank}" for rank in range(130))
    response = client_as(Role.COORDINATOR).post(url(agreement), {"coller": "1", "texte": text})
    assert len(response.context["form"].lines) == 100
    assert "30\u00a0lignes collées ne tiennent pas" in response.content.decode()


def test_grid_sent_twice_does_not_write_twice(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    data = grid(line("Relais", orientation="1. Enfance"), tout_creer="1")
    assert client.post(url(agreement), data).status_code == 302
    assert "l0-title" in errors(client.post(url(agreement), data))
    assert Action.objects.count() == 1


def test_grid_knows_nothing_of_another_agreement(agreement, other_agreement, client_as) -> None:
    make_orientation(other_agreement, code="1", title="Ailleurs")
    organisation(other_agreement, name="CCAS")
    response = client_as(Role.COORDINATOR).post(
        url(agreement), grid(line("Relais", orientation="1"))
    )
    assert set(errors(response)) == {"l0-orientation", "l0-lead"}
    assert "Ailleurs" not in response.content.decode()


def test_entry_costs_the_same_for_one_line_and_many_levels(
    agreement, client_as, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    client.get(url(agreement))
    for count in (1, 8):
        for _ in range(count):
            make_action(agreement)
        with django_assert_num_queries(6):
            client.get(url(agreement))


# --- Anything typed -------------------------------------------------------------------------
CELL = st.text(max_size=40) | st.sampled_from(
    ["1", "1. Enfance", "1.1 Accueil", "CCAS", "2027", "juin 2028", "en cours", "=1+1", "\x00", "99999999999"]
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.dictionaries(
            st.sampled_from(
                ["orientation", "objective", "code", "title", "summary", "lead", "due", "status"]
            ),
            CELL,
        ),
        max_size=5,
    ),
    everything=st.booleans(),
)
def test_anything_typed_is_written_whole_or_refused_in_words(
    agreement, coordinator, lines, everything
) -> None:
    """Never a 500; and as many actions as lines that hold something, or none at all."""
    before = Action.objects.count()
    data = grid(*lines, **({"tout_creer": "1"} if everything else {}))
    response = coordinator.post(url(agreement), data)
    written = Action.objects.count() - before
    if response.status_code == 302:
        assert written == sum(any(reading.plain(v) for v in cells.values()) for cells in lines)
    else:
        assert response.status_code == 422
        assert written == 0
        assert response.context["form"].non_field_errors()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(alphabet=st.sampled_from('ab1"\t;\n\r\x00é'), max_size=120))
def test_anything_pasted_fills_or_does_nothing(agreement, coordinator, text) -> None:
    response = coordinator.post(url(agreement), {"coller": "1", "texte": text})
    assert response.status_code == 200
    assert isinstance(response.context["form"], EntryForm)


@pytest.fixture
def coordinator(client_as):
    return client_as(Role.COORDINATOR)


@pytest.mark.parametrize(
    ("ranks", "words"),
    [([3], "ligne 3"), ([1, 2, 3, 7, 7], "lignes 1 à 3, 7"), ([2, 2], "ligne 2")],
)
def test_lines_are_told_in_short(ranks, words) -> None:
    assert lines_in_words(ranks) == words
