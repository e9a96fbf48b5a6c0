"""Front-end packages, file by named file.

``node_modules`` holds thousands of files, some of which WhiteNoise's hashed storage cannot
process. Only what ``NPM_STATIC_FILES`` names is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage


class NpmStorage(FileSystemStorage):
    """A read-only storage whose names are the public ones (``vendor/tabler.css``)."""

    prefix = ""

    def path(self, name: str) -> str:
        try:
            return str(Path(settings.NODE_MODULES) / settings.NPM_STATIC_FILES[name])
        except KeyError:
            raise FileNotFoundError(name) from None


class NpmFinder(BaseFinder):
    """Finds the files named by ``NPM_STATIC_FILES`` (public path -> path in node_modules)."""

    def __init__(self) -> None:
        self.storage = NpmStorage(location=str(settings.NODE_MODULES))

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [name for name in settings.NPM_STATIC_FILES if not self._path(name).exists()]
        if not missing:
            return []
        return [
            Error(
                f"Fichiers absents de node_modules : {', '.join(missing)}.",
                hint="Lancez « npm ci » (ou « make setup »).",
                id="core.E001",
            )
        ]

    def find(  # type: ignore[override]
        self, path: str, find_all: bool = False, **kwargs: Any
    ) -> str | list[str]:
        if path not in settings.NPM_STATIC_FILES or not self._path(path).exists():
            return []
        found = str(self._path(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, NpmStorage]]:
        for name in settings.NPM_STATIC_FILES:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage

    def _path(self, name: str) -> Path:
        return Path(self.storage.path(name))
