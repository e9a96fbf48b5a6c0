"""« Dossier de séance » : what the pack of one meeting holds, in which state, and one button."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from agreements.roles import Capability as C
from agreements.services import allowed_states
from agreements.views.base import AgreementFormView, ReturnToObject
from committees import queries
from committees.models import Meeting
from committees.views.tabs import meeting_tabs
from committees.views.trail import OnMeeting
from core.jobs import worker_is_listening
from core.models import Job
from reports import pack, pack_preparation, pack_sections, services
from reports.documents.dossier.facts import gather
from reports.forms_pack import PackForm


class PackView(ReturnToObject, OnMeeting, AgreementFormView):
    """Whoever reads documents sees the packs made; whoever produces them chooses and produces."""

    template_name = "reports/pack.html"
    capability = C.DOCUMENTS_VIEW
    form_class = PackForm
    page = "reports:pack"
    title = "Dossier de séance"

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(queries.meetings(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.meeting

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.access.require(C.DOCUMENTS_PRODUCE)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    @cached_property
    def chosen(self) -> tuple[str, ...]:
        return pack_sections.chosen(self.meeting)

    def get_initial(self) -> dict[str, Any]:
        return {"audience": self.meeting.pack_audience, "sections": self.chosen}

    @transaction.atomic
    def perform(self, form: PackForm) -> None:
        if "garder" in self.request.POST:
            form.keep()
            messages.success(self.request, "Le choix est gardé avec la réunion.")
        else:
            made = form.produce()
            messages.success(self.request, f"Le dossier est figé sous le n° {made.number}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, can_produce = date.today(), self.access.can(C.DOCUMENTS_PRODUCE)
        packs = pack.packs_of(self.meeting, self.access)
        context = {
            "meeting": self.meeting,
            "tabs": meeting_tabs(self.access, self.meeting, self.page),
            "packs": packs,
            "papers": pack.papers(self.meeting, self.access),
            "can_produce": can_produce,
            **(self.last(packs, today) if packs else {}),
            **(self.preparation(today) if can_produce else {}),
        }
        return super().get_context_data(**context, **kwargs)

    def last(self, packs: list[Any], today: date) -> dict[str, Any]:
        """The last pack, its pages, the work that draws it, and what has changed since."""
        current, in_hand = packs[0], pack.sent_or_last(packs)
        assert in_hand is not None
        job = pack.drawing_of(current)
        pending = job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)
        return {
            "current": current,
            "formats": services.formats_of(current),
            "pages": pack.page_count(current),
            "job": job,
            "pending": pending,
            "worker_listens": not pending or worker_is_listening(),
            "next_states": allowed_states(current, self.access),
            "in_hand": in_hand,
            "since": pack.changed_since(in_hand, self.meeting, self.access, today),
        }

    def preparation(self, today: date) -> dict[str, Any]:
        facts = pack_preparation.with_every_part(gather(pack.request_of(self.meeting, today)))
        is_own = bool(self.meeting.pack_sections)
        met = pack_sections.has_met(self.meeting) if not is_own else False
        return {
            "agenda": pack_preparation.agenda(facts),
            "lines": pack_preparation.lines(facts, self.access),
            "proposed_for": ""
            if is_own
            else pack_sections.PROPOSED_FOR[pack_sections.pattern_of(self.meeting, has_met=met)],
        }
