"""A document that holds every block, as the tests of each format draw it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.charts import Bar, HorizontalBars, Lines, StackedBars
from core.documents.content import (
    AuthorWords,
    BulletList,
    Callout,
    Column,
    Content,
    Contents,
    DocumentMeta,
    Figure,
    FigureRow,
    Heading,
    KeyValues,
    Missing,
    NotesArea,
    PageBreak,
    Paragraph,
    Section,
    SignatureBlock,
    State,
    Table,
    Timeline,
)

SUMMARY = (
    "La première année installe les instances : le comité de pilotage s'est réuni le 12 mars 2026."
)

META = DocumentMeta(
    agreement_name="Saint-André-les-Vergers",
    territory="Commune de Saint-André-les-Vergers, Troyes Champagne Métropole",
    reference="CTG 2026-2030",
    number=3,
    produced_on=date(2026, 11, 20),
    data_as_of=date(2026, 11, 1),
    sources=("Insee, recensement 2023", "Caf de l'Aube, 2024", "Commune, 2026"),
    authors=("Camille Lefèvre, chargée de coopération CTG",),
    extra_lines=(
        "Comité de pilotage du 3 décembre 2026, 18 h, salle du conseil",
        "Présidence : le maire",
    ),
)


def coverage() -> HorizontalBars:
    return HorizontalBars(
        title="Places d'accueil pour 100 enfants de moins de 3 ans",
        bars=[
            Bar("Saint-André-les-Vergers", Decimal("52.3"), ours=True),
            Bar("Troyes Champagne Métropole", Decimal("55.1")),
            Bar("Aube", Decimal("59.9")),
            Bar("Grand Est", Missing("secret")),
            Bar("France", Decimal("60.3")),
        ],
        sentence="La commune offre 52,3 places pour 100 enfants, soit huit de moins que la France.",
        unit="places",
        decimals=1,
        source="Cnaf, 2023",
    )


def progress() -> StackedBars:
    return StackedBars(
        title="Actions par orientation et par état",
        states=[
            ("done", "réalisée", "success"),
            ("in_progress", "en cours", "primary"),
            ("planned", "à venir", "info"),
            ("blocked", "bloquée", "danger"),
        ],
        counts=[
            (
                "Petite enfance : un accueil pour chaque famille",
                {"done": 1, "in_progress": 3, "planned": 2},
            ),
            ("Jeunesse", {"in_progress": 2, "blocked": 1}),
            ("Accès aux droits et inclusion numérique", {"planned": 3}),
        ],
        sentence="Douze actions sont engagées ou à venir, une est réalisée et une bloquée.",
        source="Plan d'actions",
    )


def evolution() -> Lines:
    return Lines(
        title="Naissances domiciliées",
        series=[
            ("Commune", {2019: 120, 2020: None, 2021: 115, 2022: 118, 2023: 130}),
            ("Rappel 2018", {2019: 118, 2020: 118, 2021: 118, 2022: 118, 2023: 118}),
        ],
        sentence="Les naissances remontent en 2023.",
        source="Insee, état civil",
    )


def means() -> Table:
    """Money by funder: figures, a secret, an unknown, and a total."""
    return Table(
        "Moyens par équipement, en k€",
        columns=[
            Column("Orientation"),
            Column("Équipement", width=4),
            Column("État", "state"),
            Column("Places", "integer", total="sum"),
            Column("Prévu", "keuros", total="sum", note="montants prévisionnels du 12 mars 2026"),
            Column("Réalisé", "euros", decimals=2, total="sum"),
            Column("Taux", "percent"),
            Column("Échéance", "date"),
        ],
        rows=[
            ["Petite enfance", "Multi-accueil « Les Petits Pas »", State("in_progress", "en cours"), 37, Decimal("214400"), Decimal("198765.43"), Decimal("92.7"), date(2026, 12, 31)],
            ["Petite enfance", "Relais petite enfance", State("blocked", "bloquée"), None, Decimal("42000.50"), Missing("n.d."), None, date(2026, 6, 30)],
            ["Jeunesse", "=Accueil de loisirs du quartier Maugout", State("done", "réalisée"), 120, Decimal("88000"), Decimal("88000.00"), Decimal(100), None],
            ["Jeunesse", "Espace de vie sociale", State("paused", "en pause"), Missing("secret"), Decimal("12000"), Decimal("0"), Decimal(0), date(2027, 3, 1)],
        ],
        total_row=True,
        group_by=0,
        note="Le relais petite enfance est porté par la communauté d'agglomération.",
        source="Caf de l'Aube, conventions d'objectifs et de financement",
    )  # fmt: skip


def long_table(rows: int = 45) -> Table:
    return Table(
        "Toutes les actions",
        columns=[Column("Code", width=1), Column("Action", width=6), Column("Pilote", width=3), Column("État", "state", width=2), Column("Montant", "euros", total="sum", width=2)],
        rows=[
            [f"A{n}", f"Action numéro {n} : ouvrir le service plus tôt et l'annoncer aux familles", "Directrice petite enfance", State("late", "en retard") if n % 5 == 0 else State("planned", "à venir"), Decimal(n * 1000)]
            for n in range(1, rows + 1)
        ],
        total_row=True,
    )  # fmt: skip


def wide_table() -> Table:
    years = [Column(f"Prévu {year}", "euros", total="sum") for year in range(2026, 2031)]
    actual = [Column(f"Réel {year}", "euros", total="sum") for year in range(2026, 2031)]
    return Table(
        "Budget sur la durée de la convention",
        columns=[Column("Action", width=5), *years, *actual],
        rows=[[f"Action {n}", *[Decimal(1000 * n)] * 5, *[Missing()] * 5] for n in range(1, 6)],
        total_row=True,
    )


def sample() -> Content:
    return Content(
        identifier="essai",
        title="Bilan annuel 2026",
        subtitle="Première année de la convention, édition provisoire",
        audience="committee",
        meta=META,
        sections=[
            Section("Sommaire", [Contents(title="")], numbered=False),
            Section(
                "Synthèse",
                [
                    Paragraph(SUMMARY, style="lead"),
                    FigureRow(
                        [
                            Figure("Habitants", "12 806", "hab.", "+1,2 % depuis 2018", "Insee 2023"),
                            Figure("Enfants de moins de 3 ans", "412", "", "", "Insee 2022"),
                            Figure("Places pour 100 enfants", "52,3", "", "France : 60,3", "Cnaf 2023"),
                            Figure("Allocataires", "2 140", "foyers", "", "Caf 2024"),
                            Figure("Aide de la Caf", "356,4", "k€", "prévu en 2026", "Caf 2026"),
                        ]
                    ),
                    AuthorWords("Commentaire", ("Ces naissances tiennent au **nouveau quartier**.",)),
                    Callout(
                        "decision",
                        "Décisions demandées",
                        ["**1.** Ouvrir 12 places au multi-accueil en 2027.", "**2.** Porter l'avenant au relais."],
                    ),
                    BulletList(["Une équipe au complet", "Un partenariat **renforcé** avec le collège"]),
                    BulletList(["Premier temps", "Second temps"], ordered=True),
                    Paragraph("Note interne qui ne s'imprime jamais", audience="internal"),
                ],
                page_break=True,
                sheet="Synthèse",
            ),
            Section(
                "Moyens",
                [
                    means(),
                    Table("Avenants", [Column("Objet")], empty="Aucun avenant en 2026."),
                    KeyValues([("Signataires", "Commune, Caf de l'Aube"), ("Avenant", None)], caption="Identité"),
                ],
                page_break=True,
                sheet="Moyens",
            ),
            Section("Progression", [progress(). freeze(), Table.from_chart(progress(), total_row=True)], sheet="Avancement"),
            Section("Repères", [coverage().freeze(), Table.from_chart(coverage()), Heading("Évolution"), evolution().freeze()], sheet="Repères", level=2),
            Section(
                "Suites",
                [
                    Heading("Calendrier"),
                    Timeline([("15 janvier 2027", "Remise du bilan à la Caf", "direction"), ("Mars 2027", "**COPIL** de printemps", "maire")]),
                    Paragraph("L'offre est-elle maintenue ?", style="question"),
                    Paragraph("Oui : aucune place n'a fermé.", style="body"),
                    Paragraph("« Le relais m'a aidée à trouver une assistante maternelle. »", style="quote"),
                    Callout("warning", "À surveiller", ["Deux départs annoncés."]),
                    Callout("success", "Acquis", ["Le guichet unique est ouvert."]),
                    Callout("info", "À savoir", ["Le périmètre est celui de 2015."]),
                    SignatureBlock([("Pour la commune, le maire", "Prénom Nom"), ("Pour la Caf, la directrice", "Prénom Nom")]),
                    PageBreak(),
                    NotesArea(6),
                ],
                page_break=True,
                sheet="Suites",
            ),
            Section("Liste des actions", [long_table()], page_break=True, sheet="Actions"),
            Section("Budget pluriannuel", [wide_table()], sheet="Budget"),
            Section("Pour l'équipe", [Paragraph("À ne pas diffuser")], audience="internal", sheet="Interne"),
        ],
    )  # fmt: skip
