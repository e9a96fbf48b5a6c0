"""What the cells of a plan name: levels, actions, organisations, people, themes, challenges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from actionplan.models import Action, ActionPartner, Objective, Orientation
from actionplan.sheets.labels import (
    SEPARATOR,
    action_label,
    level_label,
    pieces,
    role_label,
    split_level,
    split_role,
)
from agreements.models import Agreement, Theme
from core.formats import plain_key
from core.sheets.values import Unknown
from partners.models import Contact, Organisation
from territory.models import Challenge

ORGANISATION, PERSON = "organisation", "personne"
"""What an unknown name of a cell may become, when a person ticks it."""
ASSOCIATE = ActionPartner.Role.ASSOCIATE
TITLES = ("m", "mme", "mlle", "mr", "monsieur", "madame")


@dataclass(frozen=True)
class UnknownPartner(Unknown):
    """An organisation that nothing bears yet, and the part that it would take."""

    role: str = ASSOCIATE

    def __str__(self) -> str:
        return role_label(self.label, self.role)


def in_order(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values of a cell that holds several, always in the same order."""
    return tuple(sorted(dict.fromkeys(values), key=str))


def shown(values: Iterable[Any]) -> str:
    return SEPARATOR.join(str(value) for value in values)


class Names:
    """Things found by any of their names: as written, else without accents nor capitals. A name
    that two things bear finds neither."""

    def __init__(self) -> None:
        self.by_name: dict[str, Any] = {}
        self.twice: set[str] = set()
        self.holding_separators: list[str] = []
        """Those that a cell of several values must not be cut in."""

    def add(self, thing: Any, *names: str) -> None:
        written = [name.strip() for name in names if name and name.strip()]
        self.holding_separators += [name for name in written if ";" in name or "\n" in name]
        for name in {*written, *(_loose(name) for name in written)}:
            if self.by_name.setdefault(name, thing) != thing:
                self.twice.add(name)

    def get(self, name: str) -> Any | None:
        key = self._key(name)
        return None if key in self.twice else self.by_name.get(key)

    def is_twice(self, name: str) -> bool:
        return self._key(name) in self.twice

    def _key(self, name: str) -> str:
        return name.strip() if name.strip() in self.by_name else _loose(name)


LOOSE = "\x00"


def _loose(name: str) -> str:
    """Told apart from a name as written, which it must not hide."""
    return f"{LOOSE}{plain_key(name)}"


class Levels:
    """Orientations, or objectives: found by label, by title under the level above, by number."""

    def __init__(self) -> None:
        self.codes: dict[str, Any] = {}
        self.titles: dict[tuple[Any, str], Any] = {}

    def add(self, level: Any, *, within: Any = None, label: str = "") -> None:
        self.codes.setdefault(plain_key(level.code), level)
        for name in (level_label(level), label, str(level), level.title):
            if name:
                self.titles.setdefault((within, plain_key(name)), level)

    def by_code(self, code: str) -> Any | None:
        return self.codes.get(plain_key(code))

    def get(self, text: str, *, within: Any = None) -> Any | None:
        """The level that a cell names: its whole label, its title, or its number alone."""
        found = self.titles.get((within, plain_key(text)))
        if found is not None:
            return found
        code, title = split_level(text)
        same = self.by_code(code) if code else None
        if same is not None and plain_key(same.title) in (plain_key(title), plain_key(text)):
            return same
        return self.codes.get(plain_key(text).rstrip(". "))

    def titled(self, text: str, *, within: Any = None) -> Any | None:
        """The level of that title, whatever number the text gives it."""
        return self.titles.get((within, plain_key(split_level(text)[1])))

    def free_code(self, above: Any = None) -> str:
        """The next number: « 3 », or « 3.2 » under 3."""
        prefix = f"{above.code}." if above is not None else ""
        rank = 1
        while plain_key(f"{prefix}{rank}") in self.codes:
            rank += 1
        return f"{prefix}{rank}"


@dataclass
class Known:
    """What the agreement holds, in eight queries, whatever the size of the plan."""

    agreement: Agreement
    organisations: Names = field(default_factory=Names)
    people: Names = field(default_factory=Names)
    themes: Names = field(default_factory=Names)
    challenges: Names = field(default_factory=Names)
    orientations: Levels = field(default_factory=Levels)
    objectives: Levels = field(default_factory=Levels)
    actions: dict[str, Any] = field(default_factory=dict)
    """Actions by number."""
    action_titles: Names = field(default_factory=Names)
    organisation_names: list[str] = field(default_factory=list)
    contact_names: list[str] = field(default_factory=list)
    theme_names: list[str] = field(default_factory=list)
    challenge_names: list[str] = field(default_factory=list)
    orientation_labels: list[str] = field(default_factory=list)
    objective_labels: list[str] = field(default_factory=list)
    sub_objective_labels: list[str] = field(default_factory=list)

    def add_organisation(self, organisation: Organisation) -> None:
        self.organisations.add(organisation, organisation.name)

    def add_person(self, contact: Contact) -> None:
        """« Léa Martin » or « Martin Léa », as people write it."""
        self.people.add(contact, str(contact), f"{contact.last_name} {contact.first_name}")

    def add_action(self, action: Action) -> None:
        self.actions[plain_key(action.code)] = action
        self.action_titles.add(action, action_label(action.code, action.title), action.title)

    # --- Cells ----------------------------------------------------------------------------------
    def read_organisation(self, text: str) -> Any:
        return self._read(text, self.organisations, ORGANISATION)

    def read_person(self, text: str) -> Any:
        """« Mme Léa Martin » is Léa Martin."""
        words = [word for word in text.split() if plain_key(word).rstrip(".") not in TITLES]
        return self._read(" ".join(words) or text, self.people, PERSON)

    def _read(self, text: str, names: Names, kind: str) -> Any:
        """The name as the application writes it, or ``Unknown``. A name that two bear stays as it
        is: it says nothing new of a row that shows it already, and is refused elsewhere."""
        name = " ".join(text.split())
        found = names.get(name)
        if found is not None:
            return str(found)
        return name if names.is_twice(name) else Unknown(kind, name)

    def read_partners(self, text: str) -> tuple[Any, ...]:
        read: list[Any] = []
        whole = self.organisations.holding_separators
        told = [f"{name} ({label})" for name in whole for label in ActionPartner.Role.labels]
        for piece in pieces(text, [*whole, *told]):
            name, role = split_role(piece)
            found = self.organisations.get(piece) if role == ASSOCIATE else None
            if found is not None:
                name = piece
            thing = self.read_organisation(name)
            if isinstance(thing, Unknown):
                read.append(UnknownPartner(ORGANISATION, thing.label, role))
            else:
                read.append(role_label(thing, role))
        return in_order(read)

    def read_themes(self, text: str) -> tuple[Any, ...]:
        return self._read_all(text, self.themes, "un thème de la convention")

    def read_challenges(self, text: str) -> tuple[Any, ...]:
        return self._read_all(text, self.challenges, "un enjeu du diagnostic")

    def _read_all(self, text: str, names: Names, word: str) -> tuple[Any, ...]:
        found = []
        for name in pieces(text, names.holding_separators):
            thing = names.get(name)
            if thing is None:
                raise ValueError(f"« {name} » n'est pas {word}")
            found.append(str(thing))
        return in_order(found)

    def exact_action(self, text: str) -> Any | None:
        """By its number and title, or its title, as they stand."""
        return self.action_titles.get(text)

    def action(self, text: str) -> Any | None:
        """The action that a cell names: « 1.2 Ouvrir un relais », « 1.2 », or its title."""
        found = self.action_titles.get(text)
        if found is not None:
            return found
        code = plain_key(text)
        if code in self.actions:
            return self.actions[code]
        return self.actions.get(code.split(" ")[0].rstrip(".:")) if " " in code else None


def known_of(agreement: Agreement, actions: Iterable[Action]) -> Known:
    known = Known(agreement)
    organisations = list(Organisation.objects.filter(agreement=agreement).in_alphabetical_order())
    for organisation in organisations:
        known.add_organisation(organisation)
    for organisation in organisations:
        if not known.organisations.get(organisation.short_name or organisation.name):
            known.organisations.add(organisation, organisation.short_name)
    known.organisation_names = [o.name for o in organisations if not o.is_archived]
    people = list(Contact.objects.filter(agreement=agreement).in_alphabetical_order())
    for contact in people:
        known.add_person(contact)
    known.contact_names = [str(contact) for contact in people if not contact.is_archived]
    for theme in Theme.objects.filter(agreement=agreement):
        known.themes.add(theme, theme.name)
        known.theme_names.append(theme.name)
    for challenge in Challenge.objects.filter(agreement=agreement):
        known.challenges.add(challenge, challenge.title)
        known.challenge_names.append(challenge.title)
    _add_levels(known)
    for action in actions:
        known.add_action(action)
    return known


def _add_levels(known: Known) -> None:
    for orientation in Orientation.objects.filter(agreement=known.agreement):
        known.orientations.add(orientation)
        known.orientation_labels.append(level_label(orientation))
    objectives = Objective.objects.filter(agreement=known.agreement)
    for objective in objectives.select_related("orientation", "parent"):
        known.objectives.add(objective, within=objective.parent or objective.orientation)
        labels = known.sub_objective_labels if objective.parent_id else known.objective_labels
        labels.append(level_label(objective))
