"""The relevé de décisions: read, submitted, validated, corrected, had as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from agreements.attachments import attachments_of
from agreements.roles import Capability as C
from agreements.views import attachments
from agreements.views.base import (
    AgreementCreateView,
    AgreementFormView,
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToObject,
)
from committees import queries, records, services
from committees.forms import records as forms
from committees.models import Meeting, MeetingRecord
from committees.record_document import current_content, fingerprint, readable_by
from committees.services import record_doors
from committees.services.records import only_the_chair
from committees.views.committees import Change
from committees.views.tabs import meeting_tabs
from committees.views.trail import RECORD, OnMeeting
from core.documents.declaration import render
from core.documents.page import render_fragment
from core.errors import DomainError
from core.formats import date_long
from core.views.files import download
from partners.models import Contact

FORMATS = {"pdf": "PDF", "docx": "Word"}
NOT_YET = "Le relevé de cette réunion n'est pas encore validé : il se lira ici ensuite."


def validated_words(meeting: Meeting) -> str:
    applied = records.effects_words(meeting)
    return f"Le relevé est validé. Il ne change plus. {applied + '.' if applied else ''}".strip()


class OfRecord(OnMeeting):
    """Of the meeting ``pk``, whose record may not be written yet."""

    kwargs: dict[str, Any]
    agreement: Any
    page = "committees:record"

    @cached_property
    def meeting(self) -> Meeting:
        return get_object_or_404(
            queries.meetings(self.agreement).select_related(
                "committee__kind", "chair", "agreement__lead_commune"
            ),
            pk=self.kwargs["pk"],
        )

    @cached_property
    def record(self) -> MeetingRecord | None:
        return records.record_of(self.meeting)

    def parent(self) -> Meeting:
        return self.meeting

    def submitted(self) -> MeetingRecord:
        """The record, or the sentence that says what must come first."""
        if self.record is None:
            raise DomainError("Soumettez d'abord le relevé à la présidence de la réunion.")
        return self.record


class RecordView(OfRecord, AgreementPageView):
    template_name = "committees/record.html"
    trail_page = "Relevé de décisions"
    capability = C.COMMITTEES_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, record, access = self.meeting, self.record, self.access
        is_locked = records.is_validated(record)
        is_held = meeting.state == Meeting.State.HELD
        can_read = is_locked or (is_held and records.may_read_draft(access, meeting, record))
        can_change = access.can(C.COMMITTEES_CHANGE)
        may_validate = is_held and records.may_validate(access, record)
        theme = "dark" if self.request.COOKIES.get("theme") == "dark" else "light"
        reading, seen = "", ""
        if can_read:
            content = current_content(meeting, record, on=date.today())
            reading = render_fragment(readable_by(content, access.audience), theme)
            seen = "" if is_locked else fingerprint(content)
        return super().get_context_data(
            tabs=meeting_tabs(access, meeting, "committees:record"),
            meeting=meeting,
            record=record,
            is_locked=is_locked,
            is_held=is_held,
            can_read=can_read,
            can_change=can_change,
            may_validate=may_validate,
            reading=reading,
            seen=seen,
            formats=list(FORMATS.items()),
            chairs=records.chair_rows(meeting, access.user),
            chair_words=records.chair_words(meeting),
            signed=attachments_of(record, access) if record and can_read else [],
            open_links=record_doors.open_links(record)
            if record and can_change and not is_locked
            else 0,
            can_read_minutes=bool(meeting.minutes) and records.may_read_minutes(access, record),
            minutes_approved=records.minutes_are_approved(record),
            not_yet=NOT_YET,
            **kwargs,
        )


class RecordFile(OfRecord, AgreementMixin):
    capability = C.COMMITTEES_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        if fmt not in FORMATS:
            raise Http404(f"Ce document n'existe pas au format {fmt}.")
        meeting, record = self.meeting, self.record
        if not records.is_validated(record):
            if not records.may_read_draft(self.access, meeting, record):
                raise PermissionDenied(NOT_YET)
            if meeting.state != Meeting.State.HELD:
                raise DomainError("Cette réunion ne s'est pas encore tenue : rien à relever.")
        content = readable_by(
            current_content(meeting, record, on=date.today()), self.access.audience
        )
        return as_file(render(content, fmt))


def as_file(file: Any) -> HttpResponse:
    response = download(file.data, file.mime, file.name)
    response["Cache-Control"] = "private, no-store"
    return response


class _RecordForm(OfRecord, Change, ReturnToObject):
    """A form about the record, that leads back to it."""

    through = (RECORD,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = f"{self.meeting.committee}, le {date_long(self.meeting.on)}"
        return super().get_context_data(lead=lead, meeting=self.meeting, **kwargs)  # type: ignore[misc]


class RecordSubmit(_RecordForm, AgreementCreateView):
    """GET: the one sentence at its head; POST: the chair may read and validate."""

    form_class = forms.IntroductionForm
    title = "Soumettre le relevé à la présidence"
    submit_label = "Soumettre"
    success_message = "Le relevé est soumis : la présidence peut le lire et le valider."

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.record is not None:
            raise DomainError("Ce relevé est déjà soumis à la présidence.")
        return {**super().get_form_kwargs(), "fixed": {"meeting": self.meeting}}


class RecordText(_RecordForm, AgreementUpdateView):
    form_class = forms.IntroductionForm
    title = "La phrase d'introduction du relevé"

    def load_object(self) -> MeetingRecord:
        return self.submitted()


class RecordValidate(OfRecord, AgreementMixin):
    """POST ``vu``: what the chair had under the eyes."""

    capability = C.RECORD_VALIDATE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if records.chair_of(self.meeting, self.access.user) is None:
            raise PermissionDenied(only_the_chair(self.meeting))
        try:
            services.validate_record(
                self.submitted(),
                access=self.access,
                seen=request.POST.get("vu", ""),
                on=date.today(),
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, validated_words(self.meeting))
        return redirect("committees:record", self.agreement.slug, self.meeting.pk)


class RecordPaper(_RecordForm, AgreementFormView):
    form_class = forms.PaperForm
    title = "Noter une validation signée sur papier"
    submit_label = "Noter la validation"

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, validated_words(self.meeting))
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "record": self.submitted()}


class RecordLinks(OfRecord, Change, AgreementMixin):
    """POST ``acte``: « envoyer », « remettre » (to ``presidence``) or « retirer »."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        record, actor = self.submitted(), self.access.user
        act = request.POST.get("acte", "")
        if act == "retirer":
            services.revoke_links(record, actor=actor)
            messages.success(request, "Les liens remis n'ouvrent plus rien.")
        elif act in ("envoyer", "remettre"):
            contact = self.chair(request.POST.get("presidence", ""))
            if act == "envoyer":
                services.send_link(record, actor=actor, contact=contact)
                messages.success(request, f"Le lien part par message à {contact}.")
            else:
                address = services.hand_over_link(record, actor=actor, contact=contact)
                messages.success(
                    request,
                    f"Lien pour {contact}, à copier maintenant (il ne sera plus montré) : {address}",
                )
        return redirect("committees:record", self.agreement.slug, self.meeting.pk)

    def chair(self, key: str) -> Contact:
        found = next((who for who in records.chairs_of(self.meeting) if str(who.pk) == key), None)
        if found is None:
            raise DomainError(only_the_chair(self.meeting))
        return found


class AddendumCreate(_RecordForm, AgreementFormView):
    form_class = forms.AddendumForm
    title = "Ajouter un rectificatif"
    submit_label = "Ajouter"
    success_message = "Le rectificatif est ajouté au relevé."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "record": self.submitted()}


class SignedCopyCreate(_RecordForm, AgreementFormView):
    form_class = forms.SignedCopyForm
    title = "Joindre le relevé signé"
    submit_label = "Joindre"
    success_message = "Le relevé signé est joint."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "record": self.submitted()}


class SignedCopyDownload(attachments.AttachmentDownload):
    capability = C.COMMITTEES_VIEW
    target_model = MeetingRecord

    def targets(self) -> QuerySet[MeetingRecord]:
        return records.records(self.agreement)
