"""What a document may fetch: the project's own static files, media and fonts. Nothing else."""

from __future__ import annotations

import logging
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)

FONT_NAME = re.compile(r"^[A-Za-z]+$")


class ForbiddenAddress(FatalURLFetchingError, ValueError):
    """A document asked for something outside the project: it is not drawn."""


class ProjectFetcher(URLFetcher):
    """``static:path``, ``media:name``, ``font:Regular`` and ``data:``. Raises ``ForbiddenAddress``.

    A media file that is gone is logged and left blank: a document outlives its logos.
    """

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        name = unquote(name)
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme == "media":
            return _response(url, name, _media(name))
        if scheme == "static":
            return _response(url, name, _static(url, name))
        if scheme == "font" and FONT_NAME.match(name):
            path = Path(settings.NODE_MODULES) / "source-sans" / "TTF" / f"SourceSans3-{name}.ttf"
            return _response(url, path.name, path.read_bytes())
        logger.error("A document asked for a forbidden address: %s", url)
        raise ForbiddenAddress(f"Adresse interdite dans un document : {url}")


def _media(name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            return file.read()
    except SuspiciousFileOperation as error:
        logger.error("A document asked for a file outside media: %s", name)
        raise ForbiddenAddress(f"Fichier interdit dans un document : {name}") from error


def _static(url: str, name: str) -> bytes:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation as error:
        raise ForbiddenAddress(f"Fichier interdit dans un document : {name}") from error
    if not found:
        raise ValueError(f"Fichier statique absent : {url}")
    return Path(found).read_bytes()


def _response(url: str, name: str, body: bytes) -> URLFetcherResponse:
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return URLFetcherResponse(url, body, {"Content-Type": mime})
