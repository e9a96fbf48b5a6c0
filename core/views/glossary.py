"""The glossary: open to everyone, like the words it explains."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from core.glossary import ENTRIES, Entry


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    entries = sorted(ENTRIES, key=lambda item: item.slug)
    letters = [(letter, list(group)) for letter, group in groupby(entries, key=_initial)]
    return render(request, "core/glossary.html", {"letters": letters})


def _initial(item: Entry) -> str:
    return slugify(item.term)[0].upper()
