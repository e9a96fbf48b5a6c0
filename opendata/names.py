"""Names of territories inside a French sentence: « à », « de », « que », with their article.

Etalab's names bear no article; the tables below say which départements and régions take one
(checked against the « type de liaison » of its files by ``tests/opendata/test_catalogue.py``).
"""

from __future__ import annotations

from core.formats import plain_key
from opendata.models import Territory

Level = Territory.Level
MASCULINE = frozenset(
    {
        "Bas-Rhin", "Calvados", "Cantal", "Cher", "Doubs", "Finistère", "Gard", "Gers", "Haut-Rhin",
        "Jura", "Loir-et-Cher", "Loiret", "Lot", "Lot-et-Garonne", "Maine-et-Loire", "Morbihan",
        "Nord", "Pas-de-Calais", "Puy-de-Dôme", "Rhône", "Tarn", "Tarn-et-Garonne",
        "Territoire de Belfort", "Val-d'Oise", "Val-de-Marne", "Var", "Vaucluse",
        "Centre-Val de Loire", "Grand Est",
    }
)  # fmt: skip
PLURAL = frozenset(
    {
        "Alpes-de-Haute-Provence", "Hautes-Alpes", "Alpes-Maritimes", "Ardennes",
        "Bouches-du-Rhône", "Côtes-d'Armor", "Landes", "Hautes-Pyrénées", "Pyrénées-Atlantiques",
        "Pyrénées-Orientales", "Deux-Sèvres", "Vosges", "Yvelines", "Hauts-de-Seine",
        "Hauts-de-France", "Pays de la Loire", "Terres australes et antarctiques françaises",
    }
)  # fmt: skip
WITHOUT = frozenset(
    {
        "Paris", "Mayotte", "La Réunion", "Provence-Alpes-Côte d'Azur", "Saint-Pierre-et-Miquelon",
        "Saint-Barthélemy", "Saint-Martin", "Wallis et Futuna",
    }
)  # fmt: skip
ASPIRATED = ("haut", "hauts", "haute", "hautes")


def begins_with_vowel(name: str) -> bool:
    """Before which « le » and « que » lose their vowel; « Haute-Garonne » keeps its h."""
    first = plain_key(name).replace("-", " ").split(" ")[0]
    return first[:1] in "aeiou" or (first[:1] == "h" and first not in ASPIRATED)


def with_article(territory: Territory) -> str:
    """« l'Aube », « le Grand Est », « la France », « Troyes Champagne Métropole »."""
    name = territory.name
    if territory.level == Level.FRANCE:
        return f"la {name}"
    if territory.level not in (Level.DEPARTEMENT, Level.REGION) or name in WITHOUT:
        return name
    if name in PLURAL:
        return f"les {name}"
    if name in MASCULINE:
        return f"le {name}"
    return f"l'{name}" if _is_elided(territory) else f"la {name}"


def _is_elided(territory: Territory) -> bool:
    """« l'Yonne », « l'Hérault » and « l'Île-de-France », but « la Haute-Garonne »."""
    return begins_with_vowel(territory.name) or territory.name == "Yonne"


def that(territory: Territory) -> str:
    """« que l'Aube », « qu'Arcis-sur-Aube »."""
    told = with_article(territory)
    return f"qu'{told}" if begins_with_vowel(told) else f"que {told}"


def of(territory: Territory) -> str:
    """« de l'Aube », « du Grand Est », « des Ardennes », « d'Arcis-sur-Aube », « du Havre »."""
    told = with_article(territory)
    article, _, rest = told.partition(" ")
    if article.lower() == "le" and rest:
        return f"du {rest}"
    if article.lower() == "les" and rest:
        return f"des {rest}"
    return f"d'{told}" if begins_with_vowel(told) else f"de {told}"


def at(territory: Territory) -> str:
    """« à Saint-André », « au Havre », « aux Mureaux »; « dans l'Aube », « en France »."""
    if territory.level == Level.FRANCE:
        return f"en {territory.name}"
    if territory.level in (Level.DEPARTEMENT, Level.REGION):
        return f"dans {with_article(territory)}"
    article, _, rest = territory.name.partition(" ")
    if article == "Le" and rest:
        return f"au {rest}"
    if article == "Les" and rest:
        return f"aux {rest}"
    return f"à {territory.name}"
