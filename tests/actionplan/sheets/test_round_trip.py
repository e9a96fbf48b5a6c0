"""What goes out comes back: no difference when nothing was changed, each change and no other."""

from __future__ import annotations

import pytest

from tests.actionplan.sheets.helpers import a_plan, exported, looked, problems

pytestmark = pytest.mark.django_db


def test_workbook_given_back_untouched_changes_nothing(agreement) -> None:
    a_plan(agreement)
    found = looked(agreement, exported(agreement))
    report = found.report
    assert problems(found) == []
    assert report.changes_nothing, [c.differences for c in [*report.created, *report.changed]]
    assert report.unchanged == 5 + 1 + 1 + 1 + 1 + 2
