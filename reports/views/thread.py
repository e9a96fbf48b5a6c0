"""The red thread: the whole chain and where it is broken, one object and its chain, one break mended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from actionplan.views.tabs import PlanTabs
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView, AgreementMixin, AgreementPageView
from core.charts.render import img_data_uri
from reports.forms_thread import JoinForm, targets
from reports.thread import Node, Thread, load_thread
from reports.thread.chart import ThreadChart
from reports.thread.lacks import BY_KEY, Lack, lacks, may_read
from reports.thread.load import figure_of
from reports.thread.overview import overview
from reports.thread.spine import FIGURE, QUESTION, STEPS, told

SHOWN, PER_PAGE = 5, 50
"""Of each break on the page of all; on the page of one."""


class _Thread(AgreementMixin):
    @cached_property
    def thread(self) -> Thread:
        return load_thread(
            self.agreement,
            audience=self.access.audience,
            with_questions=self.access.can(C.EVALUATION_VIEW),
            on=date.today(),
        )


class ThreadView(PlanTabs, _Thread, AgreementPageView):
    """``?manque=`` shows one kind of break in full."""

    template_name = "reports/thread/home.html"
    tab = "reports:thread"
    capability = C.PLAN_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = lacks(self.thread, self.access)
        asked = self.request.GET.get("manque", "")
        chosen = [row for row in found if row.lack.key == asked and row.nodes]
        pages = []
        for row in chosen or [row for row in found if row.nodes]:
            paginator = Paginator(row.nodes, PER_PAGE if chosen else SHOWN)
            page = paginator.get_page(self.request.GET.get("page") if chosen else 1)
            pages.append(self.section(row, page))
        return super().get_context_data(
            lines=overview(self.thread),
            labels=self.thread.labels,
            sections=pages,
            chosen=chosen[0] if chosen else None,
            chosen_page=pages[0]["page"] if chosen else None,
            total=sum(row.count for row in found),
            whole=[row.lack.title_in(self.thread) for row in found if not row.nodes],
            with_questions=self.access.can(C.EVALUATION_VIEW),
            **kwargs,
        )

    def section(self, row: Any, page: Any) -> dict[str, Any]:
        """A break with its rows: what is broken, and what may mend it."""
        may_join = row.can_mend and row.lack.target
        choices = targets(self.thread, row.lack) if may_join else []
        return {
            "found": row,
            "title": row.lack.title_in(self.thread),
            "heading": f"{row.lack.title_in(self.thread)} : {row.count}",
            "page": page,
            "rest": row.count - len(page.object_list),
            "choices": choices,
            "rows": [
                {
                    "node": node,
                    "form_url": row.lack.form_url(self.thread, node) if row.can_mend else "",
                    "join_url": reverse(
                        "reports:thread_join", args=[self.agreement.slug, row.lack.key, node.pk]
                    )
                    if choices
                    else "",
                }
                for node in page.object_list
            ],
        }


class ThreadOfView(PlanTabs, _Thread, AgreementPageView):
    """One object: what it rests on, what rests on it, and what it lacks."""

    template_name = "reports/thread/object.html"
    tab = "reports:thread"
    capability = C.PLAN_VIEW

    def get_node(self) -> Node:
        step, pk = self.kwargs["kind"], self.kwargs["pk"]
        if step not in STEPS:
            raise Http404("Le fil rouge ne connaît pas cet objet.")
        if step == QUESTION:
            self.access.require(C.EVALUATION_VIEW)
        node = self.thread.nodes.get((step, pk))
        if node is None and step == FIGURE:
            # Another citation of a figure that the chain names by its first one.
            first = figure_of(self.agreement, pk)
            node = self.thread.nodes.get((step, first)) if first else None
        if node is None:
            raise Http404("Cet objet n'est pas dans le fil rouge de cette convention.")
        return node

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        node = self.get_node()
        chart = ThreadChart(self.thread, node.key)
        theme = "dark" if self.request.COOKIES.get("theme") == "dark" else "light"
        return super().get_context_data(
            node=node,
            chart=chart,
            sentence=chart.sentence(),
            image_url=img_data_uri(chart.spec(), theme),
            above=self.thread.tree(node.key, up=True),
            below=self.thread.tree(node.key, up=False),
            above_words=told(chart.above),
            below_words=told(chart.below),
            missing=self.missing(node),
            **kwargs,
        )

    def missing(self, node: Node) -> list[dict[str, Any]]:
        return [
            {
                "lack": lack,
                "form_url": lack.form_url(self.thread, node),
                "join_url": reverse(
                    "reports:thread_join", args=[self.agreement.slug, lack.key, node.pk]
                )
                if lack.target
                else "",
                "can_mend": self.access.can(lack.mended_by),
                "title": lack.title_in(self.thread),
            }
            for lack in BY_KEY.values()
            if node.step in lack.steps
            and may_read(lack, self.access)
            and lack.is_broken(self.thread, node)
        ]


class JoinView(_Thread, AgreementFormView):
    """« Relier à… », from the list of breaks in one click, or on a page of its own."""

    capability = (
        C.PLAN_CHANGE, C.DIAGNOSIS_CHANGE, C.EVALUATION_CHANGE, C.COMMITTEES_CHANGE,
    )  # fmt: skip
    form_class = JoinForm
    submit_label = "Relier"
    success_message = "C'est relié."

    @cached_property
    def lack(self) -> Lack:
        lack = BY_KEY.get(self.kwargs["lack"])
        if lack is None or not lack.target:
            raise Http404("Ce manque n'existe pas.")
        self.access.require(lack.mended_by)
        return lack

    @cached_property
    def node(self) -> Node:
        for step in self.lack.steps:
            node = self.thread.nodes.get((step, self.kwargs["pk"]))
            if node is not None:
                return node
        raise Http404("Cet objet n'est pas dans le fil rouge de cette convention.")

    @property
    def title(self) -> str:
        return f"Relier : {self.node.word}"

    @property
    def lead(self) -> str:
        return self.node.label

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "thread": self.thread,
            "lack": self.lack,
            "node": self.node,
            "on": date.today(),
        }

    def get_default_url(self) -> str:
        return reverse("reports:thread", args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()
