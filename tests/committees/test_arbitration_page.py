"""A point of arbitration: its advice, its page role by role, its one page of paper."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document as WordDocument
from outloud import check
from pypdf import PdfReader

from agreements.models import Agreement, Role
from committees.arbitration import length_advice, printed_lines
from committees.models import ArbitrationPoint
from core.errors import DomainError
from tests.committees.factories import AgendaItemFactory, arbitration
from tests.committees.test_pages import READERS, address, arbitration_data, text

pytestmark = pytest.mark.django_db
MONEY = [Role.COORDINATOR, Role.DIRECTION, Role.ELECTED, Role.CAF]
OPTIONS = [
    {"title": "La commune seule", "cost": 38000, "caf_revenue": 0, "effects": "Ouverture en 2027"},
    {"title": "Avec la Caf", "cost": 17100, "risk": "Réponse incertaine"},
]


@pytest.fixture
def point(agreement: Agreement) -> ArbitrationPoint:
    return arbitration(agreement, options=OPTIONS, technical_opinion="La seconde.")


@pytest.mark.parametrize(
    ("count", "words"), [(1, "rien à choisir"), (4, "ne se comparent plus"), (0, "rien à choisir")]
)
def test_number_of_options_is_refused_with_the_reason(agreement, count, words) -> None:
    item = AgendaItemFactory(agreement=agreement)
    with pytest.raises(DomainError, match=words):
        arbitration(agreement, item=item, options=[{"title": f"O{n}"} for n in range(count)])


def test_single_option_is_said_in_the_form(agreement, client_as) -> None:
    item = AgendaItemFactory(agreement=agreement)
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "arbitration", item.pk), arbitration_data(**{"option1-title": ""})
    )
    assert response.status_code == 422
    assert "rien à choisir" in response.content.decode()


def test_long_context_is_said_and_kept(agreement, client_as) -> None:
    assert printed_lines("Une ligne.\n\nDeux.") == 2
    item = AgendaItemFactory(agreement=agreement)
    coordinator = client_as(Role.COORDINATOR)
    response = coordinator.post(
        address(agreement, "arbitration", item.pk),
        arbitration_data(context="mot " * 200),
        follow=True,
    )
    assert "9 lignes pour cinq conseillées" in response.content.decode()
    point = ArbitrationPoint.objects.get(item=item)
    assert length_advice(point)
    point.context = "Court."
    assert length_advice(point) == ""


@pytest.mark.parametrize("role", [Role.COORDINATOR, *READERS])
def test_options_stand_side_by_side(agreement, client_as, point, role) -> None:
    page = text(client_as(role), address(agreement, "arbitration_page", point.item_id))
    for option in ("La commune seule", "Avec la Caf"):
        assert f'<th scope="col" role="columnheader">{option}' in page
        assert f'data-label="{option}"' in page
    assert ("38\u00a0000" in page) == (role in MONEY)
    assert ("Recette Caf (estimation)" in page) == (role in MONEY)
    assert ("Noter le choix" in page) == (role == Role.COORDINATOR)


def test_unconfirmed_point_has_no_page(agreement, client_as, point) -> None:
    type(point.item).objects.filter(pk=point.item_id).update(is_confirmed=False)
    url = address(agreement, "arbitration_page", point.item_id)
    assert client_as(Role.ELECTED).get(url).status_code == 404


def file_url(point: ArbitrationPoint, fmt: str) -> str:
    return reverse("reports:arbitration_file", args=[point.agreement.slug, point.item_id, fmt])


@pytest.mark.parametrize("role", [Role.COORDINATOR, *READERS])
def test_word_page_obeys_the_right_to_see_money(agreement, client_as, point, role) -> None:
    response = client_as(role).get(file_url(point, "docx"))
    word = WordDocument(BytesIO(response.content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "La commune seule" in cells
    assert any("Ouverture en 2027" in cell for cell in cells)
    assert any("38,0\u00a0k€" in cell for cell in cells) == (role in MONEY)
    assert ("Recette Caf (estimation)" in cells) == (role in MONEY)


def test_pdf_is_one_conformant_page(agreement, client_as, point) -> None:
    data = BytesIO(client_as(Role.ELECTED).get(file_url(point, "pdf")).content)
    assert len(PdfReader(data).pages) == 1
    report = check(data, layers=["conformance"])
    assert [row for row in report.findings if row.severity == "error"] == []


def test_unknown_format_is_not_found(agreement, client_as, point) -> None:
    assert client_as(Role.ELECTED).get(file_url(point, "xlsx")).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_words_that_name_an_amount_are_for_whoever_sees_amounts(agreement, client_as, role) -> None:
    item = AgendaItemFactory(agreement=agreement, title="Financer le multi-accueil")
    arbitration(
        agreement, item=item, question="Comment payer 38 000 € de plus ?",
        context="Le devis dépasse de 38 000 euros.", technical_opinion="Partager 17 k€.",
        options=[{**OPTIONS[0], "effects": "Il manque 21 000 €."}, {"title": "Payer 9 000 €"}],
    )  # fmt: skip
    client = client_as(role)
    for name, pk in (("arbitration_page", item.pk), ("meeting", item.meeting_id)):
        page = text(client, address(agreement, name, pk))
        for words in (
            "38\xa0000\xa0€",
            "38\xa0000 euros",
            "38 000 euros",
            "17\xa0k€",
            "17 k€",
            "21 000",
            "9 000",
        ):
            if words in page:
                assert role in MONEY
        assert ("ce texte cite un montant" in page) == (role not in MONEY)
        assert "Financer le multi-accueil" in page
