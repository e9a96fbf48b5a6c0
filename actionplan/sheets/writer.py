"""Lines of the workbook written through the room's services: what they refuse is refused here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from accounts.models import User
from actionplan import services
from actionplan.models import Action, ActionPartner, ActionStatus, Objective, Orientation
from actionplan.sheets.adapt import Adapted
from actionplan.sheets.columns import PLAN
from actionplan.sheets.known import ASSOCIATE, Known, Names, UnknownPartner
from actionplan.sheets.labels import split_level, split_role
from actionplan.sheets.naming import create_organisation_named
from actionplan.sheets.options import Options
from actionplan.sheets.rows import MODELS, PLAIN
from actionplan.sheets.writer_parts import PARTS
from core.errors import DomainError
from core.sheets import Change
from partners.models import Contact, Organisation

LEVELS = ("orientation", "objective", "sub_objective")
NEVER_EMPTY = ("code", "title", "summary", "status", "due_on", "progress", "origin", "priority")
TEXTS = frozenset(PLAIN) - {"starts_on", "due_on", "blocked_review_on", *NEVER_EMPTY}
EXPLAINED = (ActionStatus.BLOCKED, ActionStatus.DROPPED)
"""Statuses that ask for other cells: what the action lacks is told beside its status."""
NEEDED = "Une valeur est nécessaire."


def pk_of(key: str) -> tuple[type, int]:
    """The model and the number that a key tells (« 7.a12 »)."""
    told = key.partition(".")[2]
    return MODELS[told[0]], int(told[1:])


class Writer:
    """Writes one line at a time; what a line creates is found by the lines that follow.

    ``adapted`` says what was understood of the lines, ``options`` what a person answered.
    """

    def __init__(
        self, known: Known, adapted: Adapted, options: Options, *, actor: User | None
    ) -> None:
        self.known = known
        self.agreement = known.agreement
        self.adapted = adapted
        self.options = options
        self.actor = actor
        self.rows: dict[str, dict[str, Mapping[str, Any]]] = {}

    def __call__(self, change: Change) -> None:
        if change.sheet.name != PLAN:
            PARTS[change.sheet.name](self, change)
            return
        model = pk_of(change.key)[0] if change.key else None
        is_level = model in (Orientation, Objective) or (
            model is None and not change.values.get("title") and not change.values.get("code")
        )
        if is_level:
            self._level(change)
            return
        try:
            self._action(change)
        except DomainError as refusal:
            if refusal.field is None and change.values.get("status") in EXPLAINED:
                raise DomainError(refusal.message, field="status") from refusal
            raise

    def reason_of(self, change: Change) -> str:
        return self.adapted.reasons.get((change.sheet.name, change.line), "") or self.options.reason

    def whole(self, change: Change) -> dict[str, Any]:
        """The values of the row as the line leaves it."""
        name = change.sheet.name
        if name not in self.rows:
            self.rows[name] = {row.key: row.values for row in change.sheet.rows}
        return {**self.rows[name].get(change.key, {}), **change.values}

    # --- Names ----------------------------------------------------------------------------------
    def organisation(self, name: Any, field: str) -> Organisation:
        found = self.known.organisations.get(str(name))
        if found is None:
            self._refuse(self.known.organisations, str(name), field)
        return found

    def person(self, name: Any, field: str) -> Contact | None:
        if not name:
            return None
        found = self.known.people.get(str(name))
        if found is None:
            self._refuse(self.known.people, str(name), field)
        return found

    def _refuse(self, names: Names, text: str, field: str) -> NoReturn:
        if names.is_twice(text):
            raise DomainError(
                f"Plusieurs fiches portent le nom « {text} » : choisissez-la dans l'application.",
                field=field,
            )
        raise DomainError(
            f"« {text} » n'est pas connu : cochez sa création, ou corrigez la cellule.", field=field
        )

    def action(self, name: Any) -> Action:
        text = str(name)
        found = self.known.action(text)
        if found is None:
            raise DomainError(f"« {text} » n'est pas une action du plan.", field="action")
        return found

    # --- Levels ---------------------------------------------------------------------------------
    def place(self, values: Mapping[str, Any]) -> tuple[Orientation, Objective | None]:
        """The orientation and the objective that a line names, created when they may be."""
        text = str(values.get("orientation") or "")
        if not text:
            raise DomainError(
                f"Dites sous quel niveau ({self.agreement.orientation_label.lower()}) elle est.",
                field="orientation",
            )
        orientation = self.known.orientations.get(text)
        if orientation is None:
            orientation = self._create_level("orientation", text)
        above: Orientation | Objective = orientation
        objective: Objective | None = None
        for name in LEVELS[1:]:
            text = str(values.get(name) or "")
            if not text:
                continue
            parent, objective = objective, self.known.objectives.get(text, within=above)
            if objective is None:
                objective = self._create_level(name, text, orientation, parent)
            elif objective.orientation_id != orientation.pk:
                raise DomainError(f"« {text} » n'est pas sous « {orientation} ».", field=name)
            above = objective
        return orientation, objective

    def _create_level(
        self,
        name: str,
        text: str,
        orientation: Orientation | None = None,
        parent: Objective | None = None,
    ) -> Any:
        code, title = self.adapted.new_codes.get(text) or split_level(text)
        levels = self.known.orientations if orientation is None else self.known.objectives
        same = levels.by_code(code) if code else None
        if same is not None:
            raise DomainError(
                f"Le numéro {code} est celui de « {same.title} » : renommez-le sur sa ligne, ou"
                " donnez un autre numéro.",
                field=name,
            )
        if not self.options.create_levels:
            raise DomainError(
                f"« {text} » n'est pas un niveau du plan : cochez la création des niveaux, ou"
                " corrigez la cellule.",
                field=name,
            )
        if not code:
            above = orientation if parent is None else parent
            code = levels.free_code(above)
        if orientation is None:
            made: Any = services.create_orientation(
                self.agreement, actor=self.actor, code=code, title=title
            )
            self.known.orientations.add(made, label=text)
        else:
            made = services.create_objective(
                self.agreement, actor=self.actor, orientation=orientation, parent=parent,
                code=code, title=title,
            )  # fmt: skip
            self.known.objectives.add(made, within=parent or orientation, label=text)
        return made

    def _level(self, change: Change) -> None:
        """A line that names a level only: it creates it, renames it, or says more of it."""
        values = self.whole(change)
        for name in change.values if not change.is_new else ():
            if name not in (*LEVELS, "description", "challenges"):
                raise DomainError(
                    "Cette ligne est celle d'un niveau : une action s'écrit sur une ligne nouvelle.",
                    field=name,
                )
        deepest = next((name for name in reversed(LEVELS) if values.get(name)), None)
        if deepest is None:
            raise DomainError("Cette ligne ne nomme ni un niveau ni une action.")
        if change.is_new:
            orientation, objective = self.place(values)
            level: Any = objective or orientation
            fields: dict[str, Any] = {}
        else:
            model, pk = pk_of(change.key)
            level = model.objects.get(agreement=self.agreement, pk=pk)  # type: ignore[attr-defined]
            own = self._own_level(level)
            if set(change.values) & (set(LEVELS) - {own}):
                raise DomainError("Un niveau ne change pas de place ici : seul son nom change.")
            fields = self._renamed(level, change.values.get(own)) if own in change.values else {}
        if "description" in change.values:
            fields["description"] = change.values["description"] or ""
        self._save_level(level, fields, change.values.get("challenges"))

    def _own_level(self, level: Orientation | Objective) -> str:
        if isinstance(level, Orientation):
            return "orientation"
        return "sub_objective" if level.parent_id else "objective"

    def _renamed(self, level: Orientation | Objective, text: Any) -> dict[str, Any]:
        if not text:
            raise DomainError("Un niveau garde un nom.", field=self._own_level(level))
        code, title = split_level(str(text))
        return {"title": title, **({"code": code} if code else {})}

    def _save_level(
        self, level: Orientation | Objective, fields: dict[str, Any], challenges: Any
    ) -> None:
        if isinstance(level, Orientation):
            links: dict[str, Any] = (
                {} if challenges is None else {"challenges": self.challenges(challenges)}
            )
            if fields or links:
                services.update_orientation(level, actor=self.actor, **links, **fields)
            self.known.orientations.add(level)
        elif fields:
            services.update_objective(level, actor=self.actor, **fields)
            self.known.objectives.add(level, within=level.parent or level.orientation)

    # --- Actions --------------------------------------------------------------------------------
    def _action(self, change: Change) -> None:
        values = change.values
        fields = self._fields(values, is_new=change.is_new)
        links: dict[str, Any] = {
            name: read(values[name])
            for name, read in (("themes", self.themes), ("challenges", self.challenges))
            if name in values
        }
        if change.is_new or set(values) & set(LEVELS):
            fields["orientation"], fields["objective"] = self.place(self.whole(change))
        if change.is_new:
            if "lead_organisation" not in fields:
                fields["lead_organisation"] = self._default_lead(change)
            action = services.create_action(self.agreement, actor=self.actor, **links, **fields)
        else:
            action = Action.objects.select_related("agreement").get(
                agreement=self.agreement, pk=pk_of(change.key)[1]
            )
            if fields or links:
                action = services.update_action(
                    action, actor=self.actor, reason=self.reason_of(change), **links, **fields
                )
        if "partners" in values:
            self._partners(action, values["partners"])
        self.known.add_action(action)

    def _fields(self, values: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name in PLAIN:
            if name not in values:
                continue
            value = values[name]
            if value is None and name in NEVER_EMPTY:
                if is_new and name not in ("title", "summary", "due_on"):
                    continue
                raise DomainError(NEEDED, field=name)
            fields[name] = "" if value is None and name in TEXTS else value
        if fields.get("status") == ActionStatus.DONE and "progress" not in fields:
            fields["progress"] = 100
        if "lead_organisation" in values and not (is_new and not values["lead_organisation"]):
            if not values["lead_organisation"]:
                raise DomainError("Une action a une structure pilote.", field="lead_organisation")
            fields["lead_organisation"] = self.organisation(
                values["lead_organisation"], "lead_organisation"
            )
        for name in ("lead_contact", "elected_sponsor"):
            if name in values and (values[name] or not is_new):
                fields[name] = self.person(values[name], name)
        return fields

    def _default_lead(self, change: Change) -> Organisation:
        """The one chosen for lines that name none; a line that names one waits for its tick."""
        named = self.adapted.leads.get((change.page, change.line))
        if named:
            return self.organisation(named, "lead_organisation")
        lead = self.known.organisations.get(self.options.lead)
        if lead is None:
            lead = create_organisation_named(self.agreement, self.options.lead, actor=self.actor)
            self.known.add_organisation(lead)
        return lead

    def themes(self, names: Any) -> list[Any]:
        return [self.known.themes.get(name) for name in names or ()]

    def challenges(self, names: Any) -> list[Any]:
        return [self.known.challenges.get(name) for name in names or ()]

    def _partners(self, action: Action, names: Any) -> None:
        """The partners of the action become those of the cell."""
        wanted = set()
        for one in names or ():
            name, role = (one.label, one.role) if isinstance(one, UnknownPartner) else (
                (one, ASSOCIATE) if self.known.organisations.get(one) else split_role(one)
            )  # fmt: skip
            wanted.add((self.organisation(name, "partners"), role))
        for row in ActionPartner.objects.filter(action=action).select_related(
            "action__agreement", "organisation"
        ):
            if (row.organisation, row.role) in wanted:
                wanted.remove((row.organisation, row.role))
            else:
                services.delete_part(row, actor=self.actor)
        for organisation, role in sorted(wanted, key=lambda pair: (pair[0].name, pair[1])):
            services.add_partner_role(
                action, actor=self.actor, organisation=organisation, role=role
            )
