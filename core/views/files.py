"""An answer that is a file to keep."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(data: bytes | str, mime: str, name: str, *, inline: bool = False) -> HttpResponse:
    """``inline``: the browser shows it where it can."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or ""
    return response
