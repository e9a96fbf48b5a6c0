"""« L'essentiel » : one page that an elected official reads before, or instead of, the rest."""

from __future__ import annotations

from core import formats as fr
from core.documents.content import (
    Block,
    BulletList,
    Callout,
    Figure,
    FigureRow,
    Heading,
    Section,
)
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.findings import afom_sentence
from reports.documents.diagnostic.offer import capacities_in_words
from reports.figures import FigureLine
from reports.sections import ReportSection
from territory.models import Challenge, FacilityType

FIGURES = (
    "population_municipale", "population_0_2", "part_menages_monoparentaux", "taux_pauvrete_60",
    "taux_couverture_pe", "naissances_domiciliees", "niveau_de_vie_median", "taux_chomage_rp_15_64",
    "part_menages_couples_avec_enfants",
)  # fmt: skip
"""What a committee reads first; the first five that are known."""
SENTENCES = ("population_municipale", "part_menages_monoparentaux", "taux_pauvrete_60")
SHOWN = 5
COUNTS = {
    1: "un chiffre",
    2: "deux chiffres",
    3: "trois chiffres",
    4: "quatre chiffres",
    5: "cinq chiffres",
}
CHALLENGES_SHOWN = 8


def summary(facts: Facts, section: ReportSection) -> list[Section]:
    words = facts.words(section)
    told = [sentence for sentence in sentences(facts) if sentence]
    blocks: list[Block] = []
    if words:
        blocks += words
    elif told:
        blocks.append(BulletList(tuple(told[:SHOWN])))
    figures = five(facts)
    if figures:
        blocks += [
            Heading(f"{'Le thème' if facts.theme else 'Le territoire'} en {COUNTS[len(figures)]}"),
            FigureRow(tuple(figure(line) for line in figures)),
        ]  # fmt: skip
    high = [row for row in facts.challenges if row.priority == Challenge.Priority.HIGH]
    shown = (high or facts.challenges)[:CHALLENGES_SHOWN]
    if shown:
        blocks.append(
            Callout(
                "decision",
                "Les enjeux prioritaires" if high else "Les enjeux",
                tuple(f"{rank}. {row.title}" for rank, row in enumerate(shown, 1)),
            )
        )
    if not blocks:
        return []
    return [
        Section(
            section.title, tuple(blocks), page_break=True, numbered=False, identifier=section.key
        )
    ]


def five(facts: Facts) -> list[FigureLine]:
    known = [line for line in facts.by_keys(FIGURES) if line.is_told]
    if facts.theme is not None:
        known = [line for line in facts.of_theme(facts.theme) if line.is_told]
    return known[:SHOWN]


def figure(line: FigureLine) -> Figure:
    return Figure(
        label=line.indicator.label,
        value=line.row.value_text,
        comparison=line.row.comparison,
        source=line.row.source,
    )


def sentences(facts: Facts) -> list[str]:
    """Five at most: who lives here, how, what is offered, what was found, what matters."""
    lines = facts.of_theme(facts.theme)[:2] if facts.theme else facts.by_keys(SENTENCES)
    return [
        *(f"**{line.indicator.label}.** {line.sentence}" for line in lines),
        offer_sentence(facts),
        challenges_sentence(facts),
    ]


def offer_sentence(facts: Facts) -> str:
    if not facts.offer:
        return ""
    childcare = {FacilityType.Mode.COLLECTIVE, FacilityType.Mode.INDIVIDUAL}
    places = [row for row in facts.offer if row.facility.type.mode in childcare]
    sentence = f"**Offre.** La convention soutient {fr.plural(len(facts.offer), 'équipement ou service', 'équipements et services')}"
    if places:
        sentence += f", dont, pour le jeune enfant, {capacities_in_words(places)}"
    return f"{sentence}."


def challenges_sentence(facts: Facts) -> str:
    if not facts.challenges and not facts.findings:
        return ""
    told = f"**Constats et enjeux.** {afom_sentence(facts.findings)}" if facts.findings else ""
    if facts.challenges:
        answered = fr.plural(len(facts.actions), "action du plan", "actions du plan")
        verb = "y répond" if len(facts.actions) == 1 else "y répondent"
        count = fr.plural(len(facts.challenges), "enjeu", "enjeux")
        kept = "est retenu" if len(facts.challenges) == 1 else "sont retenus"
        told = f"{told} {count} {kept} ; {answered} {verb}.".strip()
    return told
