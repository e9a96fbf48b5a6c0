"""Workbooks that come in: given, matched, looked at, applied, undone. The same pages for every list.

A room declares an ``ImportKind`` and one upload view; the pages of a run are found by its kind.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from agreements import import_kinds
from agreements.access import Access
from agreements.forms import AgreementForm
from agreements.forms_imports import ColumnsForm, SheetsForm, choices_from
from agreements.import_kinds import ImportKind
from agreements.import_preview import SHOWN_REFUSALS, Shown
from agreements.import_queries import kinds_of, runs_of, runs_seen_by
from agreements.models import ImportRun
from agreements.roles import Capability as C
from agreements.services import imports
from agreements.views.base import AgreementFormView, AgreementMixin, AgreementPageView
from core.documents.declaration import MIMES
from core.errors import DomainError
from core.sheets import NotOurs, Unreadable, annotate, grouped
from core.sheets.opening import MAX_BYTES
from core.views.files import download

RECENT = 5
FILES = ".xlsx,.xlsm,.ods,.csv,.txt"


class ImportForm(AgreementForm):
    file = forms.FileField(
        label="Classeur ou fichier CSV",
        help_text="Classeur .xlsx ou .ods, ou fichier .csv. Rien n'est écrit avant que vous ayez vu ce qui change.",
        widget=forms.ClearableFileInput(attrs={"accept": FILES}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"Ce fichier dépasse {MAX_BYTES // 1024 // 1024} Mo : allégez-le (images, feuilles inutiles)."
            )
        return file


class ImportUpload(AgreementFormView):
    """Takes a file of one kind. A room's view gives ``kind`` and its capability."""

    template_name = "agreements/import_upload.html"
    form_class = ImportForm
    kind: ClassVar[ImportKind]
    lead = "Rien n'est écrit avant que vous ayez vu ce qui change."
    submit_label = "Regarder ce qui change"

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.kind.title

    @property
    def cancel_url(self) -> str:  # type: ignore[override]
        return reverse(self.kind.page, args=[self.agreement.slug])

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            run = imports.receive(
                self.agreement, kind=self.kind.key, data=file.read(), file_name=file.name,
                actor=self.access.user,
            )  # fmt: skip
        except Unreadable as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        return HttpResponseRedirect(
            reverse("agreements:import", args=[self.agreement.slug, run.pk])
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recent = list(runs_seen_by(self.access, self.kind.key)[:RECENT])
        download = self.kind.download and reverse(self.kind.download, args=[self.agreement.slug])
        return super().get_context_data(
            kind=self.kind,
            recent=recent,
            download_url=download,
            page_url=self.cancel_url,
            imports_url=reverse("agreements:imports", args=[self.agreement.slug]),
            **kwargs,
        )


class ImportsView(AgreementPageView):
    """Every import that the person may see, the last one first."""

    template_name = "agreements/imports.html"
    capability = (C.DIAGNOSIS_CHANGE, C.PLAN_CHANGE, C.PLAN_CHANGE_OWN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(runs_seen_by(self.access), 50).get_page(self.request.GET.get("page"))
        labels = {kind.key: kind.label for kind in import_kinds.all_kinds()}
        slug = self.agreement.slug
        return super().get_context_data(
            page=page,
            rows=[(run, labels[run.kind]) for run in page],
            uploads=[(kind, reverse(kind.upload, args=[slug])) for kind in kinds_of(self.access)],
            **kwargs,
        )


class _RunMixin(AgreementMixin):
    """The run of the address: its kind says which right it takes, its state who sees it."""

    capability = C.AGREEMENT_VIEW
    run: ImportRun
    kind: ImportKind

    def resolve_access(self, request: HttpRequest, **kwargs: Any) -> Access:
        access = super().resolve_access(request, **kwargs)
        run = get_object_or_404(runs_of(access.agreement), pk=kwargs["pk"])
        try:
            self.kind = import_kinds.get(run.kind)
        except KeyError:
            raise Http404("Cet import n'est plus connu.") from None
        access.require(self.kind.capability)
        self.run = get_object_or_404(runs_seen_by(access), pk=run.pk)
        room = reverse(self.kind.page, args=[access.agreement.slug])
        request.room_path = room  # type: ignore[attr-defined]
        return access

    def address(self, name: str) -> str:
        return reverse(f"agreements:{name}", args=[self.agreement.slug, self.run.pk])

    def more_lines(self) -> int:
        counts = self.run.counts
        written = counts.get("created", 0) + counts.get("changed", 0)
        return max(0, written - len(counts.get("lines", [])))

    @property
    def page_url(self) -> str:
        return reverse(self.kind.page, args=[self.agreement.slug])

    @property
    def upload_url(self) -> str:
        return reverse(self.kind.upload, args=[self.agreement.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            run=self.run,
            kind=self.kind,
            page_url=self.page_url,
            upload_url=self.upload_url,
            columns_url=self.address("import_columns"),
            undo_url=self.address("import_undo"),
            more_lines=self.more_lines(),
            annotated_url=self.address("import_annotated"),
            set_aside_url=self.address("import_set_aside"),
            **kwargs,
        )


class ImportView(_RunMixin, AgreementPageView):
    """What a file would do; POST does it. Once done, what it did."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != ImportRun.State.WAITING:
            return self.show_result()
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != ImportRun.State.WAITING:
            messages.error(request, "Ce fichier n'est plus à confirmer.")
            return self.show_result(status=422)
        choices = choices_from(request.POST)
        try:
            found = imports.apply(
                self.run, actor=self.access.user, choices=choices,
                shown=request.POST.get("shown", ""),
            )  # fmt: skip
        except imports.PreviewMoved as moved:
            return self.show(status=409, moved=moved.message, choices=choices)
        except (Unreadable, DomainError) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.upload_url)
        if found.refused:
            return self.show(
                status=422, not_written=grouped(found.refused)[:SHOWN_REFUSALS], choices=choices
            )
        messages.success(request, f"Import terminé : {imports.tally_words(found.run.counts)}.")
        return HttpResponseRedirect(self.address("import"))

    def show(self, **context: Any) -> HttpResponse:
        try:
            found = imports.preview(self.run, actor=self.access.user)
        except NotOurs:
            return HttpResponseRedirect(self.address("import_columns"))
        except Unreadable as error:
            messages.error(self.request, str(error))
            return HttpResponseRedirect(self.address("import_columns"))
        if not found.is_ours and not self.run.columns:
            return HttpResponseRedirect(self.address("import_columns"))
        return self.render(found, **context)

    def options_form(self, data: Any = None) -> Any:
        """What the kind asks once of a file; None when it asks nothing."""
        if self.kind.options is None:
            return None
        return self.kind.options(
            data, agreement=self.agreement, saved=imports.options_of(self.run),
            is_ours=not self.run.columns,
        )  # fmt: skip

    def render(self, found: imports.Preview, status: int = 200, **context: Any) -> HttpResponse:
        self.template_name = "agreements/import_preview.html"
        if found.refused:
            status = 422
        shown = Shown.of(found, context.pop("choices", None))
        context.setdefault("options_form", self.options_form())
        context["options_url"] = self.address("import_options")
        return self.render_to_response(
            self.get_context_data(found=found, shown=shown, **context), status=status
        )

    def show_result(self, status: int = 200) -> HttpResponse:
        self.template_name = "agreements/import_result.html"
        can_undo = imports.can_still_undo(self.run)
        return self.render_to_response(self.get_context_data(can_undo=can_undo), status=status)


class ImportColumnsView(_RunMixin, AgreementPageView):
    """Which column of someone else's workbook is which of ours."""

    template_name = "agreements/import_columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != ImportRun.State.WAITING:
            return HttpResponseRedirect(self.address("import"))
        return self.show(self.form(request.GET if "sheet-0" in request.GET else None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != ImportRun.State.WAITING:
            messages.error(request, "Ce fichier n'est plus à confirmer.")
            return HttpResponseRedirect(self.address("import"))
        form = self.form(request.POST, request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            imports.choose_columns(self.run, form.columns(), actor=self.access.user)
        except DomainError as error:
            form.add_error(None, error.message)
            return self.show(form, 422)
        return HttpResponseRedirect(self.address("import"))

    def form(self, sheets_data: Any, data: Any = None) -> ColumnsForm:
        pages = imports.pages_of(self.run)
        sheets = imports.sheets_for_columns(self.run, actor=self.access.user)
        memory = imports.remembered(self.agreement, self.run.kind)
        chosen = SheetsForm.chosen(sheets_data, pages, sheets, memory, imports.columns_of(self.run))
        self.sheets_form = SheetsForm(pages, sheets, chosen, access=self.access)
        return ColumnsForm(
            pages, sheets, chosen, memory, imports.columns_of(self.run), data, access=self.access
        )

    def show(self, form: ColumnsForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, sheets_form=self.sheets_form)
        return self.render_to_response(context, status=status)


NOT_YOURS = "Une des actions de cet import n'est plus la vôtre : demandez à la personne qui pilote de l'annuler."


class ImportUndoView(_RunMixin, AgreementPageView):
    template_name = "agreements/import_undo.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not imports.can_still_undo(self.run):
            return HttpResponseRedirect(self.address("import"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title="Annuler cet import",
            question=f"Remettre tout comme avant l'import de « {self.run.file_name} » ?",
            consequences=[
                f"Ce que cet import a écrit est retiré : {imports.tally_words(self.run.counts)}.",
                "Rien n'est fait si quelque chose en a été changé depuis : la page dira quoi.",
            ],
            submit_label="Annuler cet import",
            submit_icon="arrow-back-up",
            cancel_url=self.address("import"),
            cancel_label="Garder cet import",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may_undo = import_kinds.get(self.run.kind).may_undo
        if may_undo is not None and not may_undo(self.access, self.run):
            messages.error(request, NOT_YOURS)
            return HttpResponseRedirect(self.address("import"))
        try:
            imports.undo(self.run, actor=self.access.user)
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.address("import"))
        messages.success(request, "Import annulé : tout est comme avant lui.")
        return HttpResponseRedirect(self.address("import"))


class ImportSetAsideView(_RunMixin):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            imports.set_aside(self.run)
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.address("import"))
        messages.success(request, "Le fichier est abandonné : rien n'a été écrit.")
        return HttpResponseRedirect(self.upload_url)


class ImportAnnotatedView(_RunMixin):
    """The faulty workbook, its refused cells coloured and noted."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != ImportRun.State.WAITING:
            raise Http404("Le fichier n'est plus gardé.")
        try:
            found = imports.preview(self.run, actor=self.access.user)
            data = annotate(bytes(self.run.data), self.run.file_name, found.refused)
        except Unreadable as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.upload_url)
        name = f"{self.run.file_name.rpartition('.')[0] or 'classeur'}-a-corriger.xlsx"
        return download(data, MIMES["xlsx"], name)
