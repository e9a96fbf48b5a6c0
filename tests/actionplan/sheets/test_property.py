"""Whatever the plan: its workbook announces no difference, and rebuilds the plan elsewhere."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from tests.actionplan.sheets import plans
from tests.actionplan.sheets.helpers import applied, cells, exported, looked, problems

pytestmark = pytest.mark.django_db


@settings(
    max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(plan=plans.plans)
def test_any_plan_goes_out_and_comes_back(agreement, other_agreement, plan) -> None:
    for one in (agreement, other_agreement):
        one.plan_depth = 4
        one.save()
    with transaction.atomic():
        plans.build(agreement, plan, plans.context(agreement))
        plans.context(other_agreement)
        data = exported(agreement)
        same = looked(agreement, data)
        assert problems(same) == []
        assert same.report.changes_nothing, (cells(same), same.report.created)
        there = applied(other_agreement, data)
        assert problems(there) == []
        assert plans.differences(plans.facts(agreement), plans.facts(other_agreement)) == []
        transaction.set_rollback(True)
