"""Background work of the room."""

from __future__ import annotations

from django.urls import reverse

from agreements.models import Snapshot
from core.jobs import job, progress
from core.models import Job
from reports.documents.dossier import IDENTIFIER
from reports.services import DRAW, content_of, draw, formats_of


@job(DRAW)
def draw_snapshot(work: Job) -> str:
    """Draw every format once: charts enter the cache, and a fault is known before the meeting."""
    snapshot = Snapshot.objects.select_related("agreement").get(pk=work.parameters["snapshot"])
    formats = formats_of(snapshot)
    content = content_of(snapshot)
    for rank, fmt in enumerate(formats, start=1):
        draw(snapshot, content, fmt)
        progress(work, done=rank, total=len(formats), message=f"{fmt.upper()} prêt")
    return result_url(snapshot)


def result_url(snapshot: Snapshot) -> str:
    """The page of the meeting for its pack, which says how many pages it has; else the document."""
    slug = snapshot.agreement.slug
    if snapshot.kind == IDENTIFIER and snapshot.subject_id is not None:
        return reverse("reports:pack", args=[slug, snapshot.subject_id])
    return reverse("reports:snapshot", args=[slug, snapshot.pk])
