"""The sendings of a meeting: what left, who answered, what to send next; one sending, its files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from agreements.exports import to_csv
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementDeleteView,
    AgreementDetailView,
    AgreementFormView,
    AgreementMixin,
    AgreementUpdateView,
    ReturnToObject,
)
from committees import letters, queries, sending_board, services
from committees import sending_texts as texts
from committees import sendings as reads
from committees.forms.sendings import CancelForm, SendingForm, TypedAnswerForm
from committees.models import Attendance, Meeting, Sending, SendingRecipient
from committees.services import deliveries
from committees.views.committees import Change
from committees.views.meetings import OfMeeting
from committees.views.tabs import meeting_tabs
from committees.views.trail import SENDINGS, OnMeeting, meeting_trail
from core.errors import DomainError
from core.formats import date_long, plural
from core.jobs import worker_is_listening
from core.views.files import download

Kind, Channel = Sending.Kind, SendingRecipient.Channel
KINDS = {
    "invitation": Kind.INVITATION,
    "changement": Kind.UPDATE,
    "annulation": Kind.CANCELLATION,
    "dossier": Kind.PACK,
    "releve": Kind.RECORD,
}
"""As the address says them."""


class SendingsView(OnMeeting, AgreementDetailView):
    template_name = "committees/sendings/board.html"
    capability = C.PREPARATION_VIEW
    context_object_name = "meeting"
    trail_page = "Envois"

    def trail_meeting(self) -> Meeting:
        return self.object

    def get_queryset(self) -> QuerySet[Meeting]:
        return queries.meetings(self.agreement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.object
        board = sending_board.board(meeting, date.today())
        slugs = {kind: slug for slug, kind in KINDS.items()}
        return super().get_context_data(
            tabs=meeting_tabs(self.access, meeting, "committees:sendings"),
            board=board,
            sent=[(row, sending_board.told_sentence(row)) for row in board.sent],
            next=[(row, slugs[Kind(row.kind)]) for row in board.next],
            when=texts.when_words(meeting),
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            can_read_notes=self.access.can(C.INTERNAL_VIEW),
            can_answer=meeting.state == Meeting.State.PLANNED,
            **kwargs,
        )


class SendingPrepare(Change, AgreementMixin):
    """POST only: the draft of this kind, begun or taken up again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, kind: str, **kwargs: Any) -> HttpResponse:
        meeting = get_object_or_404(queries.meetings(self.agreement), pk=pk)
        if kind not in KINDS:
            raise Http404("Cet envoi n'existe pas.")
        try:
            sending = services.prepare_sending(meeting, KINDS[kind], actor=self.access.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("committees:sendings", self.agreement.slug, pk)
        return redirect("committees:sending_update", self.agreement.slug, sending.pk)


class OfSending(ReturnToObject, OnMeeting):
    page = "committees:sending"
    through = (SENDINGS,)
    object: Any
    agreement: Any
    kwargs: dict[str, Any]

    def get_queryset(self) -> QuerySet[Sending]:
        return reads.sendings(self.agreement)

    @cached_property
    def sending(self) -> Sending:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def parent(self) -> Sending:
        return self.sending

    def trail_meeting(self) -> Meeting:
        return self.object.meeting


class SendingView(OfSending, AgreementDetailView):
    """A draft shows what will leave; a sending that left, what became of it."""

    capability = C.PREPARATION_VIEW
    context_object_name = "sending"

    def get_template_names(self) -> list[str]:
        name = "draft" if self.object.state == Sending.State.DRAFT else "sent"
        return [f"committees/sendings/{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sending: Sending = self.object
        people = list(reads.recipients(self.agreement).filter(sending=sending))
        mails = reads.mails_of(sending.meeting)
        group = reads.Sent(sending, [reads.Fate(row, mails.get(row.pk)) for row in people])
        extra = self.draft(sending, people) if sending.state == Sending.State.DRAFT else {}
        return super().get_context_data(
            title=str(sending.get_kind_display()).capitalize(),
            meeting=sending.meeting,
            group=group,
            has_letter=bool(sending.letter.strip()),
            has_calendar=sending.kind in reads.TELLING,
            on_paper=group.on_paper,
            can_change=self.access.can(C.COMMITTEES_CHANGE),
            can_read_mail=self.access.can(C.MAIL_VIEW),
            can_renew=sending.kind != Kind.CANCELLATION,
            today=date.today(),
            worker_listens=worker_is_listening(),
            **extra,
            **kwargs,
        )

    def draft(self, sending: Sending, people: list[SendingRecipient]) -> dict[str, Any]:
        items = texts.confirmed(sending.meeting)
        sending.message = texts.filled(sending.message, sending.meeting, items)
        first = next((row for row in people if row.channel != Channel.PAPER), None)
        name = str(first) if first else "…"
        ways = [(label, [row for row in people if row.channel == value])
                for value, label in Channel.choices]  # fmt: skip
        problem = ""
        if sending.kind in reads.DOCUMENT:
            problem = reads.document_problem(sending.snapshot, sending.kind)
        return {
            "subject": texts.filled(sending.subject, sending.meeting, items),
            "body": texts.body_for(sending, name, address=texts.TO_COME, actor=self.access.user),
            "letter": letters.blocks_of(texts.filled(sending.letter, sending.meeting, items)),
            "ways": [(label, rows) for label, rows in ways if rows],
            "by_mail": sum(row.channel == Channel.MAIL for row in people),
            "problem": problem,
        }


class SendingUpdate(Change, OfSending, AgreementUpdateView):
    template_name = "committees/sendings/form.html"
    form_class = SendingForm
    submit_label = "Relire avant l'envoi"
    success_message = ""

    @property
    def title(self) -> str:
        return f"Préparer l'envoi : {self.object.get_kind_display()}"  # type: ignore[union-attr]

    def get_queryset(self) -> QuerySet[Sending]:
        return super().get_queryset().filter(state=Sending.State.DRAFT)

    def get_form_kwargs(self) -> dict[str, Any]:
        sending: Any = self.object
        rows = queries.attendances(self.agreement).filter(meeting=sending.meeting)
        last = reads.told(sending.meeting)
        people = reads.people_for(sending.kind, sending.meeting, rows, last)
        return {**super().get_form_kwargs(), "people": people}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.sending.meeting
        return super().get_context_data(
            meeting=meeting, lead=f"{meeting.committee}, {texts.when_words(meeting)}", **kwargs
        )


class SendingDelete(Change, OfSending, AgreementDeleteView):
    title = "Renoncer à cet envoi"
    submit_label = "Supprimer le brouillon"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=f"Supprimer « {self.object} » ?",
            consequences=["Personne n'a encore rien reçu."],
            **kwargs,
        )

    def get_default_url(self) -> str:
        return reverse("committees:sendings", args=[self.agreement.slug, self.sending.meeting_id])

    def perform(self, form: Any) -> None:
        services.delete_sending(self.sending, actor=self.access.user)


class SendingSend(Change, OfSending, AgreementMixin):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            services.send(self.sending, actor=self.access.user, access=self.access)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, "C'est parti. Les réponses et le sort de chaque message s'affichent ici."
            )
        return redirect(self.page, self.agreement.slug, pk)


def file_name(sending: Sending, what: str, fmt: str) -> str:
    words = f"{what} {sending.get_kind_display()} {sending.meeting.committee.name}"
    return f"{slugify(words)[:70].strip('-')}-{sending.meeting.on:%Y-%m-%d}.{fmt}"


# --- Following it -----------------------------------------------------------------------------------
class MergeView(Change, OfSending, AgreementMixin):
    """POST: the mail-merge list of those to whom one writes oneself, with new links."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        try:
            rows = deliveries.merge_rows(self.sending, actor=self.access.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page, self.agreement.slug, pk)
        data = to_csv(["nom", "adresse électronique", "lien personnel"], rows)
        name = file_name(self.sending, "publipostage", "csv")
        return download(data, "text/csv; charset=utf-8", name)


class OfRecipient(Change):
    page = "committees:sending"
    agreement: Any
    kwargs: dict[str, Any]

    @cached_property
    def person(self) -> SendingRecipient:
        return get_object_or_404(reads.recipients(self.agreement), pk=self.kwargs["pk"])


@method_decorator(never_cache, name="dispatch")
class RecipientLink(OfRecipient, AgreementMixin):
    """A new link and the text to copy, shown once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        person, actor = self.person, self.access.user
        try:
            address = deliveries.new_link(person, actor=actor)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page, self.agreement.slug, person.sending_id)
        slug, meeting = self.agreement.slug, person.sending.meeting
        context = {
            "access": self.access,
            "trail": meeting_trail(slug, meeting, "Lien à copier", SENDINGS),
            "person": person,
            "sending": person.sending,
            "address": address,
            "body": texts.body_for(person.sending, str(person), address=address, actor=actor),
        }
        return render(request, "committees/sendings/link.html", context)


class RecipientAct(OfRecipient, AgreementMixin):
    """POST ``geste``: « remis », « non-remis », « retirer » (the link), « reecrire »."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        person, actor = self.person, self.access.user
        acts = {
            "remis": (self.hand_over, f"Le courrier de {person} est noté comme remis."),
            "non-remis": (deliveries.take_back, f"Le courrier de {person} est à remettre."),
            "retirer": (deliveries.revoke_link, f"Le lien de {person} n'ouvre plus rien."),
            "reecrire": (deliveries.write_again, f"Un nouveau message part vers {person}."),
        }
        found = acts.get(request.POST.get("geste", ""))
        if found is not None:
            act, told = found
            try:
                act(person, actor=actor)
            except DomainError as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, told)
        return redirect(self.page, self.agreement.slug, person.sending_id)

    @staticmethod
    def hand_over(person: SendingRecipient, *, actor: Any) -> SendingRecipient:
        return deliveries.hand_over(person, actor=actor, on=date.today())


class HandOverAll(Change, OfSending, AgreementMixin):
    """POST: every letter of the sending left today (one round, one stamp)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        waiting = self.sending.recipients.filter(channel=Channel.PAPER, handed_on=None)
        count = 0
        for person in waiting:
            deliveries.hand_over(person, actor=self.access.user, on=date.today())
            count += 1
        words = plural(count, "courrier noté comme remis", "courriers notés comme remis")
        messages.success(request, f"{words}, le {date_long(date.today())}.")
        return redirect(self.page, self.agreement.slug, pk)


class AnswerTyped(Change, ReturnToObject, OnMeeting, AgreementFormView):
    """An answer received by phone, by hand, on a slip."""

    form_class = TypedAnswerForm
    title = "Noter une réponse"
    through = (SENDINGS,)
    page = "committees:sendings"
    success_message = "La réponse est notée."

    @cached_property
    def attendance(self) -> Attendance:
        return get_object_or_404(queries.attendances(self.agreement), pk=self.kwargs["pk"])

    def parent(self) -> Meeting:
        return self.attendance.meeting

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "attendance": self.attendance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.attendance
        lead = f"{row.contact}, {row.organisation}. {row.meeting}"
        return super().get_context_data(lead=lead, **kwargs)


class MeetingCancel(OfMeeting, AgreementFormView):
    """Why it is off; those who were invited are then to be told."""

    form_class = CancelForm
    title = "Annuler la réunion"
    submit_label = "Annuler la réunion"
    success_message = "La réunion est annulée."
    page = "committees:sendings"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_label="Ne pas annuler", **kwargs)
