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
from opendata.pack.build import build
from opendata.pack.load import Loaded, load

ACTOR = "ligne de commande"
KINDS = {
    "indicators": ("indicateur", ""),
    "districts": ("quartier", ""),
    "datasets": ("jeu de données", "jeux de données"),
    "mappings": ("description de tableau", "descriptions de tableaux"),
    "movements": ("mouvement de commune", "mouvements de communes"),
    "contours": ("contour", ""),
    "rates": ("barème", ""),
}


class Command(BaseCommand):
    help = (
        "Met en un seul fichier tout ce que l'instance a importé (build), ou le charge dans une"
        " autre (load)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["build", "load"])
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--expect", default="", help="empreinte attendue du paquet à charger")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *, act: str, file: Path, **options: Any) -> None:
        try:
            with tqdm(
                desc=file.name, unit=" chiffres", file=sys.stderr, disable=None, leave=False
            ) as bar:

                def progress(figures: int) -> None:
                    bar.update(figures - bar.n)

                if act == "build":
                    self.build(file, options["json"], progress)
                else:
                    self.load(file, options["expect"], options["json"], progress)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def build(self, file: Path, as_json: bool, progress: Any) -> None:
        built = build(file, progress=progress)
        size = file.stat().st_size
        if as_json:
            told = {"file": str(file), "bytes": size, "sha256": built.whole,
                    "versions": built.versions, "figures": built.figures}  # fmt: skip
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"{file} : {fr.plural(built.versions, 'version')},"
            f" {fr.plural(built.figures, 'chiffre')}, {fr.number(size / 1e6, 1)} Mo."
        )
        self.stdout.write(f"Empreinte à transmettre avec le paquet : {built.whole}")

    def load(self, file: Path, expected: str, as_json: bool, progress: Any) -> None:
        loaded = load(file, actor=ACTOR, expected=expected, progress=progress)
        if as_json:
            self.stdout.write(json.dumps(loaded.as_json(), ensure_ascii=False, indent=2))
            return
        self.tell(loaded)

    def tell(self, loaded: Loaded) -> None:
        if loaded.is_nothing:
            self.stdout.write("Tout est déjà là, rien ne change.")
        else:
            self.stdout.write(
                f"Chargé : {fr.plural(loaded.versions, 'version')},"
                f" {fr.plural(loaded.figures, 'chiffre')}."
            )
            more = [
                fr.plural(count, *words)
                for name, words in KINDS.items()
                if (count := getattr(loaded, name))
            ]
            if more:
                self.stdout.write(f"  Aussi : {', '.join(more)}.")
        if loaded.already or loaded.unchanged:
            self.stdout.write(
                f"  {fr.plural(loaded.already + loaded.unchanged, 'version déjà là', 'versions déjà là')}."
            )
        if loaded.kept:
            self.stdout.write(
                f"  {fr.plural(loaded.kept, 'version gardée', 'versions gardées')} : celle de"
                " l'instance est plus récente."
            )
