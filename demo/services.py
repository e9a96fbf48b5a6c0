"""Load the example, once, through the services of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from agreements.models import Agreement
from core.documents.declaration import registry, render
from core.errors import DomainError
from demo.build.agreements import build_accounts, build_agreement, build_other_agreement
from demo.build.brief import build_brief
from demo.build.calendar import build_calendar
from demo.build.campaigns import build_campaigns
from demo.build.decisions import build_decisions, date_decisions
from demo.build.diagnosis import build_diagnosis
from demo.build.documents import build_documents
from demo.build.evaluation import build_consultations, build_evaluation
from demo.build.figures import build_figures
from demo.build.meetings import build_meetings
from demo.build.papers import build_papers
from demo.build.partners import build_offer, build_partners
from demo.build.plan import build_plan
from demo.build.recent import build_recent
from demo.build.register import build_rates, build_register
from demo.build.report import build_report
from demo.build.scheme import build_scheme
from demo.build.sendings import build_sendings
from demo.build.sheet import build_sheets
from demo.build.thread import build_thread
from demo.build.versions import build_versions, date_changes
from demo.content import agreement as content
from opendata.imports.engine import import_file
from opendata.services import load_catalogue, load_facts, load_territories, save_district
from reports.documents.base import Request

DATA = Path(__file__).parent / "data"
FACTS = DATA / "facts.csv"
COMMUNES = DATA / "communes.csv"
"""Population, median income and poverty of the other communes of the EPCI, for the maps."""
OUTLINES = DATA / "communes-troyes-2018.geojson"
"""The 81 communes of the EPCI: IGN and Insee, simplified outlines of 2018 (to about 250 m)."""
Say = Callable[[str], None]

# What « make demo » writes: (document, format, file).
DOCUMENTS = [
    ("dossier-copil", "pdf", "dossier-copil.pdf"),
    ("bilan-annuel", "pdf", "bilan-annuel-{year}.pdf"),
    ("bilan-annuel", "xlsx", "bilan-annuel-{year}.xlsx"),
    ("bilan-annuel", "docx", "bilan-annuel-{year}.docx"),
    ("ctg-en-deux-pages", "pdf", "ctg-en-deux-pages.pdf"),
    ("diagnostic", "pdf", "diagnostic.pdf"),
    ("plan-actions", "pdf", "plan-actions.pdf"),
    ("budget-plan", "xlsx", "budget-plan.xlsx"),
    ("kit-seance", "pdf", "kit-de-seance.pdf"),
    ("kit-seance", "xlsx", "kit-de-seance.xlsx"),
]


def load_published(say: Say) -> None:
    """The catalogue, the territories and the published facts; each step is done once."""
    say("Domaines et indicateurs")
    load_catalogue()
    say("Communes, intercommunalités, départements et régions")
    load_territories()
    save_district(**content.DISTRICT)
    say("Chiffres publiés du territoire")
    load_facts(FACTS)
    load_facts(COMMUNES)
    import_file(OUTLINES, actor="démonstration")


def is_loaded() -> bool:
    return Agreement.objects.filter(slug=content.SLUG, is_demo=True).exists()


def load_demo(today: date, say: Say) -> bool:
    """Load the example about the day ``today``, kept within the agreement. All of it, or nothing.

    Returns False when it is there already: what was typed in it since stays. Raises
    ``DomainError`` where an agreement that is not an example stands.
    """
    if Agreement.objects.filter(is_demo=False).exists():
        raise DomainError(
            "Une convention réelle est enregistrée ici : la démonstration ne se charge pas à côté."
        )
    if is_loaded():
        say("La démonstration est déjà chargée : rien n'est changé")
        return False
    load_published(say)
    day = min(max(today, content.STARTS_ON), content.ENDS_ON)
    with transaction.atomic():
        say("Convention, signataires et compétences")
        example = build_agreement(day)
        say("Partenaires")
        build_partners(example)
        build_accounts(example)
        say("Équipements et conventions de financement")
        build_offer(example)
        build_register(example)
        build_rates()
        say("Diagnostic")
        build_diagnosis(example)
        build_figures(example)
        say("Plan d'actions")
        build_plan(example)
        build_sheets(example)
        say("Instances et décisions")
        build_meetings(example)
        build_sendings(example)
        say("Plan signé, avenant, variantes de budget, schéma petite enfance")
        build_versions(example)
        build_decisions(example)
        build_scheme(example)
        say("Habitants et bilan de l'année")
        build_consultations(example)
        build_evaluation(example)
        build_thread(example)
        build_report(example)
        say("Dates de la Caf, de la loi et du réseau départemental")
        build_calendar(example)
        say("Nouvelles demandées aux pilotes")
        build_campaigns(example)
        build_papers(example)
        say("L'élu en trois minutes")
        build_brief(example)
        say("Documents déjà produits")
        build_documents(example)
        build_recent(example)
        date_changes(example)
        date_decisions(example)
        say("Seconde convention")
        build_other_agreement(day)
    return True


def write_documents(folder: Path, today: date) -> Iterator[Path]:
    """Write the documents of the example, one after the other, and name each once it is there.

    A file appears whole or not at all.
    """
    agreement = Agreement.objects.get(slug=content.SLUG, is_demo=True)
    folder.mkdir(parents=True, exist_ok=True)
    day = min(max(today, content.STARTS_ON), content.ENDS_ON)
    request = Request(agreement=agreement, on=day, year=day.year)
    for identifier, fmt, name in DOCUMENTS:
        rendered = render(registry.get(identifier).content(request), fmt)
        path = folder / name.format(year=request.year)
        partial = path.with_suffix(f"{path.suffix}.part")
        partial.write_bytes(rendered.data)
        partial.replace(path)
        yield path
