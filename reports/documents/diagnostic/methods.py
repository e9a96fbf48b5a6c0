"""Method and sources: what was used, of which vintage, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from core import formats as fr
from core.audience import Audience
from core.documents.content import Block, BulletList, Column, Heading, Paragraph, Section, Table
from opendata.models import DatasetVersion, Reason
from opendata.queries import OLD_AFTER
from reports.documents.diagnostic.facts import Facts
from reports.documents.diagnostic.figures import reading
from reports.figures import FigureLine
from reports.sections import ReportSection
from territory.models import Diagnosis


def methods(facts: Facts, section: ReportSection) -> list[Section]:
    blocks: list[Block] = [*facts.words(section)]
    if facts.studies:
        blocks += [studies_table(facts.studies), *methods_told(facts.studies)]
    blocks += [vintages_table(facts.kept), sources_table(facts.kept)]
    blocks += unknown_blocks(facts)
    blocks.append(how_to_read(facts.audience))
    return [
        Section(section.title, tuple(blocks), sheet="Sources", page_break=True, identifier=section.key)
    ]  # fmt: skip


def studies_table(studies: Sequence[Diagnosis]) -> Table:
    return Table(
        caption="Études et diagnostics utilisés",
        columns=(
            Column("Étude", width=6),
            Column("Nature", width=4),
            Column("Thème", width=3),
            Column("Date", "date", width=2),
            Column("Auteur", width=4),
            Column("Participants", width=6),
        ),
        rows=tuple(
            (
                row.title, row.get_kind_display(), str(row.theme) if row.theme else "tous",
                row.ends_on, author_of(row) or "–", row.participants or "–",
            )
            for row in studies
        ),
    )  # fmt: skip


def author_of(study: Diagnosis) -> str:
    """« Cabinet X, pour la Caf »: the author, and the organisation when it is another name."""
    names = [study.author, str(study.organisation) if study.organisation else ""]
    return ", ".join(dict.fromkeys(name for name in names if name))


def methods_told(studies: Sequence[Diagnosis]) -> list[Block]:
    told = tuple(
        f"**{row.title}.** {' '.join(part for part in (row.scope, row.method) if part)}"
        for row in studies
        if row.scope or row.method
    )
    return [BulletList(told)] if told else []


def vintages_table(lines: Sequence[FigureLine]) -> Table:
    versions = DatasetVersion.objects.filter(
        pk__in={r.version_id for line in lines for r in line.row.readings if r and r.version_id}
    ).select_related("dataset")
    rows = sorted(
        {
            (
                row.dataset.producer, row.dataset.title, row.vintage, row.perimeter or "–",
                row.geography_vintage or "–", row.dataset.licence,
                fr.date_short(row.consulted_on) if row.consulted_on else "–",
            )
            for row in versions
        }
    )  # fmt: skip
    heads = (
        Column("Producteur", width=2),
        Column("Jeu de données", width=6),
        Column("Millésime", width=2),
        Column("Périmètre", width=3),
        Column("Géographie", width=2),
        Column("Licence", width=3),
        Column("Consulté le", width=2),
    )
    shown = [rank for rank in range(len(heads)) if any(row[rank] != "–" for row in rows)]
    return Table(
        caption="Jeux de données et millésimes",
        columns=tuple(heads[rank] for rank in shown or range(len(heads))),
        rows=tuple(tuple(row[rank] for rank in shown) for row in rows),
        empty="Aucun jeu de données publié n'est utilisé dans ce document.",
    )


def sources_table(lines: Sequence[FigureLine]) -> Table:
    """For the workbook: where each figure comes from, what it means, what it must not be used for."""
    return Table(
        caption="Source et définition de chaque chiffre",
        columns=(
            Column("Indicateur", width=4),
            Column("Année", width=1),
            Column("Source", width=4),
            Column("Définition", width=6),
            Column("Précaution", width=6),
        ),
        rows=tuple(
            (
                line.indicator.label,
                str(line.row.year or "–"),
                line.row.source,
                line.indicator.definition or "–",
                line.indicator.caution or "–",
            )
            for line in lines
        ),
        workbook_only=True,
    )


def unknown_blocks(facts: Facts) -> list[Block]:
    """What is secret, what is left out for its age, what is to be asked: never passed over."""
    secret = [
        line.indicator.label
        for line in facts.kept
        if line.row.own and line.row.own.reason == Reason.SECRET
    ]
    kept_old = [reading(line) for line in facts.kept if line.is_old]
    left_out = [
        f"{line.indicator.label} ({line.row.year})"
        for line in facts.lines
        if line.is_known and not line.enters
    ]
    to_ask = [
        f"{line.indicator.label}, {line.indicator.ask_text}"
        for line in facts.lines
        if line.row.is_to_ask and line.indicator.pk not in facts.given
    ]
    blocks: list[Block] = []
    for title, items in (
        ("Chiffres couverts par le secret statistique", secret),
        (f"Chiffres de plus de {OLD_AFTER} ans, gardés par choix", kept_old),
        ("Chiffres à demander", to_ask),
    ):
        if items:
            blocks += [Heading(title), BulletList(tuple(items))]
    if left_out:
        blocks += [
            Heading(f"Chiffres de plus de {OLD_AFTER} ans, laissés de côté"),
            Paragraph(f"{' ; '.join(left_out)}."),
        ]
    return blocks


def how_to_read(audience: Audience) -> Paragraph:
    edition = (
        "Édition publique : les chiffres et les textes réservés au comité de pilotage n'y sont pas. "
        if audience == Audience.PUBLIC
        else "Édition destinée aux membres du comité de pilotage. "
    )
    return Paragraph(
        f"{edition}« n.d. » : non disponible. « secret » : valeur que le producteur ne diffuse pas, "
        "pour protéger les personnes. Une valeur absente n'est jamais un zéro. Une médiane, un taux "
        "ou un indice ne s'additionne jamais. Un écart de moins de 5 % est dit, et n'est pas jugé. Les phrases de "
        "lecture sont écrites par l'application, ou récrites par l'auteur ; ses commentaires sont "
        "en italique, sous leur propre titre.",
        "note",
    )


def sources_of(lines: Sequence[FigureLine]) -> tuple[str, ...]:
    """For the foot of each page."""
    return tuple(dict.fromkeys(line.row.source for line in lines if line.row.own)) or (
        "Fil rouge, données de la convention",
    )
