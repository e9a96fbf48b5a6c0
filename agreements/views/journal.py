"""The journal: who did what and when, in sentences, with what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from agreements import exports, queries
from agreements.forms_convention import JournalFilterForm
from agreements.models import JournalEntry
from agreements.roles import Capability
from agreements.views.base import AgreementMixin, AgreementPageView
from agreements.views.tabs import TabsMixin
from core.views.files import download

HEADERS = ["Date", "Auteur", "Acte", "Changements", "Motif"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Journal(AgreementMixin):
    capability = Capability.JOURNAL_VIEW

    def filtered(self) -> Any:
        actors = queries.journal_actors(self.agreement)
        self.form = JournalFilterForm(self.request.GET or None, actors=actors)
        filters = self.form.cleaned_data if self.form.is_valid() else {}
        return queries.journal_of(
            self.agreement, with_internal=self.access.can(Capability.INTERNAL_VIEW), **filters
        )


class JournalView(_Journal, TabsMixin, AgreementPageView):
    template_name = "agreements/journal.html"
    tab = "agreements:journal"
    paginate_by = 50

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = self.filtered()
        page = Paginator(entries, self.paginate_by).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page, form=self.form, query=self.request.GET.urlencode(), **kwargs
        )


def changes_in_words(entry: JournalEntry) -> str:
    return "\n".join(
        f"{change['field']} : {change['old'] or '(vide)'} → {change['new'] or '(vide)'}"
        for change in entry.changes
    )


def journal_rows(entries: Any) -> Iterator[list[str]]:
    for entry in entries.iterator():
        day = timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M")
        yield [day, entry.actor_label, entry.sentence, changes_in_words(entry), entry.reason]


class JournalExportView(_Journal):
    def get(self, request: HttpRequest, format: str, **kwargs: Any) -> HttpResponse:
        rows = journal_rows(self.filtered())
        name = f"journal-{self.agreement.slug}.{format}"
        if format == "csv":
            return download(exports.to_csv(HEADERS, rows), "text/csv", name)
        if format == "xlsx":
            return download(exports.to_xlsx("Journal", HEADERS, rows), XLSX, name)
        raise Http404
