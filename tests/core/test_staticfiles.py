from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from core.staticfiles import NpmFinder


def test_finder_serves_only_the_named_files() -> None:
    listed = {name for name, _ in NpmFinder().list(None)}

    assert listed == set(settings.NPM_STATIC_FILES)
    assert NpmFinder().find("vendor/../package.json") == []
    assert finders.find("@tabler/core/package.json") is None


def test_finder_reports_missing_packages(settings, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path

    messages = NpmFinder().check()

    assert [m.id for m in messages] == ["core.E001"]
    assert "tabler.css" in messages[0].msg


def test_production_storage_accepts_every_file(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg", "txt", "md", "map"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    app = next(tmp_path.glob("css/app.*.css")).read_text(encoding="utf-8")
    assert "vendor/fonts/source-sans-regular." in app
    assert not list(tmp_path.glob("vendor/**/package.json"))
