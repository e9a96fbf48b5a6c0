"""One edits on the page while another imports: the second waits, then sees what the first did."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from actionplan import services
from actionplan.models import Action
from agreements import import_kinds
from agreements.models import Role
from core.errors import StaleObject
from tests.actionplan.sheets.helpers import a_plan, applied, edited, exported, line_of, problems

TITLE = "Ouvrir un relais"


def changed(agreement: Any) -> bytes:
    data = exported(agreement)
    return edited(data, {("Plan", line_of(data, "Plan", "Action", TITLE), "Public"): "Du classeur"})


@pytest.mark.django_db(transaction=True)
def test_save_during_an_import_waits_and_is_told_of_it(agreement) -> None:
    action = a_plan(agreement)
    data = changed(agreement)
    seen = Action.objects.get(pk=action.pk)
    outcome: list[Any] = []

    def save_on_the_page() -> None:
        try:
            services.update_action(
                seen, actor=None, expected_version=seen.version, target_public="De la page"
            )
        except StaleObject as refusal:
            outcome.append(refusal.current.target_public)
        finally:
            connection.close()

    other = threading.Thread(target=save_on_the_page)
    with transaction.atomic():
        lock = import_kinds.get("plan").lock
        assert lock is not None
        lock(agreement)
        other.start()
        other.join(timeout=1)
        assert other.is_alive()
        assert problems(applied(agreement, data)) == []
    other.join(timeout=20)
    assert outcome == ["Du classeur"]
    action.refresh_from_db()
    assert action.target_public == "Du classeur"


@pytest.mark.django_db
def test_page_saved_between_preview_and_apply_is_shown_not_covered(agreement, client_as) -> None:
    action = a_plan(agreement)
    client = client_as(Role.COORDINATOR)
    url = reverse("actionplan:workbook_import", args=[agreement.slug])
    upload = SimpleUploadedFile("p.xlsx", changed(agreement))
    page = client.post(url, {"file": upload}, follow=True)
    services.update_action(action, actor=None, target_public="De la page")
    answer = client.post(page.request["PATH_INFO"], {"shown": page.context["found"].shown})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "De la page" in text
    assert "Du classeur" in text
    action.refresh_from_db()
    assert action.target_public == "De la page"
    [change] = answer.context["found"].report.both
    cell = f"cell-{change.differences[0].identifier}"
    client.post(page.request["PATH_INFO"], {"shown": answer.context["found"].shown, cell: "file"})
    action.refresh_from_db()
    assert action.target_public == "Du classeur"


@pytest.mark.django_db
def test_answers_of_the_preview_are_kept_and_obeyed(agreement, client_as) -> None:
    client = client_as(Role.COORDINATOR)
    data = b"axe;action\n1. Jeunesse;Ouvrir un lieu\n"
    url = reverse("actionplan:workbook_import", args=[agreement.slug])
    page = client.post(url, {"file": SimpleUploadedFile("p.csv", data)}, follow=True)
    form = page.context["form"]
    given = {form[name].html_name: form[name].value() or "" for name in form.fields}
    page = client.post(page.request["PATH_INFO"], given, follow=True)
    options = page.context["options_form"]
    assert options["due_on"].value() == agreement.ends_on
    answers = {"lead": options["lead"].value(), "budget_year": "2027", "create_levels": "on"}
    wrong = client.post(page.context["options_url"], {**answers, "due_on": "31/12/2050"})
    assert wrong.status_code == 422
    assert "sort de la convention" in wrong.content.decode()
    page = client.post(
        page.context["options_url"], {**answers, "due_on": "30/06/2028"}, follow=True
    )
    assert "mise au 30/06/2028" in page.content.decode()
    client.post(page.request["PATH_INFO"], {"shown": page.context["found"].shown})
    assert Action.objects.get(agreement=agreement).due_on == date(2028, 6, 30)
