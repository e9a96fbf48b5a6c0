from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actionplan.models import Orientation
from agreements.models import Agreement, Theme
from core.audience import Audience
from core.documents.declaration import registry, render
from core.errors import DomainError
from core.formats import file_size, plain_key
from reports.documents.base import Document, Request
from reports.plan_sections import KEYS as PLAN_KEYS
from reports.sections import BY_KEY
from reports.services import default_request

KEYS = ", ".join(BY_KEY)


class Command(BaseCommand):
    help = "Écrit un document d'une convention dans un fichier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "identifier",
            help="dossier-copil, bilan-annuel, ctg-en-deux-pages, diagnostic, plan-actions, budget-plan,"
            " plan-signe-et-changements, deck-copil…",
        )
        parser.add_argument("--agreement", required=True, help="adresse courte de la convention")
        parser.add_argument("--year", type=int)
        parser.add_argument("--meeting", type=int, help="numéro de la réunion")
        parser.add_argument("--edition", choices=["provisional", "final"], default="")
        parser.add_argument("--theme", help="nom d'un thème, pour le diagnostic")
        parser.add_argument(
            "--sections",
            help=f"chapitres, séparés par des virgules ; du diagnostic : {KEYS} ; du plan : {', '.join(PLAN_KEYS)}",
        )
        parser.add_argument(
            "--audience",
            choices=[Audience.PUBLIC.value, Audience.COMMITTEE.value],
            default="",
            help="édition du diagnostic ou du plan",
        )
        parser.add_argument(
            "--orientations", help="numéros des orientations du plan, séparés par des virgules"
        )
        parser.add_argument(
            "--without-money", action="store_true", help="le plan sans les montants"
        )
        parser.add_argument("--date", type=date.fromisoformat, help="jour des données, AAAA-MM-JJ")
        parser.add_argument("--format", required=True, choices=["pdf", "xlsx", "docx", "pptx"])
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
        assert isinstance(document, Document)
        theme = theme_named(agreement, options["theme"]) if options["theme"] else None
        usual = default_request(agreement, options["date"] or timezone.localdate())
        request = Request(
            agreement=agreement, on=usual.on, year=options["year"] or usual.year,
            meeting_id=options["meeting"], edition=options["edition"],
            sections=keys_named(options["sections"], document.section_keys), theme_id=theme.pk if theme else None,
            audience=options["audience"],
            orientations=orientations_named(agreement, options["orientations"]),
            with_money=not options["without_money"],
        )  # fmt: skip
        try:
            file = render(document.content(request), options["format"])
            write_whole(output, file.data)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{output} ne peut pas être écrit : {error.strerror}.") from error
        self.stdout.write(f"{output} ({file_size(len(file.data))})")


def theme_named(agreement: Agreement, name: str) -> Theme:
    """The theme, however it is accented; an unknown one is refused with the list of those in use."""
    known = list(Theme.objects.filter(agreement=agreement, is_active=True))
    for theme in known:
        if plain_key(theme.name) == plain_key(name):
            return theme
    names = ", ".join(theme.name for theme in known) or "aucun"
    raise CommandError(f"Aucun thème « {name} ». Thèmes de la convention : {names}.")


def keys_named(text: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in (text or "").split(",") if key.strip())
    unknown = [key for key in keys if key not in known]
    if unknown:
        those = ", ".join(known) or "ce document n'en a pas à choisir"
        raise CommandError(f"Chapitre inconnu : {', '.join(unknown)}. Chapitres : {those}.")
    return keys


def orientations_named(agreement: Agreement, text: str | None) -> tuple[int, ...]:
    """By their numbers; an unknown one is refused with the list of those of the plan."""
    wanted = [code.strip() for code in (text or "").split(",") if code.strip()]
    known = dict(Orientation.objects.filter(agreement=agreement).values_list("code", "pk"))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise CommandError(
            f"Orientation inconnue : {', '.join(unknown)}. Orientations : {', '.join(known) or 'aucune'}."
        )
    return tuple(known[code] for code in wanted)


def write_whole(path: Path, data: bytes) -> None:
    """The file appears whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)
