"""The table of « Adéquation offre / besoins »: its age groups and modes, and how a line reads.

A line holds the children, the offer and the official rate side by side; ``territory.adequacy``
fills it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core import formats as fr
from opendata.models import Unit
from opendata.queries import Reading
from territory.models import FacilityType
from territory.supply import UNKNOWN, Supply, written

Mode = FacilityType.Mode


@dataclass(frozen=True)
class Group:
    """One line of the table: an age group, the modes that serve it, and what is official."""

    key: str
    ages: str
    mode_label: str
    modes: tuple[str, ...]
    units: tuple[str, ...]
    populations: tuple[str, ...]
    bounds: str
    """The ages that the census really counts, when they are not those of the group."""
    rate: str = ""
    official_note: str = ""
    min_months: int = 0
    max_months: int = 1200
    exclusive: bool = False
    """Only what serves this group alone: hours of a facility that serves two are in neither."""


P, H, F = Unit.PLACES.value, Unit.HOURS.value, Unit.FTE.value
SIX_TO_TEN = "Le recensement compte les 6-10 ans : les enfants de 11 ans n'y sont pas."
ELEVEN_UP = "Le recensement compte les 11-17 ans : les jeunes de 11 ans y sont."
THEORETICAL = "La Cnaf compte des places théoriques pour les enfants qui habitent là."
FROM_ACTIVITY = "La Cnaf estime ces places d'après l'activité ; le registre compte des agréments."
BEFORE, HOLIDAYS = "périscolaire", "extrascolaire"

GROUPS: tuple[Group, ...] = (
    Group("all_0_2", "0-2 ans", "tous modes d'accueil", (Mode.COLLECTIVE, Mode.INDIVIDUAL), (P,), ("population_0_2",), "", "taux_couverture_pe", "La Cnaf y compte aussi l'école avant trois ans et la garde à domicile, que le registre ne connaît pas."),
    Group("collective_0_2", "0-2 ans", "accueil collectif", (Mode.COLLECTIVE,), (P,), ("population_0_2",), "", "taux_couverture_eaje", THEORETICAL),
    Group("individual_0_2", "0-2 ans", "accueil individuel", (Mode.INDIVIDUAL,), (P,), ("population_0_2",), "", "taux_couverture_am", FROM_ACTIVITY),
    Group("school_0_2", "0-2 ans", "école avant trois ans", (), (), ("population_0_2",), "", "taux_couverture_prescolarisation", ""),
    Group("before_3_5", "3-5 ans", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_3_5",), "", min_months=36, max_months=72, exclusive=True),
    Group("before_6_11", "6-11 ans", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_6_10",), SIX_TO_TEN, min_months=72, max_months=144, exclusive=True),
    Group("before_3_11", "3-11 ans, ensemble", BEFORE, (Mode.BEFORE_AFTER_SCHOOL,), (H, P), ("population_3_5", "population_6_10"), SIX_TO_TEN),
    Group("holidays_3_5", "3-5 ans", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_3_5",), "", min_months=36, max_months=72, exclusive=True),
    Group("holidays_6_11", "6-11 ans", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_6_10",), SIX_TO_TEN, min_months=72, max_months=144, exclusive=True),
    Group("holidays_3_11", "3-11 ans, ensemble", HOLIDAYS, (Mode.HOLIDAYS,), (H, P), ("population_3_5", "population_6_10"), SIX_TO_TEN),
    Group("youth_12_17", "12-17 ans", "jeunesse", (Mode.YOUTH,), (H, P, F), ("population_11_17",), ELEVEN_UP),
)  # fmt: skip


@dataclass(frozen=True)
class Children:
    """How many children of an age group live here, from the census or a local figure."""

    value: Decimal | None
    period: int | None = None
    source: str = ""
    bounds: str = ""
    why: str = ""

    @property
    def text(self) -> str:
        return fr.with_unit(self.value, "enfants") if self.value is not None else UNKNOWN


@dataclass(frozen=True)
class Gap:
    """Places that would bring the territory to the rate of ``reference`` (« du département (Aube) »):
    an estimate, always."""

    reference: str
    rate: Decimal
    places: Decimal

    @property
    def text(self) -> str:
        if self.places <= 0:
            return f"estimation : le taux atteint ou dépasse celui {self.reference}"
        return f"estimation : {fr.with_unit(self.places, 'places')} de plus pour atteindre le taux {self.reference}"


@dataclass(frozen=True)
class Row:
    """One age group and mode."""

    group: Group
    children: Children
    supplies: tuple[Supply, ...]
    official: Reading | None = None
    reference: tuple[str, Reading] | None = None
    """« du département (Aube) » and its official rate."""
    hours_done: tuple[int, Decimal] | None = None
    trend: tuple[tuple[int, Decimal], ...] = ()
    """The official rate, year by year."""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.group.ages}, {self.group.mode_label}"

    def supply(self, unit: str) -> Supply | None:
        return next((supply for supply in self.supplies if supply.unit == unit), None)

    @property
    def coverage(self) -> Decimal | None:
        """Places of the register per 100 children; None when either is unknown."""
        places = self.supply(P)
        if places is None or places.value is None or not self.children.value:
            return None
        return places.value / self.children.value * 100

    @property
    def full_coverage(self) -> Decimal | None:
        """``coverage``; None when a facility without a figure makes it a lower bound."""
        places = self.supply(P)
        return None if places is None or places.missing else self.coverage

    @property
    def coverage_text(self) -> str:
        """« 20,4 places pour 100 enfants », « 141 heures par enfant et par an »."""
        places = self.supply(P)
        if self.coverage is not None and places is not None:
            told = fr.with_unit(self.coverage, "places pour 100 enfants", 1)
            return f"au moins {told}" if places.missing else told
        hours = self.supply(H)
        if hours is not None and hours.value is not None and self.children.value:
            told = fr.with_unit(hours.value / self.children.value, "heures par enfant et par an")
            return f"au moins {told}" if hours.missing else told
        return UNKNOWN

    @property
    def official_text(self) -> str:
        """The rate as the Cnaf publishes it, or « n.d. »; « sans objet » where it has none."""
        if not self.group.rate:
            return "sans objet"
        return f"{self.official.text} en {self.official.period}" if self.official else UNKNOWN

    @property
    def offer_texts(self) -> list[str]:
        return [supply.text for supply in self.supplies if supply.value is not None] or [UNKNOWN]

    @property
    def planned_texts(self) -> list[str]:
        return [supply.planned_text for supply in self.supplies if supply.planned_text] or ["–"]

    @property
    def difference(self) -> str:
        """Why the two rates are not the same, and what that difference is; empty without both.

        A lower bound (« au moins ») is not subtracted from."""
        if self.coverage is None or self.official is None or self.official.value is None:
            return ""
        places = self.supply(P)
        assert places is not None
        here, gap_told = f"au moins {fr.number(self.coverage, 1)}", ""
        if self.full_coverage is not None:
            gap = self.full_coverage - self.official.value
            side = "de plus" if gap > 0 else "de moins"
            here, gap_told = fr.number(self.coverage, 1), f" ({fr.number(abs(gap), 1)} {side})"
        told = (
            f"Calculé ici : {here} ; officiel : {fr.number(self.official.value, 1)}"
            f"{gap_told}. Les années diffèrent (registre de {places.year},"
            f" enfants de {self.children.period}, taux officiel de {self.official.period})."
        )
        return " ".join(
            part
            for part in (
                told, self.group.official_note, "Le taux officiel reste celui de la Cnaf.",
            )
            if part
        )  # fmt: skip

    @property
    def gap(self) -> Gap | None:
        """Against the reference's official rate: from our own official rate, else from what is
        computed here, unless a facility without a figure would count there as zero."""
        if self.reference is None or self.children.value is None:
            return None
        name, reading = self.reference
        official = self.official.value if self.official else None
        own = official if official is not None else self.full_coverage
        if reading.value is None or own is None:
            return None
        places = (reading.value - own) / 100 * self.children.value
        return Gap(name, reading.value, fr.rounded(places))

    @property
    def gap_text(self) -> str:
        if self.gap is None:
            return UNKNOWN if self.group.rate else "sans objet"
        return self.gap.text

    @property
    def evolution(self) -> str:
        """« de 41,2 en 2018 à 44,7 en 2023 »: the official rate, or the register's when none is."""
        points = self.trend
        if len(points) < 2:
            known = [supply for supply in self.supplies if len(supply.by_year) > 1]
            if not known:
                return UNKNOWN
            (first, start), (last, end) = known[0].by_year[0], known[0].by_year[-1]
            unit = known[0].unit
            return (
                f"registre : de {written(start, unit)} en {first} à {written(end, unit)} en {last}"
            )
        (first, start), (last, end) = points[0], points[-1]
        return (
            f"taux officiel : de {fr.number(start, 1)} en {first} à {fr.number(end, 1)} en {last}"
        )

    @property
    def unknowns(self) -> list[str]:
        """What is not known, and why; a reader must not take silence for a zero."""
        told = []
        if self.children.value is None:
            told.append(self.children.why)
        if not self.group.modes:
            told.append("Le registre des équipements ne compte pas les places des écoles.")
        elif all(supply.value is None for supply in self.supplies):
            told.append(
                "Aucun accueil du registre ne reçoit ces âges seuls : ses heures sont comptées avec l'ensemble des 3-11 ans."
                if self.group.exclusive
                else "Aucune capacité n'est saisie au registre pour ce mode."
            )
        for supply in self.supplies:
            if supply.missing and supply.value is not None:
                told.append(f"Capacité non saisie : {', '.join(supply.missing)}.")
            if supply.older:
                told.append(f"Dernière capacité plus ancienne : {', '.join(supply.older)}.")
        if self.group.rate and (self.official is None or self.official.value is None):
            told.append(
                f"Le taux officiel de la Cnaf n'est pas publié ici ({self.official.text})."
                if self.official
                else "Le taux officiel de la Cnaf n'est pas chargé pour ce territoire."
            )
        return [*told, *self.notes]

    @property
    def sentence(self) -> str:
        """The line in words, standing without the table."""
        offered = " et ".join(self.offer_texts)
        if offered == UNKNOWN:
            offered = "offre non connue"
        children = (
            self.children.text if self.children.value is not None else "nombre d'enfants non connu"
        )
        parts = [f"{self.label} : {offered}, {children}"]
        if self.coverage_text != UNKNOWN:
            parts[0] += f", soit {self.coverage_text} d'après le registre local"
        if self.official is not None and self.official.value is not None:
            parts.append(f"Taux officiel de la Cnaf : {self.official_text}")
        if self.gap is not None:
            parts.append(self.gap.text[0].upper() + self.gap.text[1:])
        return ". ".join(parts) + "."

    @property
    def is_told(self) -> bool:
        """Whether the line says more than the number of children."""
        official = self.official is not None and self.official.value is not None
        return official or any(supply.value is not None for supply in self.supplies)

    @property
    def source(self) -> str:
        """Every producer of the line, once."""
        found = [
            self.children.source,
            self.official.source if self.official else "",
            "registre local des équipements" if self.group.modes else "",
        ]
        return " ; ".join(dict.fromkeys(part for part in found if part))


@dataclass(frozen=True)
class Adequacy:
    """The whole table, with the series that its charts draw."""

    territory: str
    rows: tuple[Row, ...]
    rate_series: tuple[tuple[str, dict[int, Decimal]], ...] = ()
    rate_source: str = ""
    latest_rates: tuple[tuple[str, Reading], ...] = ()

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.group.key == key)

    @property
    def is_empty(self) -> bool:
        """Neither a child nor a place is known: there is nothing to compare yet."""
        return all(
            row.children.value is None and row.official is None and row.offer_texts == [UNKNOWN]
            for row in self.rows
        )
