"""Random plans, and a plan as plain values, to compare two of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from hypothesis import strategies as st

from actionplan import services
from actionplan.models import Action, ActionPartner, ActionStatus, FundingStage, Measure
from actionplan.services import set_staff_time
from actionplan.sheets.book import whole_book
from agreements.models import Agreement, Theme
from partners.models import Contact, Organisation
from territory.models import Challenge
from tests.factories import ThemeFactory

WORDS = (
    "relais", "écoute", "=2+2", "-5", "@ville", "'guillemet", "l'Œuvre ; l'été", "50 %", "12/05/2026",
    "3 communes", "ligne\nsuivante", "« mots »", "100", "_x0041_", "Axe 1", "(associé)", "a & b < c",
)  # fmt: skip
texts = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.text(
            st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"), max_codepoint=0x2FFF),
            min_size=1, max_size=8,
        ),
    ),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip
titles = texts.map(lambda text: " ".join(text.split()))
maybe = st.one_of(st.just(""), texts)
amounts = st.decimals(0, 10**7, places=2)
years = st.integers(2026, 2030)
days = st.integers(0, 1800).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
LONG = (
    "context", "description", "expected_results", "human_means", "material_means", "participation",
    "difficulties", "awaited_decision", "progress_note",
)  # fmt: skip


@st.composite
def actions(draw: Any) -> dict[str, Any]:
    status = draw(st.sampled_from(ActionStatus.values))
    starts_on, due_on = sorted([draw(days), draw(days)])
    fields: dict[str, Any] = {name: draw(maybe) for name in draw(st.sets(st.sampled_from(LONG), max_size=3))}  # fmt: skip
    fields |= {
        "title": draw(titles), "summary": draw(titles), "status": status, "due_on": due_on,
        "starts_on": draw(st.sampled_from([None, starts_on])),
        "progress": draw(st.integers(0, 100)), "priority": draw(st.integers(1, 3)),
        "origin": draw(st.sampled_from(Action.Origin.values)),
        "target_public": draw(maybe), "area": draw(maybe), "legal_codes": draw(st.sampled_from(["", "2° ; 4° a"])),
    }  # fmt: skip
    if status == ActionStatus.BLOCKED:
        fields |= {"blocked_cause": draw(titles), "unblock_condition": draw(titles), "blocked_review_on": draw(days)}  # fmt: skip
    if status == ActionStatus.DROPPED:
        fields["dropped_reason"] = draw(titles)
    return {
        "fields": fields,
        "level": draw(st.integers(0, 5)),
        "people": draw(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))),
        "themes": draw(st.sets(st.integers(0, 2))),
        "challenges": draw(st.sets(st.integers(0, 1))),
        "partners": draw(st.sets(st.tuples(st.integers(0, 3), st.sampled_from(ActionPartner.Role.values)), max_size=4)),
        "steps": draw(st.lists(st.tuples(titles, st.one_of(st.none(), days), st.one_of(st.none(), days), st.integers(0, 3)), max_size=2, unique_by=lambda s: s[0])),
        "budget": draw(st.lists(st.tuples(years, st.sampled_from(["operating", "investment"]), titles, st.one_of(st.none(), amounts), st.one_of(st.none(), amounts)), max_size=2, unique_by=lambda b: b[:3])),
        "staff": draw(st.dictionaries(years, st.decimals(0, 20, places=2), max_size=2)),
        "fundings": draw(st.lists(st.tuples(st.integers(0, 3), years, st.sampled_from(FundingStage.values), amounts, maybe), max_size=2, unique_by=lambda f: f[:3])),
        "measures": draw(st.lists(st.tuples(titles, maybe, st.sampled_from(Measure.Kind.values), st.dictionaries(years, st.tuples(st.one_of(st.none(), amounts), st.one_of(st.none(), amounts)), max_size=2)), max_size=2, unique_by=lambda m: m[0])),
    }  # fmt: skip


plans = st.fixed_dictionaries(
    {
        "orientations": st.lists(st.tuples(titles, maybe), min_size=1, max_size=3),
        "actions": st.lists(actions(), max_size=4),
    }
)


def context(agreement: Agreement) -> dict[str, list[Any]]:
    """What a plan names and does not hold: the same in two agreements."""
    names = ("Caf du Nord", "Les Petits Pas ; accueil", "MSA (opérateur)", "CC d'Été")
    return {
        "organisations": [Organisation.objects.create(agreement=agreement, name=name) for name in names],
        "people": [
            Contact.objects.create(agreement=agreement, first_name=first, last_name=last)
            for first, last in (("Léa", "Martin"), ("", "Ben Ali"), ("Anne Marie", "Le Goff"))
        ],
        "themes": [ThemeFactory(agreement=agreement, name=name) for name in ("Petite enfance", "Jeunesse ; 16-25 ans", "Parents")],
        "challenges": [
            Challenge.objects.create(agreement=agreement, title=title, theme=Theme.objects.filter(agreement=agreement)[0])
            for title in ("Aller vers ; ne pas attendre", "Des horaires souples")
        ],
    }  # fmt: skip


def build(agreement: Agreement, plan: dict[str, Any], given: dict[str, list[Any]]) -> None:
    levels: list[Any] = []
    for rank, (title, description) in enumerate(plan["orientations"], start=1):
        orientation = services.create_orientation(
            agreement, actor=None, code=str(rank), title=title, description=description
        )
        objective = services.create_objective(
            agreement, actor=None, orientation=orientation, code=f"{rank}.1", title=title
        )
        below = services.create_objective(
            agreement, actor=None, orientation=orientation, parent=objective, code=f"{rank}.1.a",
            title=f"{title} bis",
        )  # fmt: skip
        levels += [(orientation, None), (orientation, objective), (orientation, below)]
    titles_taken: set[str] = set()
    for told in plan["actions"]:
        fields = dict(told["fields"])
        while fields["title"] in titles_taken:
            fields["title"] += " bis"
        titles_taken.add(fields["title"])
        orientation, objective = levels[told["level"] % len(levels)]
        _build_action(
            agreement, told, given, orientation=orientation, objective=objective, **fields
        )


def _build_action(
    agreement: Agreement, told: dict[str, Any], given: dict[str, list[Any]], **fields: Any
) -> None:
    organisations, people = given["organisations"], [*given["people"], None]
    lead, contact, sponsor = told["people"]
    action = services.create_action(
        agreement, actor=None, lead_organisation=organisations[lead], lead_contact=people[contact],
        elected_sponsor=people[sponsor], themes=[given["themes"][rank] for rank in told["themes"]],
        challenges=[given["challenges"][rank] for rank in told["challenges"]], **fields,
    )  # fmt: skip
    for rank, role in sorted(told["partners"]):
        services.add_partner_role(action, actor=None, organisation=organisations[rank], role=role)
    for title, due_on, done_on, owner in told["steps"]:
        services.add_step(
            action, actor=None, title=title, due_on=due_on, done_on=done_on, owner=people[owner]
        )
    for year, nature, label, planned, spent in told["budget"]:
        services.set_budget_line(
            action, actor=None, year=year, nature=nature, label=label, planned=planned, spent=spent
        )
    for year, planned in told["staff"].items():
        set_staff_time(action, actor=None, year=year, planned=planned)
    for funder, year, stage, amount, scheme in told["fundings"]:
        services.set_funding(
            action, actor=None, funder=organisations[funder], year=year, stage=stage, amount=amount,
            scheme=scheme,
        )  # fmt: skip
    for label, unit, kind, points in told["measures"]:
        measure = services.create_measure(
            agreement, actor=None, action=action, label=label, unit=unit[:60], kind=kind
        )
        for year, (target, value) in points.items():
            services.set_measure_point(measure, actor=None, year=year, target=target, value=value)


def facts(agreement: Agreement) -> dict[str, list[dict[str, str]]]:
    """The plan as its workbook shows it, without keys: two equal plans have the same."""
    return {
        sheet.name: sorted(
            (
                {
                    column.key: column.canonical(row.values.get(column.key))
                    for column in sheet.columns
                    if column.canonical(row.values.get(column.key))
                }
                for row in sheet.rows
            ),
            key=str,
        )
        if sheet.name != "Plan"
        else [
            {
                column.key: column.canonical(row.values.get(column.key))
                for column in sheet.columns
                if column.canonical(row.values.get(column.key))
            }
            for row in sheet.rows
        ]
        for sheet in whole_book(agreement).sheets
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Rows that differ, sheet by sheet: what a failed comparison is read from."""
    return [
        (name, mine, theirs)
        for name, rows in one.items()
        for mine, theirs in zip_longest(rows, other[name])
        if mine != theirs
    ]
