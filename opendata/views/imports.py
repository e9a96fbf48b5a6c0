"""Hand files over, see what they would bring, load them; the versions loaded, and their undoing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from core import formats as fr
from core.errors import DomainError
from core.jobs import worker_is_listening
from core.models import Job
from opendata.forms import ANSWERS, CompanionForm, UploadForm
from opendata.imports import history, inbox
from opendata.imports.engine import undo
from opendata.imports.questions import BESIDE
from opendata.models import DatasetVersion, ImportFile
from opendata.views import telling
from opendata.views.base import ActView, DetailView, FormView, PageView

State = ImportFile.State
SHOWN_FILES = 20
VERSIONS_A_PAGE = 50


class SearchForm(forms.Form):
    q = forms.CharField(label="Jeu, producteur, millésime ou fichier", required=False)


class HomeView(PageView):
    """The versions loaded, the latest first, and the last files received."""

    template_name = "opendata/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()
        found = history.search(history.versions(), words)
        page = Paginator(found, VERSIONS_A_PAGE).get_page(self.request.GET.get("page"))
        files = history.files()[:SHOWN_FILES]
        return super().get_context_data(
            files=[(row, history.standing_of_file(row)) for row in files],
            form=SearchForm({"q": words}),
            words=words,
            page=page,
            versions=telling.version_rows(list(page.object_list)),
            **kwargs,
        )


class UploadView(FormView):
    form_class = UploadForm
    title = "Charger des fichiers"
    lead = (
        "Ils sont reconnus et vérifiés d'abord : vous verrez ce qu'ils apportent avant de charger."
    )
    submit_label = "Vérifier"

    def perform(self, form: Any) -> None:
        self.files = inbox.receive(form.cleaned_data["files"], actor=self.actor)

    def get_success_url(self) -> str:
        if len(self.files) == 1:
            return reverse("opendata:file", args=[self.files[0].pk])
        messages.success(
            self.request, f"{fr.plural(len(self.files), 'fichier reçu', 'fichiers reçus')}."
        )
        return reverse("opendata:home") + "#fichiers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"cancel_url": reverse("opendata:home"), **kwargs})


class FileView(DetailView):
    """A file, from its arrival to its effect: one page that says what is expected of whom."""

    template_name = "opendata/file.html"
    context_object_name = "row"

    def get_queryset(self) -> QuerySet[ImportFile]:
        return history.files()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: ImportFile = self.object
        job = row.job
        pending = job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)
        question = row.options.get("question", "") if row.state == State.ASKED else ""
        return super().get_context_data(
            standing=history.standing_of_file(row),
            job=job,
            pending=pending,
            failed=job is not None and job.state == Job.State.FAILED,
            worker_listens=not pending or worker_is_listening(),
            answer_form=ANSWERS[question]() if question in ANSWERS else None,
            companion_form=CompanionForm() if question == BESIDE else None,
            report=telling.of_report(row.report) if row.report else None,
            replaces=self.replaced(row),
            can_load=row.state == State.CHECKED and not pending,
            can_describe=row.state == State.TO_DESCRIBE
            or (row.state == State.CHECKED and row.report["dataset"].startswith("tableau-")),
            can_discard=row.state != State.APPLIED and not pending,
            can_check_again=row.state in inbox.WAITING and not pending and bool(row.file),
            **kwargs,
        )

    @staticmethod
    def replaced(row: ImportFile) -> DatasetVersion | None:
        pk = row.report.get("replaces") if row.state == State.CHECKED else None
        return history.versions().filter(pk=pk).first() if pk else None


class FileAct(ActView):
    """An act on a file; a refusal is told where the user was."""

    def act(self, row: ImportFile) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(ImportFile, pk=pk)
        try:
            self.act(row)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("opendata:file", pk)


class AnswerView(FileAct):
    def act(self, row: ImportFile) -> None:
        form_class = ANSWERS.get(row.options.get("question", ""))
        if form_class is None:
            raise DomainError("Rien n'est demandé pour ce fichier.")
        form = form_class(self.request.POST)
        if not form.is_valid():
            raise DomainError(" ".join(text for rows in form.errors.values() for text in rows))
        inbox.answer(row, actor=self.actor, **form.cleaned_data)


class JoinView(FileAct):
    def act(self, row: ImportFile) -> None:
        form = CompanionForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            raise DomainError("Choisissez le fichier à joindre.")
        if row.state not in inbox.WAITING:
            raise DomainError("Ce fichier n'attend plus rien.")
        inbox.receive(form.cleaned_data["files"], actor=self.actor, beside=row)


class CheckAgainView(FileAct):
    def act(self, row: ImportFile) -> None:
        inbox.check_again(row, actor=self.actor)


class ApplyView(FileAct):
    def act(self, row: ImportFile) -> None:
        inbox.apply(row, actor=self.actor)


class ConfirmView(FormView):
    """Confirmation in words on GET, the act on POST."""

    template_name = "core/confirm.html"
    form_class = forms.Form
    model: type[Any]

    @property
    def row(self) -> Any:
        return get_object_or_404(self.model, pk=self.kwargs["pk"])


class DiscardView(ConfirmView):
    model = ImportFile
    title = "Retirer un fichier reçu"
    submit_label = "Retirer le fichier"
    success_message = "Le fichier est retiré."

    def perform(self, form: Any) -> None:
        inbox.discard(self.row)

    def get_success_url(self) -> str:
        return reverse("opendata:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        return super().get_context_data(
            question=f"Retirer « {row.name} » ?",
            consequences=["Il n'a rien apporté : aucun chiffre ne change."],
            **{"cancel_url": reverse("opendata:file", args=[row.pk]), **kwargs},
        )


# --- Versions ---------------------------------------------------------------------------------
class VersionView(DetailView):
    template_name = "opendata/version.html"
    context_object_name = "version"

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        return history.versions()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version: DatasetVersion = self.object
        later = version.replaced_by.filter(undone_at=None).first()
        return super().get_context_data(
            row=telling.version_rows([version])[0],
            facts=self.facts(version),
            report=telling.of_report(version.report) if "read" in version.report else None,
            later=later,
            can_undo=version.is_current,
            **kwargs,
        )

    @staticmethod
    def facts(version: DatasetVersion) -> list[tuple[str, str]]:
        told = telling.version_rows([version])[0]
        undone = (
            f"le {fr.datetime_long(version.undone_at)}"
            + (f" par {version.undone_by}" if version.undone_by else "")
            if version.undone_at
            else ""
        )
        rows = [
            ("Producteur", told.producer), ("Millésime", told.vintage), ("Maille", told.level),
            ("Géographie", told.geography), ("Périmètre", told.perimeter),
            ("Licence", version.dataset.licence), ("Fichier", version.file_name),
            ("Empreinte SHA-256", version.file_hash),
            ("Chargé", f"le {fr.datetime_long(version.loaded_at)}"
             + (f" par {version.loaded_by}" if version.loaded_by else "")),
            ("Chiffres", told.figures),
        ]  # fmt: skip
        return [*rows, ("Annulée", undone)] if undone else rows


class UndoView(ConfirmView):
    model = DatasetVersion
    title = "Annuler un chargement"
    submit_label = "Retirer ces chiffres"

    def perform(self, form: Any) -> None:
        gone = undo(self.row, actor=self.actor)
        messages.success(
            self.request,
            f"Chargement annulé : {fr.plural(gone, 'chiffre retiré', 'chiffres retirés')}.",
        )

    def get_success_url(self) -> str:
        return reverse("opendata:version", args=[self.kwargs["pk"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(history.versions(), pk=self.kwargs["pk"])
        return super().get_context_data(
            question=f"Annuler « {version} » ?",
            consequences=self.consequences(version),
            submit_icon="arrow-back-up",
            **{"cancel_url": reverse("opendata:version", args=[version.pk]), **kwargs},
        )

    @staticmethod
    def consequences(version: DatasetVersion) -> list[str]:
        figures = history.figures_of([version]).get(version.pk)
        before = version.replaces
        return [
            f"{fr.plural(figures, 'chiffre quitte', 'chiffres quittent')} toutes les conventions.",
            f"Ceux de la version précédente ({before.file_name or before}) reviennent."
            if before is not None and before.undone_at is None
            else "Aucune version précédente ne les remplace.",
            "Les constats déjà écrits gardent la valeur qu'ils citent ; les documents produits ne"
            " changent pas.",
        ]
