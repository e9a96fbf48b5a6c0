from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from opendata.services import load_catalogue


class Command(BaseCommand):
    help = "Charge les domaines et les indicateurs."

    def handle(self, **options: Any) -> None:
        try:
            load_catalogue()
        except DomainError as error:
            raise CommandError(str(error)) from error
