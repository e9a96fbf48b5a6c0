from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from opendata.services import load_facts


class Command(BaseCommand):
    help = "Charge un fichier de chiffres publiés (CSV, voir docs/formats.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            added = load_facts(path, loaded_by="ligne de commande")
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path} ne peut pas être lu : {error.strerror}.") from error
        self.stdout.write(f"{added} chiffres ajoutés." if added else "Ce fichier est déjà chargé.")
