"""What every page may read."""

from __future__ import annotations

from django.http import HttpRequest

THEME_COOKIE = "theme"
THEMES = {
    "light": "Clair",
    "dark": "Sombre",
    "auto": "Comme l'appareil",
}
DEFAULT_THEME = "auto"


def theme(request: HttpRequest) -> dict[str, object]:
    """The look chosen on this device; an unknown value counts as no choice."""
    chosen = request.COOKIES.get(THEME_COOKIE, DEFAULT_THEME)
    if chosen not in THEMES:
        chosen = DEFAULT_THEME
    return {"theme": chosen, "themes": THEMES}
