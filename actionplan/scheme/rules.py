"""How completely each legal item is answered, computed from what the CTG holds.

« Couvert »: something answers and nothing is missing; « en partie »: something answers, and the lacks
say what is missing; « manquant »: nothing answers. The author may say otherwise, with a text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from actionplan.models import ActionStatus, SchemeItem
from actionplan.scheme.content import NEEDS, Mode, SchemeContent
from actionplan.scheme.items import ASKS, slug_of
from actionplan.scheme_items import LEGAL_ITEMS, LegalItem
from agreements.models import Agreement
from core import formats as fr

Judgement = SchemeItem.Judgement
COVERED, PARTIAL, MISSING = Judgement.COVERED, Judgement.PARTIAL, Judgement.MISSING
SHAPES = {
    COVERED: ("circle-check", "success"),
    PARTIAL: ("circle-half-2", "warning"),
    MISSING: ("circle-dashed", "danger"),
}
"""Icon and tone of each state."""


@dataclass(frozen=True)
class Answer:
    """An object of the CTG that answers the item."""

    label: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Lack:
    """What is missing, and where to write it; ``links`` name each object to complete."""

    words: str
    url: str = ""
    act: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass
class ItemState:
    """One item: what answers it, what is missing, what the author says."""

    item: LegalItem
    answers: list[Answer] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    said: SchemeItem | None = None

    @property
    def slug(self) -> str:
        return slug_of(self.item.code)

    @property
    def asks(self) -> str:
        return ASKS[self.item.code]

    @property
    def text(self) -> str:
        return self.said.text if self.said else ""

    @property
    def computed(self) -> str:
        if not self.answers and not self.text:
            return MISSING
        return PARTIAL if self.lacks or not self.answers else COVERED

    @property
    def is_overridden(self) -> bool:
        return bool(self.said and self.said.judgement and self.said.judgement != self.computed)

    @property
    def state(self) -> str:
        return str(self.said.judgement) if self.said and self.said.judgement else self.computed

    @property
    def word(self) -> str:
        return str(Judgement(self.state).label)

    @property
    def icon(self) -> str:
        return SHAPES[Judgement(self.state)][0]

    @property
    def tone(self) -> str:
        return SHAPES[Judgement(self.state)][1]

    @property
    def computed_word(self) -> str:
        return str(Judgement(self.computed).label)


class _Rules:
    """Each method answers one item for one agreement."""

    def __init__(self, agreement: Agreement, content: SchemeContent, *, with_money: bool) -> None:
        self.agreement, self.content, self.with_money = agreement, content, with_money

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.agreement.slug, *args])

    def action_links(self, rows: list[Any], name: str) -> tuple[tuple[str, str], ...]:
        return tuple((str(row), self.url(name, row.pk)) for row in rows)

    def tagged(self, code: str) -> list[Answer]:
        return [
            Answer(str(row), row.summary, self.url("actionplan:action", row.pk))
            for row in self.content.tagged(code)
        ]

    # --- 1° to 3°: the diagnosis
    def register(self, state: ItemState) -> None:
        rows = self.content.facilities
        state.answers = [
            Answer(row.name, f"{row.type}, {row.manager}", self.url("territory:facility", row.pk))
            for row in rows
        ]
        if not rows:
            state.lacks.append(
                Lack(
                    "Aucun équipement ni service pour les moins de trois ans n'est au répertoire.",
                    self.url("territory:facility_create"),
                    "Ajouter un équipement",
                )
            )
            return
        without = [row for row in rows if not row.capacity_count]  # type: ignore[attr-defined]
        if without:
            state.lacks.append(
                Lack(
                    f"{fr.plural(len(without), 'équipement')} sans capacité.",
                    links=tuple(
                        (row.name, self.url("territory:capacities", row.pk)) for row in without
                    ),
                )
            )
        if not any(row.type.mode == Mode.INDIVIDUAL for row in rows):
            state.lacks.append(
                Lack(
                    "L'accueil individuel (assistants maternels) n'est pas au répertoire.",
                    self.url("territory:facility_create"),
                    "L'ajouter",
                )
            )

    def needs(self, state: ItemState) -> None:
        content = self.content
        state.answers = [
            Answer(
                reading.indicator.label,
                f"{reading.text} ({reading.source})",
                self.url("territory:indicator", reading.indicator.key),
            )
            for reading in content.figures.values()
        ]
        if content.has_projection:
            state.answers.append(
                Answer(
                    "Projection des moins de trois ans",
                    "hypothèses écrites",
                    self.url("territory:adequacy"),
                )
            )
        if content.findings:
            state.answers.append(
                Answer(
                    f"{fr.plural(content.findings, 'constat')} sur la petite enfance",
                    "",
                    self.url("territory:afom"),
                )
            )
        if content.diagnoses:
            state.answers.append(
                Answer(
                    fr.plural(content.diagnoses, "diagnostic ou étude", "diagnostics ou études"),
                    "",
                    self.url("territory:diagnoses"),
                )
            )
        unknown = [need for need in NEEDS if need not in content.figures]
        if unknown:
            state.lacks.append(
                Lack(
                    f"Chiffres inconnus : {', '.join(unknown)}.",
                    self.url("territory:figure_create"),
                    "Saisir un chiffre",
                )
            )
        if not content.has_projection:
            state.lacks.append(
                Lack(
                    "Les besoins des années à venir ne sont pas projetés.",
                    self.url("territory:projection"),
                    "Écrire les hypothèses",
                )
            )
        if not content.findings:
            state.lacks.append(
                Lack(
                    "Aucun constat ne porte sur la petite enfance.",
                    self.url("territory:finding_create"),
                    "Écrire un constat",
                )
            )

    def areas(self, state: ItemState) -> None:
        state.answers = [
            Answer(str(row), row.reason, self.url("territory:adequacy"))
            for row in self.content.areas
        ]
        if not self.content.areas:
            state.lacks.append(
                Lack(
                    "Aucune zone mal desservie n'est décrite pour la petite enfance. "
                    "S'il n'y en a pas, écrivez-le.",
                    self.url("territory:area_create"),
                    "Décrire une zone",
                )
            )

    # --- 4° a to e: actions that name the item
    def by_actions(self, state: ItemState) -> None:
        code = state.item.code
        rows = self.content.tagged(code)
        state.answers = self.tagged(code)
        if not rows:
            state.lacks.append(
                Lack(
                    f"Aucune action ne porte l'attendu {code}. Cochez-le sur une action qui y répond, "
                    "ou ajoutez-en une.",
                    self.url("actionplan:create"),
                    "Ajouter une action",
                    self.action_links(self.content.early, "actionplan:update"),
                )
            )
            return
        if all(row.status == ActionStatus.TO_DISCUSS for row in rows):
            state.lacks.append(
                Lack(
                    "Ces actions sont encore à discuter : rien n'est décidé.",
                    links=self.action_links(rows, "actionplan:status"),
                )
            )

    def investments(self, state: ItemState) -> None:
        with_amount = [row for row in self.content.early if row.investment]
        rows = {row.pk: row for row in (*self.content.tagged(state.item.code), *with_amount)}
        state.answers = [
            Answer(
                str(row),
                f"investissement prévu : {fr.euros(row.investment)}"
                if row.investment and self.with_money
                else "investissement prévu"
                if row.investment
                else "",
                self.url("actionplan:action", row.pk),
            )
            for row in rows.values()
        ]
        if not rows:
            state.lacks.append(
                Lack(
                    "Aucune action de petite enfance ne prévoit d'investissement. "
                    "S'il n'y en a pas, écrivez-le.",
                    self.url("actionplan:scheme_item", state.slug),
                    "L'écrire",
                    self.action_links(self.content.early, "actionplan:budget"),
                )
            )
        without = [row for row in rows.values() if not row.investment]
        if without:
            state.lacks.append(
                Lack(
                    "Projets sans montant d'investissement.",
                    links=self.action_links(without, "actionplan:budget"),
                )
            )

    # --- 4° f to h: every action of early childhood
    def means(self, state: ItemState) -> None:
        rows = self.content.early
        costed = [row for row in rows if row.has_budget]
        funded = [row for row in rows if row.has_funding]
        staffed = [row for row in rows if row.has_staff or row.human_means]
        told = [row for row in rows if row.difficulties or row.status == ActionStatus.BLOCKED]
        self._share(state, costed, "avec des dépenses prévues")
        self._share(state, funded, "avec un financement")
        self._share(state, staffed, "avec leurs moyens humains")
        self._share(state, told, "avec leurs difficultés")
        self._lack(state, rows, costed, "sans dépense prévue", "actionplan:budget")
        self._lack(state, rows, funded, "sans financement", "actionplan:funding")
        self._lack(state, rows, staffed, "sans moyens humains", "actionplan:update")
        if rows and not told and not state.text:
            state.lacks.append(
                Lack(
                    "Les difficultés attendues ne sont dites nulle part.",
                    self.url("actionplan:scheme_item", state.slug),
                    "Les écrire",
                )
            )
        self._none(state, rows)

    def calendar(self, state: ItemState) -> None:
        rows = self.content.early
        dated = [row for row in rows if row.starts_on]
        stepped = [row for row in rows if row.has_steps]
        self._share(state, rows, "avec une échéance")
        self._share(state, dated, "avec un début")
        self._share(state, stepped, "découpées en étapes")
        self._lack(state, rows, dated, "sans date de début", "actionplan:update")
        self._lack(state, rows, stepped, "sans étape", "actionplan:steps")
        self._none(state, rows)

    def evaluation(self, state: ItemState) -> None:
        rows = self.content.early
        measured = [row for row in rows if row.has_measure]
        aimed = [row for row in rows if row.has_target]
        self._share(state, measured, "avec une mesure")
        self._share(state, aimed, "avec une cible datée")
        self._lack(state, rows, measured, "sans mesure", "actionplan:measure_create")
        self._lack(state, measured, aimed, "sans cible", "actionplan:action")
        if not state.text:
            state.lacks.append(
                Lack(
                    "Les modalités d'évaluation (qui, quand, comment) restent à écrire.",
                    self.url("actionplan:scheme_item", state.slug),
                    "Les écrire",
                )
            )
        self._none(state, rows)

    def _share(self, state: ItemState, having: list[Any], words: str) -> None:
        total = len(self.content.early)
        if having:
            label = f"{fr.plural(len(having), 'action')} sur {total} {words}"
            state.answers.append(Answer(label, "", self.url("actionplan:table")))

    def _lack(
        self, state: ItemState, rows: list[Any], having: list[Any], words: str, name: str
    ) -> None:
        known = {row.pk for row in having}
        without = [row for row in rows if row.pk not in known]
        if without:
            state.lacks.append(
                Lack(
                    f"{fr.plural(len(without), 'action')} {words}.",
                    links=self.action_links(without, name),
                )
            )

    def _none(self, state: ItemState, rows: list[Any]) -> None:
        if not rows:
            state.lacks.append(
                Lack(
                    "Le plan n'a pas encore d'action de petite enfance.",
                    self.url("actionplan:create"),
                    "Ajouter une action",
                )
            )


RULES: dict[str, Callable[[_Rules, ItemState], None]] = {
    "1°": _Rules.register, "2°": _Rules.needs, "3°": _Rules.areas,
    "4° a": _Rules.by_actions, "4° b": _Rules.by_actions, "4° c": _Rules.by_actions,
    "4° d": _Rules.by_actions, "4° e": _Rules.investments, "4° f": _Rules.means,
    "4° g": _Rules.calendar, "4° h": _Rules.evaluation,
}  # fmt: skip


def item_states(
    agreement: Agreement,
    content: SchemeContent,
    said: dict[str, SchemeItem],
    *,
    with_money: bool,
) -> list[ItemState]:
    """The eleven, in the order of the article."""
    rules = _Rules(agreement, content, with_money=with_money)
    states = []
    for item in LEGAL_ITEMS:
        state = ItemState(item, said=said.get(item.code))
        RULES[item.code](rules, state)
        if item.code[0] in "123":
            state.answers += rules.tagged(item.code)
        states.append(state)
    return states
