"""What the authors write for the diagnosis report: their words by chapter, and the old figures that
they choose to keep."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from agreements.models import Agreement, Theme
from agreements.services import create_row, delete_row, update_row
from core.audience import Audience
from core.errors import StaleObject
from opendata.models import Indicator
from territory.models import IndicatorNote, ReportText


@transaction.atomic
def write_report_text(
    agreement: Agreement,
    *,
    actor: User | None,
    section: str,
    theme: Theme | None = None,
    text: str,
    audience: str = Audience.COMMITTEE,
    expected_version: int | None = None,
) -> ReportText | None:
    """Write the words of a chapter, of a theme when it is given. An empty text removes them.

    ``expected_version`` is that of the text as it was read; None, that there was none. Raises
    ``StaleObject`` when somebody wrote since.
    """
    known = (
        ReportText.objects.select_for_update(of=("self",))
        .select_related("theme", "agreement")
        .filter(agreement=agreement, section=section, theme=theme)
        .first()
    )
    if known is not None and known.version != expected_version:
        raise StaleObject(known)
    label = f"« {theme} »" if theme else f"le chapitre « {section} »"
    if known is None:
        if not text.strip():
            return None
        fields = {"section": section, "theme": theme, "text": text, "audience": audience}
        sentence = f"a écrit le texte du rapport pour {label}"
        return create_row(ReportText, agreement, actor=actor, fields=fields, sentence=sentence)
    if not text.strip():
        delete_row(known, actor=actor)
        return None
    return update_row(
        known,
        actor=actor,
        fields={"text": text, "audience": audience},
        expected_version=expected_version,
        sentence=f"a récrit le texte du rapport pour {label}",
    )


@transaction.atomic
def keep_old_figures(
    agreement: Agreement,
    *,
    actor: User | None,
    shown: Collection[Indicator],
    kept: Collection[Indicator],
) -> None:
    """Among the indicators ``shown``, exactly those of ``kept`` enter documents though old."""
    notes = {
        note.indicator_id: note
        for note in IndicatorNote.objects.filter(
            agreement=agreement, indicator__in=shown
        ).select_related("indicator", "agreement")
    }
    wanted = {indicator.pk for indicator in kept}
    for indicator in shown:
        note, keep = notes.get(indicator.pk), indicator.pk in wanted
        act = "garde" if keep else "ne garde plus"
        sentence = f"{act} le chiffre ancien « {indicator} » dans les documents"
        if note is None and keep:
            fields = {"indicator": indicator, "keep_old": True}
            create_row(IndicatorNote, agreement, actor=actor, fields=fields, sentence=sentence)
        elif note is not None and note.keep_old != keep:
            update_row(note, actor=actor, fields={"keep_old": keep}, sentence=sentence)
