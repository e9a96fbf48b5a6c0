"""Background work of the room."""

from __future__ import annotations

from django.urls import reverse

from agreements.models import Snapshot
from core.documents.declaration import render
from core.jobs import job, progress
from core.models import Job
from reports.services import DRAW, content_of, formats_of


@job(DRAW)
def draw_snapshot(work: Job) -> str:
    """Draw every format once: charts enter the cache, and a fault is known before the meeting."""
    snapshot = Snapshot.objects.select_related("agreement").get(pk=work.parameters["snapshot"])
    formats = formats_of(snapshot)
    content = content_of(snapshot)
    for rank, fmt in enumerate(formats, start=1):
        render(content, fmt)
        progress(work, done=rank, total=len(formats), message=f"{fmt.upper()} prêt")
    return reverse("reports:snapshot", args=[snapshot.agreement.slug, snapshot.pk])
