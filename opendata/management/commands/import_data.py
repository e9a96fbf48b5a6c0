from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core import formats as fr
from core.errors import DomainError
from opendata.imports.engine import import_file
from opendata.imports.publication import Options
from opendata.imports.questions import Question
from opendata.imports.report import FEW_REFUSALS, Report, State, group_refusals

ACTOR = "ligne de commande"


class Command(BaseCommand):
    help = (
        "Importe des fichiers publiés (Insee, Cnaf, Depp…) tels que leurs producteurs les donnent."
        " Chacun est chargé en entier ou pas du tout."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
        parser.add_argument("--dataset", default="", help="clé du jeu attendu : refuse tout autre")
        parser.add_argument("--dry-run", action="store_true", help="vérifie sans rien écrire")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")
        parser.add_argument("--year", type=int, help="année, quand le fichier ne la dit pas")
        parser.add_argument(
            "--repair-codes", action="store_true", help="remet les zéros qu'un tableur a ôtés"
        )
        parser.add_argument(
            "--match-names",
            action="store_true",
            help="accepte de retrouver les territoires par leur nom, sans code",
        )

    def handle(self, *, files: list[Path], **options: Any) -> None:
        given = Options(options["year"], options["repair_codes"], options["match_names"])
        reports: list[dict[str, Any]] = []
        refused = 0
        for path in files:
            try:
                report = self._import(path, files, given, options)
            except DomainError as error:
                refused += 1
                told = error.for_the_command if isinstance(error, Question) else str(error)
                reports.append({"file": path.name, "state": "refused", "reason": told})
                self.stderr.write(f"{path.name} : refusé. {told}")
                continue
            reports.append(report.as_json())
            if not options["json"]:
                self._tell(report)
        if options["json"]:
            self.stdout.write(json.dumps(reports, ensure_ascii=False, indent=2))
        if refused:
            raise CommandError(f"{refused} fichier(s) refusé(s) sur {len(files)}.")

    def _import(
        self, path: Path, files: list[Path], given: Options, options: dict[str, Any]
    ) -> Report:
        with tqdm(
            desc=path.name, unit=" lignes", file=sys.stderr, disable=None, leave=False
        ) as bar:
            return import_file(
                path,
                actor=ACTOR,
                dataset=options["dataset"],
                dry_run=options["dry_run"],
                options=given,
                beside=[other for other in files if other != path],
                progress=lambda rows: bar.update(rows - bar.n) and None,
            )

    def _tell(self, report: Report) -> None:
        write = self.stdout.write
        write(f"{report.file} : {report.state_label}.")
        write(f"  {report.producer}, {report.title}, {report.vintage}".rstrip(", "))
        if report.state == State.ALREADY:
            return
        write(f"  {self.counts(report)}")
        if report.merged:
            write(
                f"  {fr.plural(report.merged, 'commune rassemblée', 'communes rassemblées')} après fusion."
            )
        if report.summed:
            write(
                f"  {fr.plural(report.summed, 'somme faite', 'sommes faites')} sur toutes les communes"
                " de leur territoire."
            )
        for remark in report.remarks:
            write(f"  {remark}")
        told = group_refusals(report.refusals)
        for group in told[:FEW_REFUSALS]:
            lines = ", ".join(fr.number(line) for line in group.lines)
            more = ", …" if group.count > len(group.lines) else ""
            where = f"{'ligne' if group.count == 1 else 'lignes'} {lines}{more}"
            column = f", colonne {group.column}" if group.column else ""
            times = f" ({group.count} fois)" if group.count > 1 else ""
            write(f"  {where}{column} : {group.reason}{times}")
        if len(told) > FEW_REFUSALS:
            write("  … la liste entière est dans le compte rendu (--json).")

    @staticmethod
    def counts(report: Report) -> str:
        """« 12 chiffres lus : 12 nouveaux ; 3 secrets. » — what is none is left out."""
        one, many = (
            ("élément lu", "éléments lus")
            if report.is_reference
            else ("chiffre lu", "chiffres lus")
        )
        changes = [
            (report.created, "nouveau", "nouveaux"),
            (report.changed, "changé", "changés"), (report.unchanged, "inchangé", "inchangés"),
            (report.removed, "retiré", "retirés"),
        ]  # fmt: skip
        natures = [
            (report.secret, "secret", "secrets"), (report.missing, "absent", "absents"),
            (report.not_applicable, "sans objet", "sans objet"),
            (report.refused, "refusé", "refusés"),
        ]  # fmt: skip
        told = [
            ", ".join(fr.plural(count, *words) for count, *words in group if count)
            for group in (changes, natures)
        ]
        rest = " ; ".join(text for text in told if text)
        return f"{fr.plural(report.read, one, many)}" + (f" : {rest}." if rest else ".")
