"""Forget the files of imports that nobody confirmed, and what can no longer be undone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from agreements.services.imports import purge
from core.formats import plural


class Command(BaseCommand):
    help = "Oublie les fichiers d'import non confirmés depuis une semaine, et de quoi annuler ceux de plus de trente jours."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{plural(purge(), 'import allégé', 'imports allégés')}.")
