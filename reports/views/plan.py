"""« Préparer le plan » : chapters, orientations and readers, then the document."""

from __future__ import annotations

from datetime import date
from typing import Any

from actionplan.views.tabs import PlanTabs
from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from reports import forms, services
from reports.forms_plan import form_for
from reports.plan_preparation import chapters

PLAN, BUDGET = "plan-actions", "budget-plan"


class PlanPrepareView(PlanTabs, AgreementPageView):
    template_name = "reports/plan_prepare.html"
    tab = "actionplan:plan"
    capability = C.DOCUMENTS_PRODUCE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        documents = {key: forms.document_of(key) for key in (PLAN, BUDGET)}
        request = services.default_request(self.agreement, date.today())
        return super().get_context_data(
            chapters=chapters(self.agreement),
            missing=services.readiness(documents[PLAN], request),
            plan_form=form_for(PLAN)(
                access=self.access, document=documents[PLAN], auto_id="plan_%s"
            ),
            budget_form=form_for(BUDGET)(
                access=self.access, document=documents[BUDGET], auto_id="budget_%s"
            ),
            **kwargs,
        )
