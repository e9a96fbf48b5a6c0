"""« Éléments de la CTG valant schéma pluriannuel »: the annex, items in the order of the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actionplan.scheme.items import ARTICLE_DATE, DECREE, LIMIT
from actionplan.scheme.queries import Scheme, scheme_of
from actionplan.scheme.rules import ItemState
from actionplan.scheme_items import ARTICLE
from actionplan.working_paper import working_meta
from agreements.models import Agreement
from core import formats as fr
from core.audience import Audience
from core.documents.content import (
    AuthorWords,
    Block,
    BulletList,
    Callout,
    Column,
    Content,
    Missing,
    Paragraph,
    Section,
    State,
    Table,
)
from core.documents.declaration import DocumentDeclaration


@dataclass(frozen=True)
class SchemeRequest:
    agreement: Agreement
    on: date
    with_money: bool = True
    reader: Audience = Audience.COMMITTEE


class SchemeAnnex(DocumentDeclaration):
    identifier = "schema-petite-enfance"
    title = "Éléments de la CTG valant schéma pluriannuel"
    formats = ("pdf", "docx")
    audience = Audience.COMMITTEE

    def build(self, context: SchemeRequest) -> Content:
        agreement = context.agreement
        scheme = scheme_of(
            agreement, context.on, with_money=context.with_money, audience=context.reader
        )
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=f"Accueil du jeune enfant, {ARTICLE}",
            audience=self.audience,
            cover=False,
            sections=scheme_sections(scheme, context.on),
            meta=working_meta(agreement, context.on),
        )


def scheme_sections(scheme: Scheme, on: date) -> tuple[Section, ...]:
    return (
        _summary(scheme, on),
        *(_item(state) for state in scheme.items),
        _acts(scheme),
    )


def _summary(scheme: Scheme, on: date) -> Section:
    return Section(
        "En bref",
        (
            Paragraph(f"Au {fr.date_long(on)} : {fr.tied(scheme.sentence)}", "lead"),
            Paragraph(fr.tied(scheme.owed_sentence)),
            _competences(scheme),
            Callout(
                "warning",
                "À vérifier par le service juridique",
                (
                    f"Texte suivi : {ARTICLE}, I, dans sa rédaction du {fr.date_long(ARTICLE_DATE)} "
                    f"({DECREE}).",
                    LIMIT,
                ),
            ),
            Table(
                caption="Les onze attendus",
                columns=(
                    Column("Attendu", width=2),
                    Column("Ce que l'article demande", width=8),
                    Column("Dans la CTG", "state", width=3),
                    Column("Relu le", "date", width=2),
                ),
                rows=tuple(
                    (
                        state.item.code,
                        state.item.label,
                        State(state.state, state.word, state.tone),
                        (state.said.checked_on if state.said else None) or Missing("–"),
                    )
                    for state in scheme.items
                ),
            ),
        ),
        numbered=False,
        identifier="bref",
    )


def _competences(scheme: Scheme) -> Block:
    return Table(
        caption="Qui exerce la compétence",
        columns=(
            Column("Compétence", width=7),
            Column("Exercée par", width=2),
            Column("Précision", width=5),
        ),
        rows=tuple(
            (row.subject, row.get_holder_display(), row.note or "–")
            for row in scheme.content.competences
        ),
        empty="Qui exerce la compétence n'est pas encore dit dans la convention.",
    )


def _item(state: ItemState) -> Section:
    blocks: list[Block] = [Paragraph(fr.tied(state.asks), "note"), _judgement(state)]
    if state.text:
        blocks.append(
            AuthorWords("Ce qu'en dit la CTG", tuple(filter(None, state.text.splitlines())))
        )
    if state.answers:
        blocks += [
            Paragraph("**Ce qui y répond**"),
            BulletList(
                tuple(
                    fr.tied(f"{row.label} : {row.detail}" if row.detail else row.label)
                    for row in state.answers
                )
            ),
        ]
    if state.lacks:
        blocks += [
            Paragraph("**Ce qui manque**"),
            BulletList(
                tuple(
                    fr.tied(_lack_text(lack.words, [name for name, _ in lack.links]))
                    for lack in state.lacks
                )
            ),
        ]
    return Section(
        f"{state.item.code} – {state.item.label}",
        tuple(blocks),
        level=2,
        numbered=False,
        identifier=f"attendu-{state.slug}",
    )


def _lack_text(words: str, names: list[str]) -> str:
    """The objects to complete, where naming them helps; a long list is on the page."""
    if not names or len(names) > 6:
        return words
    return f"{words.rstrip('.')} : {' ; '.join(names)}."


def _judgement(state: ItemState) -> Paragraph:
    told = f"**{state.word.capitalize()}.**"
    if state.is_overridden:
        told += f" Appréciation de l'auteur ; selon le contenu : {state.computed_word}."
    return Paragraph(told)


def _acts(scheme: Scheme) -> Section:
    return Section(
        "Les actes autour du schéma",
        (
            Table(
                caption="Ce qui est fait, et quand",
                columns=(
                    Column("Acte", width=8),
                    Column("Fait le", "date", width=2),
                    Column("Précision", width=5),
                ),
                rows=tuple(
                    (line.act.label, line.done_on or Missing("à faire"), line.note or "–")
                    for line in scheme.acts
                ),
            ),
        ),
        numbered=False,
        identifier="actes",
    )
