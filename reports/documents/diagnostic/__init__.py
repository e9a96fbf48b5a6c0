"""« Diagnostic du territoire » : the report that a cabinet would deliver, whole or of one theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core import formats as fr
from core.audience import Audience
from core.documents.content import Content, Contents, Section
from core.documents.declaration import registry
from core.errors import DomainError
from reports.documents import parts
from reports.documents.base import Document, Request
from reports.documents.diagnostic.adequacy import match
from reports.documents.diagnostic.facts import Facts, gather
from reports.documents.diagnostic.findings import afom, challenges, inhabitants
from reports.documents.diagnostic.methods import methods, sources_of
from reports.documents.diagnostic.offer import offer
from reports.documents.diagnostic.summary import summary
from reports.documents.diagnostic.territory import living_conditions, population, presentation
from reports.sections import BY_KEY, SECTIONS, ReportSection, chosen

Chapter = Callable[[Facts, ReportSection], list[Section]]
CHAPTERS: dict[str, Chapter] = {
    "synthese": summary,
    "presentation": presentation,
    "population": population,
    "conditions-de-vie": living_conditions,
    "offre": offer,
    "adequation": match,
    "habitants": inhabitants,
    "afom": afom,
    "enjeux": challenges,
    "methodes": methods,
}
"""Each draws its chapter, or none when it has nothing to say."""
EDITIONS = {
    Audience.PUBLIC: "édition publique",
    Audience.COMMITTEE: "édition du comité de pilotage",
}


@registry.register
class Diagnostic(Document):
    identifier = "diagnostic"
    title = "Diagnostic du territoire"
    description = "Le rapport de diagnostic, entier ou d'un thème : chiffres comparés et commentés, offre, parole des habitants, constats, enjeux, sources."
    audience = Audience.COMMITTEE
    needs_choices = True
    section_keys = tuple(BY_KEY)
    prepare_page = "reports:prepare"

    def build(self, context: Request) -> Content:
        unknown = [key for key in context.sections if key not in BY_KEY]
        if unknown:
            raise DomainError(f"Chapitre inconnu : {', '.join(unknown)}.", field="sections")
        facts = gather(context)
        asked = chosen(context.sections, one_theme=facts.theme is not None)
        sections = [
            part
            for section in asked
            if section.key in CHAPTERS
            for part in CHAPTERS[section.key](facts, section)
        ]
        if facts.theme is not None:
            sections = run_on(sections)
        if any(section.key == "glossaire" for section in asked):
            sections += glossary(sections, new_page=facts.theme is None)
        title = f"Diagnostic : {facts.theme}" if facts.theme else self.title
        meta = parts.meta(context.agreement, context.on, sources_of(facts.kept))
        return Content(
            identifier=self.identifier,
            title=title,
            subtitle=subtitle(facts),
            audience=facts.audience,
            sections=(*contents(sections), *sections),
            meta=replace(meta, extra_lines=(*meta.extra_lines, *choices_told(facts, asked))),
        )


def run_on(sections: list[Section]) -> list[Section]:
    """One theme fills a few pages: only its summary and what follows begin a new one."""
    return [replace(part, page_break=rank < 2) for rank, part in enumerate(sections)]


def contents(sections: list[Section]) -> list[Section]:
    """The table of contents, when there is more than one thing to find."""
    if len(sections) < 2:
        return []
    return [Section("", (Contents(),), numbered=False, identifier="sommaire")]


def glossary(sections: list[Section], *, new_page: bool) -> list[Section]:
    """Only the terms that the chapters use; none, no glossary."""
    section = parts.glossary_section(sections)
    return [replace(section, page_break=new_page)] if section.blocks else []


def subtitle(facts: Facts) -> str:
    months = fr.date_long(facts.request.on).split("\u00a0", 1)[1]
    return f"{months[:1].upper()}{months[1:]}, {EDITIONS[facts.audience]}"


def choices_told(facts: Facts, asked: list[ReportSection]) -> tuple[str, ...]:
    """On the cover: a part of a report must not be taken for the whole."""
    whole = [section for section in SECTIONS if section.by_theme or facts.theme is None]
    if len(asked) == len(whole):
        return ()
    return (f"Extrait : {', '.join(section.title for section in asked)}.",)
