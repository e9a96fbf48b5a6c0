from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from demo.services import load_demo


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"« {text} » n'est pas une date : écrivez 2026-11-23.") from None


class Command(BaseCommand):
    help = "Charge la démonstration (deux conventions fictives), une seule fois."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=iso_date, help="jour de référence, AAAA-MM-JJ (par défaut : aujourd'hui)"
        )

    def handle(self, *, date: date | None, **options: Any) -> None:
        try:
            load_demo(date or timezone.localdate(), lambda step: self.stdout.write(f"• {step}"))
        except DomainError as error:
            raise CommandError(str(error)) from error
