"""The money of the year in thousands of euros: the Caf's, the commune's, the others'."""

from __future__ import annotations

from actionplan.documents import amount
from core import formats as fr
from core.amounts import add
from core.documents.content import Column, Section, Table
from reports.documents.dossier.facts import Facts
from reports.pack_sections import BY_KEY
from reports.queries import ContractYear


def caf_sentence(facts: Facts) -> str:
    """Unknown is said, never counted as nothing."""
    by_contract, by_action, *_ = facts.means
    planned = add([by_contract.planned, by_action.planned])
    known = add([by_contract.actual, by_action.actual])
    year = facts.request.year
    if planned is None and known is None:
        return f"Aucun montant de la Caf n'est encore saisi pour {year}."
    return (
        f"En {year}, la Caf apporte **{fr.keuros(known)}** d'après les derniers montants connus, "
        f"pour **{fr.keuros(planned)}** prévus au plan (équipements et actions)."
    )


def means(facts: Facts) -> list[Section]:
    """All sources, then the Caf by facility: planned and latest known."""
    if not facts.with_money:
        return []
    return [
        Section(
            BY_KEY["moyens"].title,
            (all_sources(facts), by_facility(facts)),
            page_break=True,
            identifier="moyens",
        )
    ]


def all_sources(facts: Facts) -> Table:
    return Table(
        caption=f"Moyens de la CTG, {facts.request.year}",
        columns=(
            Column("Source", width=5),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dernier connu ou dépensé", "keuros", width=3, total="sum"),
        ),
        rows=tuple((row.source, amount(row.planned), amount(row.actual)) for row in facts.means),
        total_row=True,
        note="La part de la commune est le coût des actions moins les financements connus.",
    )


def by_facility(facts: Facts) -> Table:
    by_name: dict[str, list[ContractYear]] = {}
    for row in facts.contracts:
        by_name.setdefault(row.facilities, []).append(row)
    return Table(
        caption=f"Financements de la Caf par équipement, {facts.request.year}",
        columns=(
            Column("Équipement", width=6),
            Column("Prévu", "keuros", width=2, total="sum"),
            Column("Dernier connu", "keuros", width=2, total="sum"),
            Column("Stade", width=3),
        ),
        rows=tuple(
            (
                name,
                amount(add(row.planned for row in group)),
                amount(add(row.known for row in group)),
                ", ".join(dict.fromkeys(row.stage for row in group if row.stage)) or "–",
            )
            for name, group in by_name.items()
        ),
        total_row=True,
        empty="Aucun contrat n'est saisi.",
    )
