"""Documents joined to the points of the coming COPIL. Invented."""

from __future__ import annotations

from dataclasses import dataclass

from core.audience import Audience


@dataclass(frozen=True)
class Paper:
    """A note of one page. ``days``: from the day of the example; ``point``: the title of its point."""

    point: str
    name: str
    title: str
    days: int
    kind: str
    audience: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()


PAPERS = (
    Paper(
        "Multi-accueil : financer le surcoût de la ventilation",
        "note-ventilation-multi-accueil.pdf",
        "Note technique : le lot ventilation du multi-accueil",
        -12,
        "evidence",
        Audience.COMMITTEE,
        (
            "Le programme prévoyait de garder la ventilation de 1998. L'étude demandée par la "
            "protection maternelle et infantile montre qu'elle ne renouvelle pas l'air de trois "
            "unités occupées en même temps.",
            "Une ventilation à double flux est obligatoire pour cinq places de plus. Trois "
            "entreprises ont répondu ; l'offre retenue tient le calendrier d'une ouverture en "
            "septembre 2027 si la commande part avant la fin de mars.",
            "Réduire le projet à trois places éviterait ces travaux : la ventilation en place "
            "suffit alors, contrôle à l'appui.",
        ),
        (
            ("Enveloppe votée pour ce lot", "24 000 €"),
            ("Offre retenue", "62 000 €"),
            ("Surcoût", "38 000 €"),
        ),
    ),
    Paper(
        "Bilan 2026 provisoire",
        "restitution-questionnaire-familles.pdf",
        "Ce que les familles ont répondu en 2026",
        -20,
        "other",
        Audience.PUBLIC,
        (
            "214 familles ont répondu au questionnaire, en ligne, sur papier et au marché.",
            "Elles demandent d'abord des horaires plus souples le soir et des places le mercredi, "
            "puis un seul endroit où se renseigner.",
            "La restitution publique se tient avant la fin de l'année ; chaque demande y reçoit "
            "une réponse, même quand elle est négative.",
        ),
    ),
    Paper(
        "Bilan 2026 provisoire",
        "projet-bilan-remarques-direction.pdf",
        "Remarques de la direction sur le projet de bilan",
        -5,
        "other",
        Audience.INTERNAL,
        (
            "Relire les montants de l'Atelier avec les finances avant tout envoi.",
            "Prévenir l'adjoint à la jeunesse que le point sera à l'ordre du jour.",
        ),
    ),
)
