"""The benchmark measures what it says: whole copies, and pages that answer."""

from __future__ import annotations

from django.db import connection
from django.test import Client, override_settings

from accounts.models import User
from actionplan.models import Action, Step
from agreements.models import Agreement
from demo.bench import clone, pages, plan_sheets, sheets
from demo.content.agreement import ACCOUNTS, OTHER_NAME
from partners.models import Contract


def test_copies_are_whole_and_hold_together(example, db) -> None:
    clone.clone_agreement(example, 2)
    copies = Agreement.objects.filter(slug__startswith=f"{example.slug}-")
    assert copies.count() == 2
    for model in (Action, Step, Contract):
        assert (
            model.objects.filter(agreement__in=copies).count()
            == 2 * model.objects.filter(agreement=example).count()
        )
    for step in Step.objects.filter(agreement__in=copies).select_related("action"):
        assert step.action.agreement_id == step.agreement_id
    assert not Action.objects.filter(agreement__name=OTHER_NAME, pk__gt=clone.STEP).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@override_settings(ROOT_URLCONF="demo.bench.urls")
def test_every_measured_page_answers_within_fifteen_queries(example, db) -> None:
    client = Client()
    client.force_login(User.objects.get(email=ACCOUNTS[0].email))
    names = pages.paths_of(example)
    assert len(names) > 24
    for name in ("page vide", "desk:week", "actionplan:action"):
        cost = pages._cost(client, names[name], names["page vide"])
        assert cost.queries <= pages.MAX_QUERIES


def test_workbook_of_the_bench_is_read_whole_and_measured() -> None:
    cost = sheets.measure(40)
    assert cost.rows == 40
    assert cost.cells > 40 * 15
    assert min(cost.preview_seconds, cost.reading_seconds, cost.export_seconds) >= 0
    assert 20 < cost.megabytes < sheets.MAX_MEGABYTES


def test_workbook_of_the_plan_is_read_whole_and_measured(example, db) -> None:
    cost = plan_sheets.measure(example, 60)
    assert cost.lines >= 60
    assert min(cost.preview_seconds, cost.reading_seconds, cost.export_seconds) >= 0
