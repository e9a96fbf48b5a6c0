from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actionplan.sheets.command import Asked, Outcome, import_plan
from agreements.models import Agreement
from core.errors import DomainError
from core.formats import plural
from core.sheets import Unreadable, grouped

FEW = 40


class Command(BaseCommand):
    help = (
        "Importe un plan d'actions : le classeur exporté et complété, ou la table de quelqu'un"
        " d'autre (.xlsx, .ods, .csv), dont les colonnes sont reconnues par leur nom. Tout est"
        " écrit, ou rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--agreement", required=True, metavar="SLUG", help="la convention")
        parser.add_argument("--dry-run", action="store_true", help="vérifie sans rien écrire")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")
        parser.add_argument(
            "--create",
            action="append",
            default=[],
            choices=("organisations", "people"),
            help="crée les organisations (organisations) ou les personnes (people) inconnues ;"
            " sans cette option, leurs noms sont laissés de côté et signalés",
        )
        parser.add_argument(
            "--no-new-levels", action="store_true", help="refuse les niveaux que le plan n'a pas"
        )
        parser.add_argument("--lead", default="", help="structure pilote des actions sans pilote")
        parser.add_argument(
            "--due", type=date.fromisoformat, help="échéance (AAAA-MM-JJ) des actions sans échéance"
        )
        parser.add_argument("--budget-year", type=int, help="année des budgets donnés en un total")
        parser.add_argument(
            "--clamp-dates",
            action="store_true",
            help="ramène aux bornes de la convention les dates qui en sortent",
        )
        parser.add_argument("--reason", default="", help="motif des cibles et valeurs changées")
        parser.add_argument(
            "--both",
            choices=("file", "app"),
            help="valeur à garder quand le fichier et l'application ont changé la même cellule",
        )
        parser.add_argument(
            "--column", action="append", default=[], metavar="TITRE=CHAMP",
            help="impose le champ d'une colonne ; vide : la laisser de côté",
        )  # fmt: skip

    def handle(self, *, file: Path, **options: Any) -> None:
        agreement = Agreement.objects.filter(slug=options["agreement"]).first()
        if agreement is None:
            raise CommandError(f"Aucune convention « {options['agreement']} ».")
        try:
            data = file.read_bytes()
        except OSError:
            raise CommandError(f"Le fichier {file} ne se lit pas.") from None
        asked = Asked(
            dry_run=options["dry_run"], create=frozenset(options["create"]), both=options["both"],
            columns=dict(told.partition("=")[::2] for told in options["column"]),
            options={
                "lead": options["lead"], "due_on": options["due"] and options["due"].isoformat(),
                "budget_year": options["budget_year"], "clamp_dates": options["clamp_dates"],
                "create_levels": not options["no_new_levels"], "reason": options["reason"],
            },
        )  # fmt: skip
        try:
            outcome = import_plan(agreement, data, file.name, asked)
        except (Unreadable, DomainError) as error:
            if options["json"]:
                self.stdout.write(_failed(str(error)))
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
        else:
            self._tell(outcome)
        if outcome.reason:
            raise CommandError(outcome.reason)

    def _tell(self, outcome: Outcome) -> None:
        report, write = outcome.report, self.stdout.write
        for page, told in outcome.columns.items():
            write(f"Feuille « {page} », lue comme « {told['sheet']} » :")
            for title, ours in told["columns"].items():
                write(f"  {title} → {ours or 'laissée de côté'}")
        counts = (
            plural(outcome.created, "ligne créée", "lignes créées"),
            plural(outcome.changed, "ligne modifiée", "lignes modifiées"),
            plural(outcome.unchanged, "ligne inchangée", "lignes inchangées"),
            plural(len(report.refused), "refus", "refus"),
        )
        write(f"{', '.join(counts)}.")
        for change in [*report.created, *report.changed, *report.both][:FEW]:
            write(f"  {change.place} : {change.label}")
            if not change.is_new:
                for cell in change.differences:
                    write(f"    {cell.column} : « {cell.old} » → « {cell.new} »")
        for sentence in [*report.notes, *outcome.left_out_sentences(), *grouped(report.refused)]:
            write(f"  {sentence}")
        if not outcome.reason:
            write("Rien n'est écrit (essai)." if outcome.dry_run else "Le plan est importé.")


def _failed(reason: str) -> str:
    told = {"created": 0, "changed": 0, "unchanged": 0, "refused": 1, "columns": {}, "reason": reason}  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=2)
