"""The same change made to several actions at once: tried, told line by line, then all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action
from actionplan.services.actions import update_action
from agreements.models import Theme
from agreements.services.journal import changes_between
from core.errors import DomainError, StaleObject

STALE = (
    "Quelqu'un a modifié cette fiche depuis que vous l'avez cochée : relisez-la, puis recommencez."
)


@dataclass(frozen=True)
class GroupedChange:
    """What is asked of every action. ``fields`` are those of ``Action`` that are given; the themes
    are added to, or removed from, those that each action has."""

    fields: Mapping[str, Any]
    add_themes: Sequence[Theme] = ()
    remove_themes: Sequence[Theme] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.add_themes or self.remove_themes)


@dataclass(frozen=True)
class GroupedLine:
    """One action: what would change (label, old, new), or why it is refused."""

    action: Action
    differences: tuple[tuple[str, str, str], ...] = ()
    refusal: str = ""

    @property
    def is_unchanged(self) -> bool:
        return not self.refusal and not self.differences


def change_together(
    actions: Sequence[Action],
    change: GroupedChange,
    *,
    actor: User | None,
    versions: Mapping[int, int],
    dry_run: bool,
) -> list[GroupedLine]:
    """Each action through the same door as its sheet; one line of the journal for each.

    One refusal, and nothing is written; ``dry_run`` writes nothing either. ``versions`` are those
    that the author saw, by key.
    """
    with transaction.atomic():
        lines = [_try(action, change, actor, versions.get(action.pk)) for action in actions]
        if dry_run or any(line.refusal for line in lines):
            transaction.set_rollback(True)
    return lines


def _try(
    action: Action, change: GroupedChange, actor: User | None, version: int | None
) -> GroupedLine:
    before = Action.objects.get(pk=action.pk)
    fields = {
        name: value for name, value in change.fields.items() if getattr(before, name) != value
    }
    old_themes = list(action.themes.all())
    gone = {theme.pk for theme in change.remove_themes}
    kept = [theme for theme in old_themes if theme.pk not in gone]
    known = {theme.pk for theme in kept}
    themes = [*kept, *(theme for theme in change.add_themes if theme.pk not in known)]
    try:
        with transaction.atomic():
            if version is not None and before.version != version:
                raise StaleObject(before)
            if not fields and {t.pk for t in themes} == {t.pk for t in old_themes}:
                return GroupedLine(action)
            row = update_action(
                Action.objects.select_related("agreement").get(pk=action.pk),
                actor=actor,
                expected_version=version,
                themes=themes,
                sentence=f"a modifié l'action {action.code}, avec d'autres",
                **fields,
            )
    except StaleObject:
        return GroupedLine(action, refusal=STALE)
    except DomainError as refusal:
        return GroupedLine(action, refusal=refusal.message)
    differences = [
        (change["field"], change["old"], change["new"]) for change in changes_between(before, row)
    ]
    if {theme.pk for theme in themes} != {theme.pk for theme in old_themes}:
        names = [", ".join(sorted(t.name for t in some)) for some in (old_themes, themes)]
        differences.append(("thèmes", names[0], names[1]))
    return GroupedLine(action, tuple(differences))
