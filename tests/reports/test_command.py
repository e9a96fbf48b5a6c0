"""``manage.py document``: any document from the command line, or one sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from committees.models import CommitteeKind
from tests.committees.factories import MeetingFactory

pytestmark = pytest.mark.django_db


def run(agreement, output, identifier="bilan-annuel", **options) -> None:
    given = {"agreement": agreement.slug, "format": "xlsx", "output": output, **options}
    call_command("document", identifier, **{k: v for k, v in given.items() if v is not None})


@pytest.mark.parametrize(("fmt", "magic"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("docx", b"PK")])
def test_file_is_written_whole(agreement, tmp_path, fmt, magic) -> None:
    target = tmp_path / f"bilan.{fmt}"
    run(agreement, target, format=fmt, year=2026)
    assert target.read_bytes().startswith(magic)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_meeting_is_named_by_its_number(agreement, tmp_path) -> None:
    steering = {"committee__kind__nature": CommitteeKind.Nature.STEERING}
    first = MeetingFactory(agreement=agreement, on=date(2026, 3, 3), **steering)
    MeetingFactory(agreement=agreement, on=date(2026, 12, 8), **steering)
    target = tmp_path / "dossier.docx"
    run(agreement, target, "dossier-copil", format="docx", meeting=first.pk)
    assert target.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identifier": "inconnu"}, "inconnu"),
        ({"agreement_slug": "nulle-part"}, "Aucune convention à l'adresse « nulle-part »"),
        ({"identifier": "dossier-copil", "format": "xlsx"}, "n'existe pas en xlsx"),
        ({"identifier": "dossier-copil", "format": "pdf"}, "Aucune réunion"),
        ({"year": 1999}, "1999 n'est pas une année de la convention"),
        ({"folder": "absent/dossier"}, "ne peut pas être écrit"),
    ],
)
def test_refusal_is_one_sentence_and_leaves_no_file(agreement, tmp_path, changes, words) -> None:
    target = tmp_path / changes.pop("folder", "") / "sortie"
    slug = changes.pop("agreement_slug", agreement.slug)
    agreement.slug = slug
    with pytest.raises(CommandError, match=words):
        run(agreement, target, **changes)
    assert not list(tmp_path.iterdir())


def test_other_agreements_meeting_is_refused(agreement, other_agreement, tmp_path) -> None:
    foreign = MeetingFactory(
        agreement=other_agreement, committee__kind__nature=CommitteeKind.Nature.STEERING
    )
    with pytest.raises(CommandError):
        run(agreement, tmp_path / "x.pdf", "dossier-copil", format="pdf", meeting=foreign.pk)
