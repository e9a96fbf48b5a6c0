from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from opendata.imports.engine import undo
from opendata.models import DatasetVersion


class Command(BaseCommand):
    help = (
        "Annule un import : la version qu'il avait remplacée redevient courante. Sans numéro,"
        " liste les versions chargées."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", nargs="?", type=int)

    def handle(self, *, version: int | None, **options: Any) -> None:
        if version is None:
            rows = DatasetVersion.objects.filter(undone_at=None, is_current=True)
            for row in rows.select_related("dataset").order_by("pk"):
                self.stdout.write(f"{row.pk:>5}  {row}  {row.file_name}")
            return
        try:
            gone = undo(DatasetVersion.objects.get(pk=version), actor="ligne de commande")
        except DatasetVersion.DoesNotExist:
            raise CommandError(f"Il n'y a pas de version {version}.") from None
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Import annulé : {gone} chiffres retirés.")
