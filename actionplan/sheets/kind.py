"""The plan's workbooks as kinds of import: the coordinator's, and the partner's of their own actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import User
from actionplan.models import Action, Measure, MeasurePoint, Objective, Orientation, Step
from actionplan.permissions import led_by
from actionplan.sheets.adapt import Adapted, adapt
from actionplan.sheets.book import Book, book_of, whole_book, with_foreign_columns
from actionplan.sheets.known import ORGANISATION, PERSON
from actionplan.sheets.naming import create_organisation_named, create_person_named
from actionplan.sheets.options import Options, options_of
from actionplan.sheets.options_form import OptionsForm
from actionplan.sheets.writer import Writer
from agreements import import_kinds
from agreements.access import Access, get_access
from agreements.import_kinds import Adaptation, ImportKind, Named, NewNames
from agreements.models import Agreement, ImportRun
from agreements.roles import Capability as C
from core.formats import date_long
from core.sheets import Change, Sheet, Table, write

WHOLE, OWN = "plan", "plan_own"

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
class Filled:
    """The sheets, and how the lines of the file were read."""

    book: Book
    foreign: bool = False
    adapted: Adapted | None = None
    options: Options | None = None

    @property
    def sheets(self) -> Sequence[Sheet]:
        return with_foreign_columns(self.book).sheets if self.foreign else self.book.sheets


def _whole(agreement: Agreement, new: NewNames, *, actor: User | None) -> Filled:
    return Filled(whole_book(agreement))


def _foreign(agreement: Agreement, new: NewNames, *, actor: User | None) -> Filled:
    return Filled(whole_book(agreement), foreign=True)


def _own(agreement: Agreement, new: NewNames, *, actor: User | None) -> Filled:
    """Nobody's own without a person: a command imports the whole plan."""
    return Filled(book_of(get_access(actor, agreement.slug)))


def _adapt(filled: Filled, tables: Sequence[Table], options: Mapping[str, Any]) -> Adaptation:
    told = options_of(filled.book.agreement, options)
    found = adapt(filled.book, tables, told)
    return Adaptation(
        replace(filled, adapted=found, options=told), found.tables, found.refused, found.notes
    )


def _writer(
    filled: Filled, changes: Sequence[Change], *, actor: User | None
) -> Callable[[Change], None]:
    assert filled.adapted is not None
    assert filled.options is not None
    return Writer(filled.book.known, filled.adapted, filled.options, actor=actor)


def _lock(agreement: Agreement) -> None:
    """Whoever saves a page of the plan waits, then sees what the import changed."""
    rows: tuple[type[models.Model], ...] = (Orientation, Objective, Action, Measure)
    for model in rows:
        list(
            model._base_manager.select_for_update()
            .filter(agreement=agreement)
            .order_by("pk")
            .values_list("pk")
        )


def _may_undo_own(access: Access, run: ImportRun) -> bool:
    """Whoever changes the plan; a partner, while they lead every action that the import touched.
    What is no longer there is judged by the undoing itself."""
    if access.can(C.PLAN_CHANGE):
        return True
    keys: dict[type[models.Model], set[int]] = {}
    for entry in run.written:
        keys.setdefault(apps.get_model(entry["model"]), set()).add(entry["pk"])
    touched = set(keys.get(Action, ()))
    paths: tuple[tuple[type[models.Model], str], ...] = (
        (Step, "action"), (Measure, "action"), (MeasurePoint, "measure__action"),
    )  # fmt: skip
    for model, path in paths:
        rows = model._base_manager.filter(agreement=access.agreement, pk__in=keys.get(model, ()))
        touched |= set(rows.values_list(path, flat=True))
    led = led_by(access, Action.objects.filter(agreement=access.agreement, pk__in=touched))
    return touched == set(led.values_list("pk", flat=True))


CREATES = {
    ORGANISATION: Named("organisation", create_organisation_named),
    PERSON: Named("personne", create_person_named),
}

import_kinds.register(
    ImportKind(
        key=WHOLE, label="le plan d'actions", title="Importer le plan",
        capability=C.PLAN_CHANGE, sheets=_whole, foreign=_foreign, adapt=_adapt, writer=_writer,
        options=OptionsForm, lock=_lock, creates=CREATES,
        page="actionplan:workbook", upload="actionplan:workbook_import",
        download="actionplan:workbook_export",
    )
)  # fmt: skip
import_kinds.register(
    ImportKind(
        key=OWN, label="les actions d'un pilote", title="Importer vos actions",
        capability=C.PLAN_CHANGE_OWN, sheets=_own, adapt=_adapt, writer=_writer, lock=_lock,
        page="actionplan:workbook", upload="actionplan:workbook_import_own",
        download="actionplan:workbook_export", supervised_by=C.PLAN_CHANGE, may_undo=_may_undo_own,
        help="Le classeur de vos actions, exporté ici et complété.",
    )
)  # fmt: skip
