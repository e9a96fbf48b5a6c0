from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from opendata.services import load_territories


class Command(BaseCommand):
    help = "Charge les communes, intercommunalités, départements et régions."

    def handle(self, **options: Any) -> None:
        try:
            load_territories()
        except DomainError as error:
            raise CommandError(str(error)) from error
