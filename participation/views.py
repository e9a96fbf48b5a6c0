"""The register of consultations: what was asked, what was said, what was answered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementCreateView,
    AgreementDeleteView,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from participation import queries, services
from participation.forms import ConsultationForm
from participation.models import Consultation


class ParticipationHome(AgreementPageView):
    template_name = "participation/home.html"
    capability = C.PARTICIPATION_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(queries.consultations(self.agreement))
        return super().get_context_data(
            consultations=rows,
            unanswered=sum(not row.answer for row in rows),
            can_change=self.access.can(C.PARTICIPATION_CHANGE),
            **kwargs,
        )


class _Change(ReturnToPage):
    capability = C.PARTICIPATION_CHANGE
    page = "participation:home"
    agreement: Any

    def get_queryset(self) -> QuerySet[Consultation]:
        return Consultation.objects.filter(agreement=self.agreement)


class ConsultationCreate(_Change, AgreementCreateView):
    form_class = ConsultationForm
    title = "Ajouter une concertation"


class ConsultationUpdate(_Change, AgreementUpdateView):
    form_class = ConsultationForm
    title = "Modifier la concertation"


class ConsultationDelete(_Change, AgreementDeleteView):
    title = "Supprimer la concertation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=f"Supprimer « {self.object} » ?", **kwargs)

    def perform(self, form: Any) -> None:
        services.remove_consultation(self.object, actor=self.access.user)
