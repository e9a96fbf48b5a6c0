"""What the signed text lists: signatories, amendments, annexes, competences, themes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from agreements.models import (
    Agreement,
    Amendment,
    Annex,
    Competence,
    Signatory,
    Theme,
)
from agreements.services.journal import record
from agreements.services.rows import create_row, delete_row, update_row
from core.errors import DomainError

MAX_ANNEX_BYTES = 20 * 1024 * 1024
ANNEX_EXTENSIONS = {"pdf", "docx", "xlsx", "odt", "ods", "png", "jpg", "jpeg"}


def next_position(model: type[Any], agreement: Agreement) -> int:
    highest = model.objects.filter(agreement=agreement).aggregate(top=Max("position"))["top"]
    return (highest or 0) + 1


def add_signatory(
    agreement: Agreement, *, actor: User | None, fields: Mapping[str, Any]
) -> Signatory:
    position = fields.get("position") or next_position(Signatory, agreement)
    return create_row(
        Signatory,
        agreement,
        actor=actor,
        fields={**fields, "position": position},
        sentence=f"a ajouté le signataire « {fields['name']} »",
    )


def update_signatory(
    signatory: Signatory, *, actor: User | None, fields: Mapping[str, Any]
) -> Signatory:
    return update_row(signatory, actor=actor, fields=fields)


def remove_signatory(signatory: Signatory, *, actor: User | None) -> None:
    delete_row(signatory, actor=actor)


def add_amendment(
    agreement: Agreement, *, actor: User | None, fields: Mapping[str, Any]
) -> Amendment:
    return create_row(
        Amendment,
        agreement,
        actor=actor,
        fields=fields,
        sentence=f"a ajouté l'avenant n° {fields['number']} : {fields['subject']}",
    )


def update_amendment(
    amendment: Amendment, *, actor: User | None, fields: Mapping[str, Any]
) -> Amendment:
    return update_row(amendment, actor=actor, fields=fields)


def remove_amendment(amendment: Amendment, *, actor: User | None) -> None:
    delete_row(amendment, actor=actor)


def add_annex(agreement: Agreement, *, actor: User | None, fields: Mapping[str, Any]) -> Annex:
    """Hang a file on the agreement (signed text, délibération, plan signé…)."""
    file = fields["file"]
    if file.size > MAX_ANNEX_BYTES:
        raise DomainError("Ce fichier dépasse 20 Mo.", field="file")
    if file.name.rsplit(".", 1)[-1].lower() not in ANNEX_EXTENSIONS:
        raise DomainError(
            "Seuls les fichiers PDF, Word, Excel, LibreOffice et les images sont acceptés.",
            field="file",
        )
    return create_row(
        Annex,
        agreement,
        actor=actor,
        fields=fields,
        sentence=f"a joint l'annexe « {fields['title']} »",
    )


def remove_annex(annex: Annex, *, actor: User | None) -> None:
    """The file leaves with its row, once the row is gone for good."""
    file = annex.file
    delete_row(annex, actor=actor)
    transaction.on_commit(lambda: file.delete(save=False))


def add_competence(
    agreement: Agreement, *, actor: User | None, fields: Mapping[str, Any]
) -> Competence:
    return create_row(
        Competence,
        agreement,
        actor=actor,
        fields={**fields, "position": next_position(Competence, agreement)},
        sentence=f"a ajouté la compétence « {fields['subject']} »",
    )


def update_competence(
    competence: Competence, *, actor: User | None, fields: Mapping[str, Any]
) -> Competence:
    return update_row(competence, actor=actor, fields=fields)


def remove_competence(competence: Competence, *, actor: User | None) -> None:
    delete_row(competence, actor=actor)


def add_theme(agreement: Agreement, *, actor: User | None, fields: Mapping[str, Any]) -> Theme:
    return create_row(
        Theme,
        agreement,
        actor=actor,
        fields={**fields, "position": next_position(Theme, agreement)},
        sentence=f"a ajouté le thème « {fields['name']} »",
    )


def update_theme(theme: Theme, *, actor: User | None, fields: Mapping[str, Any]) -> Theme:
    """Rename a theme, change its domain, or put it aside (``is_active`` False): it then leaves
    the lists to choose from, and what already bears it keeps it."""
    return update_row(theme, actor=actor, fields=fields)


@transaction.atomic
def move_theme(theme: Theme, *, actor: User | None, up: bool) -> None:
    """Exchange the theme with its neighbour; at the end of the list nothing happens."""
    themes = list(
        Theme.objects.select_for_update()
        .filter(agreement=theme.agreement)
        .order_by("position", "pk")
    )
    index = [t.pk for t in themes].index(theme.pk)
    target = index - 1 if up else index + 1
    if not 0 <= target < len(themes):
        return
    themes[index], themes[target] = themes[target], themes[index]
    for position, moved in enumerate(themes, start=1):
        moved.position = position
    Theme.objects.bulk_update(themes, ["position"])
    record(
        theme.agreement,
        actor=actor,
        verb="move",
        target=theme,
        sentence=f"a changé l'ordre des thèmes : « {theme} »",
    )
