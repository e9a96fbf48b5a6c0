from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agreements.models import Agreement
from core.documents.declaration import registry, render
from core.errors import DomainError
from reports.documents.base import Request
from reports.services import default_request


class Command(BaseCommand):
    help = "Écrit un document d'une convention dans un fichier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identifier", help="dossier-copil, bilan-annuel, ctg-en-deux-pages")
        parser.add_argument("--agreement", required=True, help="adresse courte de la convention")
        parser.add_argument("--year", type=int)
        parser.add_argument("--meeting", type=int, help="numéro de la réunion")
        parser.add_argument("--edition", choices=["provisional", "final"], default="")
        parser.add_argument("--date", type=date.fromisoformat, help="jour des données, AAAA-MM-JJ")
        parser.add_argument("--format", required=True, choices=["pdf", "xlsx", "docx"])
        parser.add_argument("--output", required=True, type=Path)

    def handle(self, *, identifier: str, output: Path, **options: Any) -> None:
        try:
            document = registry.get(identifier)
            agreement = Agreement.objects.select_related("lead_commune").get(
                slug=options["agreement"]
            )
        except KeyError as error:
            raise CommandError(str(error.args[0])) from error
        except Agreement.DoesNotExist:
            raise CommandError(
                f"Aucune convention à l'adresse « {options['agreement']} »."
            ) from None
        if options["format"] not in document.formats:
            raise CommandError(
                f"« {identifier} » n'existe pas en {options['format']} : {', '.join(document.formats)}."
            )
        usual = default_request(agreement, options["date"] or timezone.localdate())
        request = Request(
            agreement=agreement, on=usual.on, year=options["year"] or usual.year,
            meeting_id=options["meeting"], edition=options["edition"],
        )  # fmt: skip
        try:
            file = render(document.content(request), options["format"])
            write_whole(output, file.data)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{output} ne peut pas être écrit : {error.strerror}.") from error
        self.stdout.write(f"{output} ({len(file.data) // 1024} ko)")


def write_whole(path: Path, data: bytes) -> None:
    """The file appears whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)
