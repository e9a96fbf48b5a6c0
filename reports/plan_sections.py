"""The chapters of the printed plan, in the order in which they are read, and who it is for."""

from __future__ import annotations

from dataclasses import dataclass

from core.audience import Audience


@dataclass(frozen=True)
class PlanSection:
    """A chapter: ``key`` in addresses and commands, what it holds; ``money``: amounts only."""

    key: str
    title: str
    holds: str
    money: bool = False


PLAN_SECTIONS: tuple[PlanSection, ...] = (
    PlanSection("synthese", "Le plan en bref", "Avancement par orientation, ce qui bloque."),
    PlanSection("enjeux", "À quoi répond le plan", "Chaque enjeu, et les actions qui y répondent."),
    PlanSection(
        "tableau", "Toutes les actions", "Une ligne par action : pilote, échéance, statut."
    ),
    PlanSection(
        "calendrier", "Calendrier", "La frise de chaque orientation, les prochaines étapes."
    ),
    PlanSection("mesures", "Mesures", "Valeur de départ, cible, dernière valeur."),
    PlanSection("budget", "Budget", "Coût et financements par année et par financeur.", money=True),
    PlanSection("fiches", "Fiches des actions", "Une page par action."),
)
KEYS = tuple(section.key for section in PLAN_SECTIONS)


@dataclass(frozen=True)
class Edition:
    """For whom the plan is printed. A public edition has no amount, and names no professional."""

    key: str
    label: str
    audience: Audience
    with_money: bool


EDITIONS: tuple[Edition, ...] = (
    Edition("comite", "Comité de pilotage, avec les montants", Audience.COMMITTEE, True),
    Edition("comite-sans", "Comité de pilotage, sans les montants", Audience.COMMITTEE, False),
    Edition("public", "Public, sans les montants ni les personnes", Audience.PUBLIC, False),
)


def edition(key: str) -> Edition:
    """Raises ``KeyError`` for an unknown edition."""
    return next(row for row in EDITIONS if row.key == key)


def chosen(keys: tuple[str, ...], *, with_money: bool) -> list[PlanSection]:
    """The chapters asked for, all of them when none is named; amounts only for who may read them."""
    return [
        section
        for section in PLAN_SECTIONS
        if (not keys or section.key in keys) and (with_money or not section.money)
    ]
