"""« L'élu en trois minutes »: what its author keeps and chooses, and the links that are handed over.

Only the hash of a link is kept, as for every personal door (docs/decisions/campaign-links.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actionplan.models import Measure
from agreements.models import AccessLink, Agreement
from agreements.services import create_row, record, update_row
from agreements.services.links import door_of, make_link
from committees.brief_words import INDICATOR, LONGEST, MEASURE, MOST
from committees.models import BriefLink, Meeting, MeetingBrief
from core.amounts import names_money
from core.dates import end_of_day
from core.errors import DomainError
from core.formats import date_long, tied
from opendata.models import Indicator

LINK_DAYS, MAX_LINK_DAYS = 15, 90
"""A link dies so many days after the meeting."""
NO_MONEY = (
    "Cette page part par un lien, sans compte : elle ne porte aucun montant en euros. "
    "Les montants sont dans le dossier de séance."
)
GONE = "Un chiffre choisi n'existe plus : choisissez-en un autre."


@transaction.atomic
def write_brief(
    meeting: Meeting,
    *,
    actor: User | None,
    sentences: Sequence[str],
    figures: Sequence[str],
    expected_version: int | None = None,
) -> MeetingBrief:
    """Keep the author's sentences and figures; an empty list leaves them to what is proposed.

    Raises ``DomainError`` (``field`` is « sentence2 », « figure3 ») for an amount, a sentence that
    is too long, a figure twice or gone; ``StaleObject`` when somebody else wrote meanwhile.
    """
    kept = _checked_sentences(sentences)
    chosen = _checked_figures(meeting.agreement, figures)
    fields = {"sentences": kept, "figures": chosen}
    sentence = f"a écrit « L'élu en trois minutes » : {meeting}"
    brief = MeetingBrief.objects.filter(meeting=meeting).first()
    if brief is None:
        return create_row(
            MeetingBrief, meeting.agreement, actor=actor,
            fields={"meeting": meeting, **fields}, sentence=sentence,
        )  # fmt: skip
    return update_row(
        brief, actor=actor, fields=fields, expected_version=expected_version, sentence=sentence
    )


def _checked_sentences(sentences: Sequence[str]) -> list[str]:
    kept = []
    for rank, text in enumerate(sentences, start=1):
        line = " ".join(text.split())
        if len(line) > LONGEST:
            raise DomainError(
                f"Cette phrase fait {len(line)} caractères pour {LONGEST} au plus.",
                field=f"sentence{rank}",
            )
        if names_money(line):
            raise DomainError(NO_MONEY, field=f"sentence{rank}")
        if line:
            kept.append(tied(line))
    if len(kept) > MOST:
        raise DomainError("Cinq phrases au plus.")
    return kept


def _checked_figures(agreement: Agreement, figures: Sequence[str]) -> list[str]:
    """Known keys, once each, and none in euros."""
    chosen: list[str] = []
    for rank, key in enumerate(figures, start=1):
        if not key:
            continue
        if key in chosen:
            raise DomainError("Ce chiffre est déjà choisi.", field=f"figure{rank}")
        told = _figure_words(agreement, key)
        if told is None:
            raise DomainError(GONE, field=f"figure{rank}")
        if names_money(told):
            raise DomainError(NO_MONEY, field=f"figure{rank}")
        chosen.append(key)
    if len(chosen) > MOST:
        raise DomainError("Cinq chiffres au plus.")
    return chosen


def _figure_words(agreement: Agreement, key: str) -> str | None:
    """Label and unit of what the key names; None when it names nothing here."""
    kind, _, name = key.partition(":")
    if f"{kind}:" == MEASURE and name.isdecimal() and len(name) < 19:
        rows = Measure.objects.filter(agreement=agreement, pk=int(name))
        found: Measure | Indicator | None = rows.first()
    elif f"{kind}:" == INDICATOR:
        found = Indicator.objects.filter(key=name).first()
    else:
        found = None
    return None if found is None else f"{found.label} {found.unit}"


# --- Links ----------------------------------------------------------------------------------
@transaction.atomic
def hand_over_brief_link(
    meeting: Meeting, *, actor: User | None, label: str, days: int = LINK_DAYS
) -> tuple[BriefLink, str]:
    """Returns the link and its token, which is never shown again. It dies ``days`` days after the
    day of the meeting, at midnight."""
    if not 0 <= days <= MAX_LINK_DAYS:
        raise DomainError(f"Choisissez entre 0 et {MAX_LINK_DAYS} jours.", field="days")
    if meeting.state == Meeting.State.CANCELLED:
        raise DomainError("Cette réunion est annulée : il n'y a rien à lire.")
    expires_at = end_of_day(meeting.on + timedelta(days=days))
    if expires_at <= timezone.now():
        raise DomainError(
            f"La réunion était le {date_long(meeting.on)} : ce lien serait déjà fermé.",
            field="days",
        )
    brief, _ = MeetingBrief.objects.get_or_create(agreement=meeting.agreement, meeting=meeting)
    link, token = make_link(
        meeting.agreement,
        AccessLink.Purpose.READ_BRIEF,
        actor=actor,
        label=label.strip(),
        expires_at=expires_at,
    )
    door = BriefLink.objects.create(agreement=meeting.agreement, brief=brief, link=link)
    record(
        meeting.agreement,
        actor=actor,
        verb="link",
        target=meeting,
        sentence=f"a remis à {link.label} un lien vers « L'élu en trois minutes » : {meeting}",
    )
    return door, token


@transaction.atomic
def revoke_brief_link(door: BriefLink, *, actor: User | None) -> None:
    link = door.link
    if link.revoked_at is not None:
        return
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    record(
        door.agreement,
        actor=actor,
        verb="revoke",
        target=door.brief.meeting,
        sentence=f"a retiré le lien vers « L'élu en trois minutes » remis à {link.label}",
    )


def follow_brief_links(meeting: Meeting, *, before: date) -> None:
    """The meeting has changed day: its links live as long after the new one."""
    moved = meeting.on - before
    if not moved:
        return
    doors = BriefLink.objects.filter(brief__meeting=meeting, link__revoked_at=None)
    for door in doors.select_related("link"):
        door.link.expires_at = end_of_day(door.last_day + moved)
        door.link.save(update_fields=["expires_at"])


def find_brief_door(token: str) -> BriefLink | None:
    doors = BriefLink.objects.select_related(
        "link", "agreement__lead_commune", "brief__meeting__agreement__lead_commune",
        "brief__meeting__committee__kind", "brief__meeting__chair",
    )  # fmt: skip
    return door_of(doors, token, AccessLink.Purpose.READ_BRIEF)


def brief_door_problem(door: BriefLink) -> str:
    """Why this door opens no more; empty when it does."""
    if door.link.revoked_at is not None:
        return "Ce lien a été retiré. Demandez-en un autre à la personne qui vous l'a remis."
    if door.is_over:
        return f"Cette page se lisait jusqu'au {date_long(door.last_day)} : ce lien est fermé."
    return ""
