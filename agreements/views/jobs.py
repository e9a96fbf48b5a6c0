"""How far a piece of background work is."""

from __future__ import annotations

from typing import Any

from agreements import queries
from agreements.roles import Capability
from agreements.views.base import AgreementDetailView
from core.jobs import worker_is_listening
from core.models import Job


class JobView(AgreementDetailView):
    """With JavaScript the page refreshes its own progress; without, a link does."""

    template_name = "agreements/job.html"
    capability = Capability.AGREEMENT_VIEW
    context_object_name = "job"

    def get_queryset(self) -> Any:
        return queries.jobs_of(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pending = self.object.state in (Job.State.WAITING, Job.State.RUNNING)
        return super().get_context_data(
            pending=pending, worker_listens=not pending or worker_is_listening(), **kwargs
        )
