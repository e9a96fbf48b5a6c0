"""A file beside the plan: what it would create and change, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from actionplan.sheets.adapt import Adapted, adapt
from actionplan.sheets.book import Book, with_foreign_columns
from actionplan.sheets.known import LEVEL
from actionplan.sheets.options import Options
from actionplan.sheets.writer import Writer
from core.formats import date_long, plain_key
from core.sheets import Change, Columns, Report, Table, compare, read, write

HELP = (
    ("À quoi sert ce classeur", "Le plan d'actions : complétez-le, puis importez-le depuis la page « Excel » du plan. L'import montre tout ce qui changerait avant d'écrire."),
    ("Modifier une ligne", "Changez ses cellules. Deux colonnes masquées la relient à l'application : laissez-les."),
    ("Ajouter une action", "Écrivez-la à la suite de la feuille « Plan », en nommant son niveau. Laissez son numéro vide : le suivant est donné."),
    ("Les niveaux", "Chaque niveau a sa ligne, sans numéro d'action : son nom s'y change. Un niveau écrit sur une ligne nouvelle est créé."),
    ("Retirer une ligne", "Une ligne absente du classeur n'est pas supprimée : on archive une action, on retire une étape dans l'application."),
    ("Cellule vide", "Valeur non connue. Ce n'est jamais un zéro. Vider une cellule efface ce qu'elle disait."),
    ("Plusieurs valeurs", "Dans une même cellule, séparées par un point-virgule : « Caf ; MSA (financeur) »."),
    ("Si l'application a changé entre-temps", "L'import montre les deux valeurs et demande laquelle garder : rien n'est perdu."),
    ("Cible ou valeur déjà dite", "La changer demande une raison : dans la colonne « Motif du changement », ou une fois pour toutes à l'import."),
)  # fmt: skip
OWN_HELP = (
    ("À quoi sert ce classeur", "Les actions que vous pilotez : dites où elles en sont, puis importez-le depuis la page « Excel » du plan."),
    ("Ce que vous pouvez changer", "Le statut, l'avancement, « où en est-on », les difficultés, ce qui bloque ; les étapes ; les valeurs des mesures. Le reste sert à se repérer et n'est pas lu."),
    ("Ajouter une étape", "Écrivez-la à la suite de la feuille « Étapes », avec le numéro de l'action."),
    ("Cellule vide", "Valeur non connue. Ce n'est jamais un zéro. Vider une cellule efface ce qu'elle disait."),
    ("Valeur déjà dite", "La changer demande une raison, dans la colonne « Motif du changement »."),
)  # fmt: skip


def export(book: Book, *, on: date) -> bytes:
    """The workbook as it leaves, dated."""
    subject = "Plan d'actions" if book.whole else "Vos actions"
    help_lines = HELP if book.whole else OWN_HELP
    dated = ("Exporté le", f"{date_long(on)}, de « {book.agreement.name} »")
    return write(f"{subject}, {book.agreement.name}", book.sheets, [dated, *help_lines])


@dataclass(frozen=True)
class Look:
    """What the file would do; ``writer`` writes one of its lines."""

    book: Book
    report: Report
    adapted: Adapted
    options: Options

    def writer(self, *, actor: User | None, create: frozenset[str]) -> Callable[[Change], None]:
        """``create``: identifiers of the unknown names that a person ticked."""
        known = {name.identifier for name in self.report.unknown}

        def may_create(kind: str, label: str) -> bool:
            if kind == LEVEL:
                return self.options.create_levels
            if label == self.options.lead:
                return True
            return f"{kind}:{plain_key(label)}" in create & known

        return Writer(
            self.book.known, actor=actor, may_create=may_create, reason=self.options.reason,
            new_codes=self.adapted.new_codes, reasons=self.adapted.reasons,
            lead=self.options.lead, leads=self.adapted.leads,
        )  # fmt: skip


def look(
    book: Book,
    data: bytes,
    file_name: str,
    *,
    options: Options,
    columns: Columns | None = None,
) -> Look:
    """Read and compare. Raises ``core.sheets.Unreadable`` for a file that is none of ours."""
    sheets = with_foreign_columns(book).sheets if columns is not None else book.sheets
    return compared(book, read(data, file_name, sheets, columns), options)


def compared(book: Book, tables: Sequence[Table], options: Options) -> Look:
    adapted = adapt(book, tables, options)
    report = compare(adapted.tables, book.order)
    report.refused = [*adapted.refused, *report.refused]
    report.notes += adapted.notes
    return Look(book, report, adapted, options)
