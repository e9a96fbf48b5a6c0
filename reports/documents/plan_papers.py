"""Papers of the plan's own pages, as numbered documents: the signed plan and its changes, the draft
of an avenant, the budget variants, the early-childhood scheme. Their chapters are built below."""

from __future__ import annotations

from actionplan.models import PlanVersion
from actionplan.scheme.documents import SchemeAnnex, scheme_sections
from actionplan.scheme.queries import scheme_of
from actionplan.variants.comparison import side_by_side
from actionplan.variants.documents import VariantsPaper, variant_sections
from actionplan.variants.queries import at_study
from actionplan.versions import queries as versions
from actionplan.versions.documents import (
    AmendmentDraft,
    PlanChanges,
    amendment_sections,
    changes_sections,
)
from core.audience import Audience
from core.documents.content import Content, Section
from core.documents.declaration import registry
from core.errors import DomainError
from reports.documents import parts
from reports.documents.base import Document, Request


class _Paper(Document):
    """A committee reads it: amounts, but neither the names of authors nor internal notes."""

    audience = Audience.COMMITTEE

    def sections(self, context: Request) -> tuple[str, tuple[Section, ...]]:
        """Its subtitle and its chapters."""
        raise NotImplementedError

    def build(self, context: Request) -> Content:
        reason = self.missing(context)
        if reason:
            raise DomainError(reason)
        subtitle, sections = self.sections(context)
        return Content(
            identifier=self.identifier,
            title=self.title,
            subtitle=subtitle,
            audience=self.audience,
            cover=False,
            sections=sections,
            meta=parts.meta(context.agreement, context.on),
        )


@registry.register
class SignedPlan(_Paper):
    identifier = PlanChanges.identifier
    title = PlanChanges.title
    description = "Ce qui a changé depuis la dernière version figée : quand, par quelle décision, pourquoi, et pour combien."

    def missing(self, context: Request) -> str:
        rows = versions.versions(context.agreement)
        known = rows.filter(state=PlanVersion.State.FROZEN).exists()
        return "" if known else "Le plan signé n'est pas encore figé."

    def sections(self, context: Request) -> tuple[str, tuple[Section, ...]]:
        last = versions.last_frozen(context.agreement)
        assert last is not None
        comparison = versions.compare(context.agreement, versions.COMMITTEE, last)
        subtitle = f"Du {versions.label_of(last)} au {versions.label_of(None)}"
        chapters = changes_sections(context.agreement, comparison, versions.COMMITTEE)
        return subtitle, tuple(chapters)


@registry.register
class DraftAmendment(_Paper):
    identifier = AmendmentDraft.identifier
    title = AmendmentDraft.title
    description = "L'annexe de l'avenant en préparation : ancienne et nouvelle rédaction, incidence financière, signatures."

    def missing(self, context: Request) -> str:
        rows = versions.versions(context.agreement)
        known = rows.filter(state=PlanVersion.State.PREPARED).exists()
        return "" if known else "Aucun avenant n'est en préparation."

    def prepared(self, context: Request) -> PlanVersion | None:
        rows = versions.versions(context.agreement)
        return rows.filter(state=PlanVersion.State.PREPARED).first()

    def sections(self, context: Request) -> tuple[str, tuple[Section, ...]]:
        version = self.prepared(context)
        assert version is not None
        return version.note, tuple(amendment_sections(version, versions.COMMITTEE))


@registry.register
class BudgetVariants(_Paper):
    identifier = VariantsPaper.identifier
    title = VariantsPaper.title
    description = "Deux ou trois façons de dépenser, côte à côte, avant que le comité choisisse."

    def missing(self, context: Request) -> str:
        return "" if at_study(context.agreement) else "Aucune variante n'est à l'étude."

    def sections(self, context: Request) -> tuple[str, tuple[Section, ...]]:
        side = side_by_side(context.agreement, at_study(context.agreement))
        return "À comparer avant de décider", tuple(variant_sections(side))


@registry.register
class EarlyChildhoodScheme(_Paper):
    identifier = SchemeAnnex.identifier
    title = SchemeAnnex.title
    description = (
        "Les onze attendus de l'article D. 214-10-1, ce qui y répond dans la CTG, ce qui manque."
    )
    formats = SchemeAnnex.formats

    def sections(self, context: Request) -> tuple[str, tuple[Section, ...]]:
        scheme = scheme_of(context.agreement, context.on, with_money=True, audience=self.audience)
        return "Accueil du jeune enfant", scheme_sections(scheme, context.on)
