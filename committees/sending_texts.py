"""The texts of a sending: proposed once, then the coordinator's; what is told of the meeting is
filled in from marks, so that a date or an agenda changed before the sending is never sent stale.
"""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import User
from agreements.models import Agreement, Signatory
from committees.models import AgendaItem, Meeting, Sending
from core.formats import NBSP, WEEKDAYS, date_long, tied

Kind = Sending.Kind

DATE, WHEN, AGENDA, REASON = "[date]", "[quand et où]", "[ordre du jour]", "[motif]"
MARKS = (DATE, WHEN, AGENDA, REASON)
MARKS_HELP = (
    "[date], [quand et où] et [ordre du jour] sont remplacés par ceux de la réunion, tels qu'ils "
    "sont au moment de l'envoi."
)
NO_AGENDA = "(l'ordre du jour vous sera communiqué)"
TO_COME = "(ici, le lien personnel)"
ANSWER_BEFORE = timedelta(days=7)
MASCULINE = ("comité", "groupe", "temps", "point", "copil", "cotech", "conseil", "bureau")
FEMININE = ("commission", "instance", "conférence", "cellule", "rencontre", "assemblée")


# --- What is told of a meeting ----------------------------------------------------------------
def day_words(day: date) -> str:
    """« mercredi 9 décembre 2026 »."""
    return f"{WEEKDAYS[day.weekday()]}{NBSP}{date_long(day)}"


def when_words(meeting: Meeting) -> str:
    told = [day_words(meeting.on), meeting.hours, meeting.place]
    return ", ".join(text for text in told if text)


def of_committee(meeting: Meeting) -> str:
    """« du comité de pilotage »; a name that says nothing of its gender is quoted."""
    name = meeting.committee.name.partition("(")[0].strip() or meeting.committee.name
    first = name.split()[0].casefold()
    lowered = name if name[:2].isupper() else name[0].lower() + name[1:]
    if first in MASCULINE:
        return f"du {lowered}"
    if first in FEMININE:
        return f"de la {lowered}" if first[0] not in "aeiou" else f"de l'{lowered}"
    return f"«{NBSP}{name}{NBSP}»"


def agenda_words(items: list[AgendaItem]) -> str:
    """One numbered line a point; a discussion or a decision is announced."""
    if not items:
        return NO_AGENDA
    return "\n".join(
        f"{rank}. {item.title}"
        + ("" if item.kind == AgendaItem.Kind.INFORMATION else f" ({item.get_kind_display()})")
        for rank, item in enumerate(items, start=1)
    )


def confirmed(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda.filter(is_confirmed=True))


def filled(text: str, meeting: Meeting, items: list[AgendaItem]) -> str:
    """``text`` with its marks replaced; other square brackets stay."""
    for mark, value in (
        (DATE, day_words(meeting.on)),
        (WHEN, when_words(meeting)),
        (AGENDA, agenda_words(items)),
        (REASON, meeting.cancel_reason),
    ):
        text = text.replace(mark, value)
    return text


# --- What is proposed -------------------------------------------------------------------------
def answer_by(meeting: Meeting, today: date) -> date:
    """A week before the meeting; on the eve, when it is nearer than that."""
    return max(meeting.on - ANSWER_BEFORE, min(today, meeting.on))


def ctg(agreement: Agreement) -> str:
    return f"de la convention territoriale globale (CTG) de {agreement.name}"


def signatory_of(meeting: Meeting) -> str:
    """Who signs for the commune in the agreement; else who presides over the meeting."""
    mayor = Signatory.objects.filter(
        agreement=meeting.agreement_id, kind=Signatory.Kind.MUNICIPALITY
    ).first()
    if mayor is not None and mayor.represented_by:
        return mayor.represented_by
    return str(meeting.chair or "")


def reference_of(meeting: Meeting) -> str:
    return f"CTG/{meeting.on:%Y-%m}/{meeting.pk}"


CLOSING = "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées."
HELLO = "Madame, Monsieur,"


def proposed(
    meeting: Meeting, kind: str, *, before: date | None, actor: User | None, today: date
) -> dict[str, str]:
    """``subject``, ``message`` and ``letter`` of a sending. ``before``: the day that people had
    been told."""
    write = {
        Kind.INVITATION: _invitation,
        Kind.UPDATE: _update,
        Kind.CANCELLATION: _cancellation,
        Kind.PACK: _pack,
        Kind.RECORD: _record,
    }[Kind(kind)]
    subject, message, letter = write(meeting, before, answer_by(meeting, today), actor)
    return {"subject": subject, "message": tied(message), "letter": tied(letter)}


def _contact(actor: User | None) -> str:
    return f" auprès de {actor} ({actor.email})" if actor else ""


Proposal = tuple[str, str, str]


def _invitation(meeting: Meeting, before: date | None, by: date, actor: User | None) -> Proposal:
    what = of_committee(meeting)
    return (
        f"Invitation : réunion {what}, {DATE}",
        f"Vous êtes invité(e) à la réunion {what} {ctg(meeting.agreement)}, le {WHEN}.\n\n"
        f"Ordre du jour :\n{AGENDA}\n\n"
        "Le dossier de séance vous parviendra dans les jours qui précèdent la réunion.",
        f"{HELLO}\n\n"
        f"J'ai le plaisir de vous convier à la réunion {what} {ctg(meeting.agreement)}, qui se "
        f"tiendra le\n\n**{WHEN}**.\n\nL'ordre du jour est le suivant :\n\n{AGENDA}\n\n"
        "Le dossier de séance vous sera adressé dans les jours qui précèdent la réunion.\n\n"
        f"Je vous remercie de faire connaître votre présence avant le {date_long(by)}"
        f"{_contact(actor)}. En cas d'empêchement, vous pouvez vous faire représenter.\n\n"
        f"{CLOSING}",
    )


def _update(meeting: Meeting, before: date | None, by: date, actor: User | None) -> Proposal:
    what = of_committee(meeting)
    known = f", annoncée pour le {day_words(before)}," if before else ""
    return (
        f"Changement : réunion {what}, {DATE}",
        f"La réunion {what}{known} change : elle se tiendra le {WHEN}.\n\n"
        f"Ordre du jour :\n{AGENDA}\n\n"
        "Merci de répondre de nouveau, même si vous l'aviez déjà fait.",
        f"{HELLO}\n\n"
        f"La réunion {what} {ctg(meeting.agreement)}{known} change. Elle se tiendra le\n\n"
        f"**{WHEN}**.\n\nL'ordre du jour est le suivant :\n\n{AGENDA}\n\n"
        f"Je vous remercie de faire connaître de nouveau votre présence avant le {date_long(by)}"
        f"{_contact(actor)}, et vous prie d'excuser ce changement.\n\n{CLOSING}",
    )


def _cancellation(meeting: Meeting, before: date | None, by: date, actor: User | None) -> Proposal:
    what = of_committee(meeting)
    return (
        f"Annulation : réunion {what}, {DATE}",
        f"La réunion {what} prévue le {DATE} n'aura pas lieu.\n\nMotif : {REASON}\n\n"
        "Une nouvelle date vous sera proposée.",
        f"{HELLO}\n\n"
        f"La réunion {what} {ctg(meeting.agreement)}, prévue le {DATE}, n'aura pas lieu.\n\n"
        f"Motif : {REASON}\n\n"
        "Une nouvelle date vous sera proposée. Je vous prie d'excuser ce contretemps.\n\n"
        f"{CLOSING}",
    )


def _pack(meeting: Meeting, before: date | None, by: date, actor: User | None) -> Proposal:
    what = of_committee(meeting)
    return (
        f"Dossier de séance : réunion {what}, {DATE}",
        f"Voici le dossier de la réunion {what}, le {WHEN}.\n\n"
        "Merci d'en prendre connaissance avant la séance.",
        f"{HELLO}\n\n"
        f"Je vous prie de trouver ci-joint le dossier de la réunion {what} "
        f"{ctg(meeting.agreement)}, qui se tiendra le\n\n**{WHEN}**.\n\n"
        f"Je vous remercie d'en prendre connaissance avant la séance.\n\n{CLOSING}",
    )


def _record(meeting: Meeting, before: date | None, by: date, actor: User | None) -> Proposal:
    what = of_committee(meeting)
    return (
        f"Relevé de décisions : réunion {what} du {DATE}",
        f"Voici le relevé de décisions de la réunion {what} du {DATE}.\n\n"
        "Signalez-moi toute erreur : elle sera corrigée par un rectificatif daté.",
        f"{HELLO}\n\n"
        f"Je vous prie de trouver ci-joint le relevé de décisions de la réunion {what} "
        f"{ctg(meeting.agreement)}, tenue le {DATE}.\n\n{CLOSING}",
    )


# --- What a person receives -------------------------------------------------------------------
def body_for(
    sending: Sending, name: str, *, address: str, actor: User | None, has_file: bool = False
) -> str:
    """The message to one person. ``sending.message`` is already filled."""
    agreement = sending.agreement
    signature = f"{actor}\n" if actor else ""
    parts = [f"Bonjour {name},", sending.message.strip(), *_door(sending, address, has_file)]
    parts.append(f"{signature}{agreement.coordinator_title}, CTG de {agreement.name}")
    if actor:
        parts[-1] += f"\n{actor.email}"
    return tied("\n\n".join(part for part in parts if part)) + "\n"


def _door(sending: Sending, address: str, has_file: bool) -> list[str]:
    """How to answer or to read; empty for a cancellation, which asks for nothing."""
    if sending.kind in (Kind.INVITATION, Kind.UPDATE):
        return [
            f"Pour répondre, sans compte ni mot de passe :\n{address}",
            "Vous pourrez changer d'avis par ce même lien jusqu'à la réunion. Il est personnel : "
            "ne le transférez pas. Le fichier joint inscrit la réunion dans votre agenda.",
        ]
    if sending.kind == Kind.CANCELLATION:
        return ["Le fichier joint retire la réunion de votre agenda."]
    attached = " Le fichier PDF est joint aussi." if has_file else ""
    return [
        f"Pour le lire, sans compte ni mot de passe :\n{address}",
        f"Ce lien est personnel : ne le transférez pas.{attached}",
    ]
