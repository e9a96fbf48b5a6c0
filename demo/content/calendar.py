"""Dates of the Caf, of the law and of the departmental network.

Those of the Caf and of its network are invented, and say so in their note; the legal ones are
those of the CGCT (art. L. 1612-2: budget by 15 April, outside a year of municipal elections;
art. L. 1612-12: accounts by 30 June) and of the law of 18 December 2023 (domaine.md §1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

INVENTED = "Exemple : la date vient de la Caf."


When = tuple[int, int, int] | date


@dataclass(frozen=True)
class Dated:
    """``on``, ``ends_on``: (years after the one under report, month, day), or the day itself."""

    title: str
    kind: str
    on: When
    ends_on: When | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    note: str = INVENTED
    audience: str = "committee"
    is_done: bool = False


NETWORK = "Réseau départemental des chargés de coopération"
ROOM = "Siège de la Caf, salle de réunion du 2e étage"
NETWORK_DAY = {"kind": "network", "starts_at": time(9, 30), "ends_at": time(16, 30), "place": ROOM}

DATES: tuple[Dated, ...] = (
    Dated(title=NETWORK, on=(0, 3, 19), **NETWORK_DAY),  # type: ignore[arg-type]
    Dated(title=NETWORK, on=(0, 10, 8), **NETWORK_DAY),  # type: ignore[arg-type]
    Dated(title=NETWORK, on=(1, 1, 21), **NETWORK_DAY),  # type: ignore[arg-type]
    Dated(
        title="Visioconférence de la Caf : remplir le bilan de l'année", kind="network",
        on=(0, 12, 3), starts_at=time(11, 0), ends_at=time(12, 0), place="À distance",
        note=f"{INVENTED} Le lien arrive par courriel la veille.",
    ),
    Dated(
        title="Dépôt du bilan sur Mon Compte Partenaire", kind="caf", on=(1, 2, 1),
        ends_on=(1, 4, 15),
        note="Exemple : fenêtre de saisie à confirmer avec la Caf. Données d'activité et comptes des "
        "équipements.",
    ),
    Dated(
        title="Appel à projets parentalité : demande de subvention", kind="caf", on=(0, 11, 16),
        ends_on=(0, 12, 18), note="Exemple : pour le café des parents (action 3.1.2).",
        audience="public",
    ),
    Dated(
        title="Demande d'aide à l'investissement pour les travaux de la crèche", kind="caf",
        on=(1, 2, 26), note="Exemple : avant la commission d'action sociale du printemps.",
    ),
    Dated(
        title="Relais petite enfance obligatoire (communes de plus de 10 000 habitants)",
        kind="legal", on=date(2026, 1, 1), note="Loi n° 2023-1196 du 18 décembre 2023, art. 17.",
        audience="public", is_done=True,
    ),
    Dated(
        title="Vote du budget primitif de la commune, au plus tard", kind="legal", on=(1, 4, 15),
        note="CGCT, art. L. 1612-2.", audience="public",
    ),
    Dated(
        title="Vote des comptes de l'année, au plus tard", kind="legal", on=(1, 6, 30),
        note="CGCT, art. L. 1612-12.", audience="public",
    ),
    Dated(
        title="Transmettre les montants au service des finances", kind="other", on=(0, 12, 4),
        note="Pour le budget de l'année suivante.", audience="internal",
    ),
)  # fmt: skip
DONE_BEFORE_DAYS = 30
"""Dates of the network older than this were attended."""
SUBSCRIPTION = "Outlook du bureau"
