"""« La CTG en deux pages » : for a newly elected official, before anything else."""

from __future__ import annotations

from actionplan.models import Orientation
from agreements.models import Membership, Role, Signatory
from committees import queries as committees
from committees.models import Meeting
from core import formats as fr
from core.amounts import add
from core.audience import Audience
from core.documents.content import (
    Block,
    BulletList,
    Column,
    Content,
    Figure,
    FigureRow,
    Heading,
    KeyValues,
    Paragraph,
    Section,
    Table,
    Timeline,
)
from core.documents.declaration import registry
from core.glossary import entry
from partners.models import Contact
from reports import queries
from reports.documents import parts
from reports.documents.base import Document, Request
from reports.meetings import questions, steering_meeting
from territory.models import Challenge

LAST_DECISIONS = 4
WORDS = ("COPIL", "COTECH", "COF", "Bonus territoire")


@registry.register
class TwoPages(Document):
    identifier = "ctg-en-deux-pages"
    title = "La CTG en deux pages"
    description = "Pour un élu qui arrive : ce qui a été signé, l'argent de la Caf, les orientations, les dates, qui appeler."
    formats = ("pdf", "docx")
    audience = Audience.COMMITTEE

    def build(self, context: Request) -> Content:
        agreement = context.agreement
        return Content(
            identifier=self.identifier,
            title="La CTG en deux pages",
            subtitle="Pour qui prend ses fonctions : l'essentiel avant la première réunion",
            audience=self.audience,
            cover=False,
            sections=(
                signed_section(context),
                money_section(context),
                plan_section(context),
                dates_section(context),
                decisions_section(context),
                people_section(context),
                words_section(),
            ),
            meta=parts.meta(agreement, context.on),
        )


def signed_section(context: Request) -> Section:
    agreement = context.agreement
    signatories = [row.name for row in Signatory.objects.filter(agreement=agreement)]
    signed = (
        f"signée le {fr.date_long(agreement.signed_on)}"
        if agreement.signed_on
        else "en cours de signature"
    )
    return Section(
        "Ce qui a été signé",
        (
            Paragraph(
                "Une convention territoriale globale lie pendant cinq ans la commune et la Caf pour les services aux familles : "
                "petite enfance, enfance, jeunesse, parentalité, logement, accès aux droits. Elle fixe des priorités communes ; "
                "l'argent passe par des contrats propres à chaque équipement.",
                "lead",
            ),
            Paragraph(
                f"La CTG {agreement.period_label} est {signed}. Signataires : {', '.join(signatories) or 'la commune et la Caf'}."
            ),
        ),
        numbered=False,
        identifier="signe",
    )


def money_section(context: Request) -> Section:
    planned, known = queries.caf_money(context.agreement, context.year)
    by_contract = add(
        row.known for row in queries.contracts_of_year(context.agreement, context.year)
    )
    counts = queries.status_counts(context.agreement)
    return Section(
        f"L'essentiel en {context.year}",
        (
            FigureRow(
                (
                    Figure(
                        "Caf, dernier montant connu",
                        fr.keuros(known),
                        comparison=f"prévu : {fr.keuros(planned)}",
                    ),
                    Figure("dont équipements (COF)", fr.keuros(by_contract)),
                    Figure(
                        "Actions du plan",
                        str(counts.total()),
                        comparison=f"{counts['done']} réalisées, {counts['in_progress']} en cours",
                    ),
                )
            ),
        ),
        numbered=False,
        identifier="essentiel",
    )


def plan_section(context: Request) -> Section:
    agreement = context.agreement
    challenges = Challenge.objects.filter(
        agreement=agreement, is_archived=False, priority=Challenge.Priority.HIGH
    )
    progress = {
        row.orientation.pk: row for row in queries.progress_by_orientation(agreement, context.on)
    }
    rows = tuple(
        (
            str(orientation),
            progress[orientation.pk].total,
            progress[orientation.pk].counts["done"],
            progress[orientation.pk].late,
        )
        for orientation in Orientation.objects.filter(agreement=agreement)
    )
    blocks: list[Block] = [
        Table(
            caption=f"Les {agreement.orientation_label.lower()}s et leurs actions",
            columns=(
                Column(agreement.orientation_label, width=6),
                Column("Actions", "integer", width=1),
                Column("Réalisées", "integer", width=1),
                Column("En retard", "integer", width=1),
            ),
            rows=rows,
            empty="Le plan n'est pas encore écrit.",
        ),
        Heading("Les enjeux prioritaires"),
        BulletList(tuple(challenge.title for challenge in challenges))
        if challenges
        else Paragraph("Aucun enjeu n'est encore prioritaire."),
    ]
    return Section("Le plan", tuple(blocks), numbered=False, identifier="plan")


def dates_section(context: Request) -> Section:
    agreement = context.agreement
    meetings = (
        Meeting.objects.filter(agreement=agreement)
        .upcoming(context.on)
        .select_related("committee")[:4]
    )
    items = [
        (fr.date_long(row.on), row.committee.name, row.place or "lieu à préciser")
        for row in meetings
    ]
    items.append(
        (
            fr.date_long(agreement.ends_on),
            "Fin de la convention",
            "évaluation finale et renouvellement",
        )
    )
    return Section("Les dates", (Timeline(tuple(items)),), numbered=False, identifier="dates")


def decisions_section(context: Request) -> Section:
    """What the committee will be asked next, or what it last decided: where the reader comes in."""
    agreement = context.agreement
    meeting = steering_meeting(agreement, context.on)
    blocks: list[Block] = []
    asked = []
    if meeting and meeting.on >= context.on:
        items = meeting.agenda.filter(is_confirmed=True).select_related("arbitration")
        asked = questions(items, with_money=True)
    if meeting and asked:
        blocks += [
            Heading(f"Demandé au comité le {fr.date_long(meeting.on)}"),
            BulletList(tuple(asked)),
        ]
    past = queries.previous_decisions(meeting)[:LAST_DECISIONS] if meeting else []
    if past:
        blocks += [
            Heading("Les dernières décisions, et leur suite"),
            BulletList(
                tuple(
                    f"{row.decision.text.rstrip('.')} : **{parts.decision_state(row.state).label}**."
                    for row in parts.told_again(past, context.on)
                )
            ),
        ]
    blocks.append(
        Paragraph(
            "Le comité de pilotage donne un avis : tout crédit reste soumis au vote du conseil municipal.",
            "note",
        )
    )
    return Section("Ce qui se décide", tuple(blocks), numbered=False, identifier="decide")


def people_section(context: Request) -> Section:
    """Professional contacts only, chosen because their role is to answer."""
    agreement = context.agreement
    rows = [
        (str(row.contact), row.role or "préside le comité", *_reached(row.contact))
        for row in committees.chairs(agreement, context.on)
    ]
    for contact in who_to_call(context):
        position = next(iter(contact.positions.all()), None)
        rows.append((str(contact), position.function if position else "–", *_reached(contact)))
    return Section(
        "Qui appeler",
        (
            Table(
                caption="Vos interlocuteurs",
                columns=(
                    Column("Nom", width=3),
                    Column("Fonction", width=4),
                    Column("Téléphone", width=3),
                    Column("Adresse électronique", width=4),
                ),
                rows=tuple(rows),
                empty="Aucun interlocuteur n'est encore indiqué.",
            ),
        ),
        numbered=False,
        identifier="contacts",
    )


def _reached(contact: Contact) -> tuple[str, str]:
    return contact.phone or "–", contact.email or "–"


def words_section() -> Section:
    """The words that the first meeting will use without explaining them."""
    rows = tuple((word, f"{entry(word).expansion}. {entry(word).definition}") for word in WORDS)
    return Section("Les mots à connaître", (KeyValues(rows),), numbered=False, identifier="mots")


def who_to_call(context: Request) -> list[Contact]:
    """Who steers the CTG, and the Caf's adviser: those whose account has that role."""
    users = Membership.objects.filter(
        agreement=context.agreement, role__in=[Role.COORDINATOR, Role.CAF], is_active=True
    ).values("user_id")
    return list(
        Contact.objects.filter(agreement=context.agreement, user_id__in=users).prefetch_related(
            "positions"
        )
    )
