"""The packs made for a meeting: their pages, and what has changed in the plan since."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from agreements.access import Access
from agreements.models import DocumentState, JournalEntry, Snapshot
from agreements.queries import journal_of
from agreements.roles import Capability as C
from committees.models import Meeting
from core.documents.content import Content
from core.documents.declaration import registry
from core.formats import plural
from core.models import Job
from reports.documents.base import Request
from reports.documents.dossier import IDENTIFIER, content_of
from reports.documents.dossier.facts import gather
from reports.pack_sections import BY_KEY, MAX_ANNEX_PAGES, MAX_CORE_PAGES
from reports.services import DRAW, default_request

JOURNAL_SHOWN = 6
DIVIDE = "annexes"
FIRST_TO_DROP = (
    "mesures", "enjeux", "habitants", "reussites", "moyens", "avancement", "glossaire", "chiffres", "fiches",
)  # fmt: skip
"""In which order a part may leave a pack that is too long: what is asked of the committee stays."""
DERIVED = {DIVIDE, "glossaire", "sources"}
"""Written from the other parts: they change when these do."""


def request_of(meeting: Meeting, on: date) -> Request:
    """What the pack of this meeting is made of, with the choices kept on it."""
    usual = default_request(meeting.agreement, on)
    agreement = meeting.agreement
    year = min(max(meeting.on.year, agreement.starts_on.year), agreement.ends_on.year)
    return replace(
        usual,
        year=year,
        meeting_id=meeting.pk,
        sections=tuple(meeting.pack_sections),
        audience=meeting.pack_audience,
    )


def packs_of(meeting: Meeting, access: Access) -> list[Snapshot]:
    """The last first; those that this reader may open."""
    return list(
        Snapshot.objects.filter(
            agreement=access.agreement,
            kind=IDENTIFIER,
            subject_id=meeting.pk,
            audience__in=access.audience.readable,
        )
        .select_related("agreement", "created_by")
        .defer("content")
        .order_by("-number")
    )


def drawing_of(snapshot: Snapshot) -> Job | None:
    """The work that draws its files, unless it is done."""
    return (
        Job.objects.filter(
            realm=snapshot.agreement.realm, kind=DRAW, parameters__snapshot=snapshot.pk
        )
        .exclude(state=Job.State.DONE)
        .first()
    )


# --- Pages ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class PageCount:
    core: int
    annexes: int
    advice: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        told = f"{plural(self.core, 'page')} (au plus {MAX_CORE_PAGES})"
        if self.annexes:
            told += f", puis {plural(self.annexes, 'page')} d'annexes (au plus {MAX_ANNEX_PAGES})"
        return told


def page_count(snapshot: Snapshot) -> PageCount | None:
    """None until its PDF has been drawn once."""
    pages = snapshot.details.get("pages")
    if not pages:
        return None
    first, total = pages["first"], pages["total"]
    core = first[DIVIDE] - 1 if DIVIDE in first else total
    lengths = lengths_of(first, total)
    advice = []
    for words, count, most, is_annex in (
        ("Le cœur du dossier", core, MAX_CORE_PAGES, False),
        ("Les annexes", total - core, MAX_ANNEX_PAGES, True),
    ):
        if count > most:
            dropped = what_to_drop(lengths, count - most, is_annex=is_annex)
            verb = "font" if is_annex else "fait"
            advice.append(f"{words} {verb} {count} pages, pour {most} au plus. {dropped}")
    return PageCount(core, total - core, tuple(advice))


def lengths_of(first: dict[str, int], total: int) -> dict[str, int]:
    """Key of a part → the pages that leave with it: those that no other part begins on."""
    starts = sorted(first.items(), key=lambda row: row[1])
    found: dict[str, int] = {}
    for rank, (anchor, page) in enumerate(starts):
        following = [start for _, start in starts[rank + 1 :] if start > page]
        alone = sum(start == page for start in first.values()) == 1
        pages = (min(following) if following else total + 1) - page
        key = "fiches" if anchor.startswith("action-") else anchor
        found[key] = found.get(key, 0) + (pages if alone else pages - 1)
    return found


def what_to_drop(lengths: dict[str, int], excess: int, *, is_annex: bool) -> str:
    """« Retirez « Les enjeux » (1 page) ou allégez … »: the least useful first."""
    names = [
        f"« {BY_KEY[key].title} » ({plural(lengths[key], 'page')})"
        for key in FIRST_TO_DROP
        if lengths.get(key) and BY_KEY[key].annex == is_annex
    ][: max(2, excess)]
    if not names:
        return "Raccourcissez les textes, ou retirez un point d'arbitrage."
    return f"À retirer ou à alléger d'abord : {', '.join(names)}."


# --- What has changed since -----------------------------------------------------------------
@dataclass(frozen=True)
class Since:
    """What would be different in a pack made today. ``entries``: acts that may explain it."""

    parts: list[str]
    entries: list[JournalEntry]


def changed_since(snapshot: Snapshot, meeting: Meeting, access: Access, on: date) -> Since:
    """The frozen content beside the same parts, for the same readers, written today."""
    request = replace(
        request_of(meeting, on),
        sections=tuple(key for key in snapshot.details.get("sections", ()) if key in BY_KEY),
        audience=snapshot.audience,
    )
    today = content_of(gather(request)).restricted()
    frozen = Snapshot.objects.values_list("content", flat=True).get(pk=snapshot.pk)
    parts = differences(frozen["content"], today)
    return Since(parts, _entries(snapshot, access) if parts else [])


def differences(frozen: dict[str, Any], today: Content) -> list[str]:
    """The titles of the parts that differ, in the order of reading; those that left come last."""
    new = json.loads(json.dumps(today.to_json()["content"]))
    before, after = _by_identifier(frozen), _by_identifier(new)
    for parts in (before, after):
        for key, part in parts.items():
            if key.startswith("action-"):  # « Annexe 3. »: another sheet moved it
                parts[key] = {**part, "title": part["title"].split(". ", 1)[-1]}
    told = [] if frozen.get("cover_blocks") == new.get("cover_blocks") else ["Ordre du jour"]
    told += [_name(part) for key, part in after.items() if part != before.get(key)]
    told += [_name(part) for key, part in before.items() if key not in after]
    return list(dict.fromkeys(told))


def _name(part: dict[str, Any]) -> str:
    """« Fiche 1.1.1 » for « Annexe 3. Fiche 1.1.1 – Ouvrir … »: its rank is not the reader's news."""
    title = str(part["title"])
    if not str(part["identifier"]).startswith("action-"):
        return title
    return f"Fiche {str(part['identifier']).removeprefix('action-')}"


def _by_identifier(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        part["identifier"]: part
        for part in content.get("sections", ())
        if part.get("identifier") and part["identifier"] not in DERIVED
    }


def _entries(snapshot: Snapshot, access: Access) -> list[JournalEntry]:
    if not access.can(C.JOURNAL_VIEW):
        return []
    entries = journal_of(access.agreement, with_internal=access.can(C.INTERNAL_VIEW))
    own = Snapshot._meta.label_lower
    return list(entries.filter(at__gt=snapshot.created_at).exclude(target_type=own)[:JOURNAL_SHOWN])


def sent_or_last(packs: list[Snapshot]) -> Snapshot | None:
    """The pack that people have in hand: the last one sent, else the last one made."""
    sent = [pack for pack in packs if pack.state == DocumentState.SENT]
    return next(iter(sent or packs), None)


# --- The other papers of the meeting --------------------------------------------------------
@dataclass(frozen=True)
class Paper:
    """A paper beside the pack: a document to produce (``identifier``), or a page (``url``)."""

    title: str
    text: str
    url: str
    label: str
    icon: str
    identifier: str = ""


DOCUMENTS = (
    ("deck-copil", "presentation", "Pour projeter en salle."),
    (
        "kit-seance",
        "clipboard-list",
        "Pour qui anime : feuille à signer, déroulé, notes, classeur.",
    ),
)
PAGES = (
    ("committees:sendings", C.PREPARATION_VIEW, "L'invitation et les envois", "mail",
     "La lettre, le message, les réponses ; puis l'envoi de ce dossier.", "Ouvrir les envois"),
    ("reports:brief", C.COMMITTEES_VIEW, "L'élu en trois minutes", "device-mobile",
     "Une page à lire sur un téléphone, en grands caractères.", "Ouvrir la page"),
)  # fmt: skip


def papers(meeting: Meeting, access: Access) -> list[Paper]:
    """Those that this reader may open or produce."""
    slug = access.agreement.slug
    found = [
        Paper(title, text, reverse(name, args=[slug, meeting.pk]), label, icon)
        for name, capability, title, icon, text, label in PAGES
        if access.can(capability)
    ]
    if access.can(C.DOCUMENTS_PRODUCE):
        for key, icon, text in DOCUMENTS:
            url = reverse("reports:produce", args=[slug, key])
            found.append(Paper(registry.get(key).title, text, url, "Produire", icon, key))
    return found
