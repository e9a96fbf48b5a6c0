"""The charts of offer and needs: rows, a sentence and a drawing from the same facts."""

from __future__ import annotations

from core import formats as fr
from core.charts import Bar, HorizontalBars, Lines
from core.documents.content import Missing
from territory.adequacy_table import Adequacy
from territory.projection import Projected

RATE_UNIT = "places pour 100 enfants"


def coverage_chart(found: Adequacy) -> HorizontalBars | None:
    """What the register makes for the under-threes, beside the official rates; None when no
    official rate is there to stand beside it."""
    row = found.row("all_0_2")
    if not found.latest_rates:
        return None
    places = row.supply("places")
    year = f" ({places.year})" if places and places.year else ""
    bars = [
        Bar(
            f"Registre local{year}",
            Missing() if row.coverage is None else row.coverage,
            ours=True,
        ),
        *(
            Bar(f"{name}, {reading.period}", reading.value, ours=False)
            for name, reading in found.latest_rates
        ),
    ]
    return HorizontalBars(
        title="Accueil des moins de trois ans : registre local, et taux officiels de la Cnaf",
        bars=bars,
        sentence=row.sentence,
        unit=RATE_UNIT,
        decimals=1,
        source=row.source,
    )


def rate_chart(found: Adequacy) -> Lines | None:
    """The official rate over the years; None with fewer than two years."""
    own = dict(found.rate_series).get(found.territory, {})
    if len({year for _, values in found.rate_series for year in values}) < 2:
        return None
    if len(own) > 1:
        first, last = min(own), max(own)
        sentence = (
            f"Le taux de couverture officiel de {found.territory} passe de {fr.number(own[first], 1)} en {first}"
            f" à {fr.number(own[last], 1)} en {last}, en places pour 100 enfants de moins de trois ans."
        )
    else:
        sentence = f"Le taux de couverture officiel de {found.territory} n'est pas connu sur plusieurs années."
    return Lines(
        title="Taux de couverture officiel, tous modes d'accueil",
        series=[(name, dict(values)) for name, values in found.rate_series],
        sentence=sentence,
        unit=RATE_UNIT,
        decimals=1,
        source=found.rate_source,
        zero=False,
    )


def projection_chart(found: Projected, territory: str) -> Lines | None:
    if len(found.years) < 2:
        return None
    return Lines(
        title=f"Enfants de moins de trois ans, projection, {territory}",
        series=[("Projection", {year.year: fr.rounded(year.children) for year in found.years})],
        sentence=found.sentence,
        unit="enfants",
        source=f"{found.births.source or 'hypothèse de naissances'} ; calcul selon les hypothèses écrites",
        zero=True,
    )
