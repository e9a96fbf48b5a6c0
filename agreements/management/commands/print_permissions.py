"""Write docs/permissions.md from the one table of roles; ``--check`` says whether it is current."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agreements.models import Role
from agreements.roles import ROLE_AUDIENCE, ROLE_CAPABILITIES, Capability

INTRODUCTION = """\
# Qui peut faire quoi

<!-- Page écrite par `manage.py print_permissions` : ne la modifiez pas à la main. -->

Chaque membre d'une convention a un rôle. Le rôle donne des droits dans cette convention \
seulement : être membre d'une CTG n'ouvre rien d'une autre. « oui » : le rôle peut le faire.

Une page hors de la convention, ou un objet d'une autre convention, répond « introuvable » (404). \
Un membre dont le rôle ne suffit pas lit un refus qui dit pourquoi (403).
"""

SPECIAL_CASES = """\
## Ce qu'un rôle seul ne décide pas

- **Partenaire** : « mettre à jour les actions que l'on pilote » ne vaut que pour les actions dont \
son compte est le pilote.
- **Caf** : elle propose des points à l'ordre du jour, saisit ses propres chiffres et marque un \
document « relu » ; elle ne valide pas et ne transmet pas à la place de la collectivité.
- **Direction** : un document ne peut être « transmis » qu'une fois validé par elle.
- **Dernière personne qui pilote** : son rôle ne peut pas être retiré tant qu'elle est seule.

## Hors des rôles

- **Administration de l'application** : ouvre une convention et invite la personne qui la pilote ; \
n'en lit pas le contenu sans en être membre.
- **Porteur d'un lien de lecture** : lit le document pour lequel le lien a été créé, jusqu'à sa \
date de fin ou son retrait ; rien d'autre.
- **Porteur d'une invitation** : ouvre son propre accès, une fois, pendant quatorze jours.
- **Visiteur non connecté** : page de connexion et glossaire.
"""


def table(headers: list[str], rows: list[list[str]]) -> str:
    lines = [headers, ["---"] + [":---:"] * (len(headers) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def capability_rows() -> list[list[str]]:
    return [
        [str(capability.label)]
        + ["oui" if capability in ROLE_CAPABILITIES[role] else "–" for role in Role]
        for capability in Capability
    ]


def permissions_page() -> str:
    roles = [str(role.label) for role in Role]
    readings = table(
        ["Niveau de lecture", *roles],
        [["lit jusqu'à", *(str(ROLE_AUDIENCE[role].label) for role in Role)]],
    )
    return "\n".join(
        [
            INTRODUCTION,
            table(["Droit", *roles], capability_rows()),
            "",
            "## Jusqu'où chacun lit",
            "",
            "Chaque chiffre, note, pièce ou document est « publique », « membres du COPIL » ou "
            "« interne ».",
            "",
            readings,
            "",
            SPECIAL_CASES,
        ]
    )


class Command(BaseCommand):
    help = "Écrit docs/permissions.md ; --check vérifie qu'il est à jour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="vérifier sans écrire")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "permissions.md"
        page = permissions_page()
        if not check:
            path.write_text(page)
            self.stdout.write(f"{path} est écrit.")
        elif not path.exists() or path.read_text() != page:
            raise CommandError(
                "docs/permissions.md n'est plus à jour : lancez « manage.py print_permissions »."
            )
