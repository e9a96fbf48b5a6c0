"""The eleven items as the page tells them: what the article asks in our words, and where one writes.

Source: art. D. 214-10-1, I, CASF, from the décret n° 2025-253 of 20 March 2025 (domaine.md §1.5).
Parts II and following (consultation, duration, revision) are not covered, and the page says so.
"""

from __future__ import annotations

from datetime import date

from actionplan.scheme_items import LEGAL_ITEMS, LegalItem

DECREE = "décret n°\u00a02025-253 du 20 mars 2025"
ARTICLE_DATE = date(2025, 3, 20)
THRESHOLD = 10_000
"""Inhabitants above which a commune that holds the competence owes a multi-year scheme (service
public de la petite enfance, loi n° 2023-1196 of 18 December 2023)."""
EARLY_DOMAIN = "petite-enfance"
UNDER_THREE = 36
"""Months."""

ASKS: dict[str, str] = {
    "1°": "La liste de ce qui accueille les moins de trois ans et accompagne leurs familles : "
    "établissements, assistants maternels, relais, lieux d'accueil.",
    "2°": "Combien d'enfants et de familles ont besoin d'un accueil, aujourd'hui et demain, et lequel.",
    "3°": "Les quartiers ou les communes où l'offre manque, ou que l'on atteint mal.",
    "4° a": "Ce que l'on veut maintenir, créer ou déplacer, dit en objectifs.",
    "4° b": "Les postes et les métiers qu'il faudra : recruter, former, remplacer les départs.",
    "4° c": "Ce qui est fait pour les familles en difficulté : insertion, handicap, parent seul, pauvreté.",
    "4° d": "Ce qui aide les professionnels à bien accueillir : formation, analyse de pratique, relais.",
    "4° e": "Les bâtiments et les équipements à construire ou à refaire, et leur montant.",
    "4° f": "Ce que coûtent les actions, qui les paie, qui y travaille, et les difficultés attendues.",
    "4° g": "Quand chaque action commence, avance et finit.",
    "4° h": "Ce que l'on mesurera, et comment l'on jugera des résultats.",
}
LIMIT = (
    "Cette page suit le I de l'article. Le II et les suivants (concertation, durée, révision) ne sont "
    "pas examinés ici : le service juridique vérifie l'ensemble."
)


def slug_of(code: str) -> str:
    """« 4° a » → « 4a », for an address."""
    return code.replace("°", "").replace(" ", "")


BY_SLUG: dict[str, LegalItem] = {slug_of(item.code): item for item in LEGAL_ITEMS}
