"""List, detail, create, update, delete: the same manners in every room.

A subclass of a room declares what it shows and which capability it takes; the manners are here:
the right is asked before anything is read, a 404 for what is outside, filters in the URL, the way
back to where the user was, both versions when two people edit the same sheet.
``resolve_access`` is given by ``agreements.views.base``: the toolkit knows no agreement.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import DetailView as DjangoDetailView
from django.views.generic import TemplateView, View
from django.views.generic.edit import FormView
from django_filters.views import FilterMixin
from django_tables2 import SingleTableMixin

from core.errors import DomainError, StaleObject


def safe_next(request: HttpRequest) -> str:
    """Where the user was, if it is one of our own pages; empty otherwise."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return ""


class AccessMixin(View):
    """``capability`` is asked of whoever comes; ``rule`` (a ``rules`` predicate), of the object."""

    capability: ClassVar[str | tuple[str, ...]]
    rule: ClassVar[Any] = None
    refusal = "faire cela"
    access: Any

    def resolve_access(self, request: HttpRequest, **kwargs: Any) -> Any:
        raise NotImplementedError

    def refusal_reason(self, act: str) -> str:
        return f"Votre rôle ne permet pas de {act}."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.access = self.resolve_access(request, **kwargs)
        wanted = self.capability if isinstance(self.capability, tuple) else (self.capability,)
        self.access.require(*wanted)
        return super().dispatch(request, *args, **kwargs)

    def check_rule(self, obj: Any) -> None:
        if self.rule is not None and not self.access.test(self.rule, obj):
            raise PermissionDenied(self.refusal_reason(self.refusal))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(access=self.access, **kwargs)  # type: ignore[misc]


class PageView(AccessMixin, TemplateView):
    """A page that is neither a list nor one object."""


class ListView(AccessMixin, FilterMixin, SingleTableMixin, TemplateView):
    """``get_queryset`` + ``table_class`` (+ ``filterset_class``): a list. Filters live in the URL."""

    template_name = "core/list.html"
    title = ""
    lead = ""
    paginate_by = 50
    empty_title = "Rien pour l'instant"
    empty_text = ""
    filterset_class: ClassVar[Any] = None

    def get_queryset(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {"data": self.request.GET or None, "request": self.request, "queryset": self.rows}

    def get_actions(self) -> list[dict[str, str]]:
        """Buttons of the page: ``[{"label", "url", "icon"}]``, already filtered by right."""
        return []

    def get_table_data(self) -> Any:
        return self.filterset.qs if self.filterset is not None else self.rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.rows = self.get_queryset()
        self.filterset = self.get_filterset(self.filterset_class) if self.filterset_class else None
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filter=self.filterset,
            title=self.title,
            lead=self.lead,
            actions=self.get_actions(),
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            **kwargs,
        )


class DetailView(AccessMixin, DjangoDetailView[Any]):
    """One object of ``get_queryset`` (already limited to what the access may see), or a 404."""

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        obj = super().get_object(queryset)
        self.check_rule(obj)
        return obj


class ServiceFormView(AccessMixin, FormView[BaseForm]):
    """A form whose ``perform`` calls a service; a refusal of the domain stays on the form."""

    template_name = "core/form.html"
    title = ""
    lead = ""
    submit_label = "Enregistrer"
    success_message = ""
    object: Model | None = None
    cancel_url = ""

    def get_success_url(self) -> str:
        return safe_next(self.request) or self.get_default_url()

    def get_default_url(self) -> str:
        """Where to go when the user comes from nowhere: the object's page."""
        assert self.object is not None
        return self.object.get_absolute_url()  # type: ignore[attr-defined]

    def perform(self, form: Any) -> Model | None:
        """Call the service; what it returns becomes ``self.object``."""
        return form.perform()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.object = self.perform(form) or self.object
        except StaleObject as stale:
            return self.show_both_versions(form, stale)
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def show_both_versions(self, form: Any, stale: StaleObject) -> HttpResponse:
        """What the other person saved stands beside what this one typed; nothing is lost.

        The hidden version becomes the current one: saving again is a choice, made knowingly.
        """
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = stale.current.version
        form.add_error(None, stale.message)
        return self.render_to_response(
            self.get_context_data(form=form, conflict=form.differences_with(stale.current)),
            status=409,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "title": self.title,
            "lead": self.lead,
            "submit_label": self.submit_label,
            "next": safe_next(self.request),
            "cancel_url": safe_next(self.request) or self.cancel_url,
        }
        return super().get_context_data(**{**context, **kwargs})


class CreateView(ServiceFormView):
    success_message = "C'est enregistré."


class UpdateView(ServiceFormView):
    """``get_queryset`` limits to what the access may see; ``rule`` decides on the object."""

    success_message = "C'est enregistré."

    def get_queryset(self) -> QuerySet[Any]:
        raise NotImplementedError

    def load_object(self) -> Any:
        obj = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_rule(obj)
        return obj

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.load_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.load_object()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}


class DeleteView(UpdateView):
    """Confirmation in words on GET, the act on POST."""

    template_name = "core/confirm.html"
    success_message = ""
    submit_label = "Supprimer"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        return kwargs

    def get_form_class(self) -> type[BaseForm]:
        return Form
