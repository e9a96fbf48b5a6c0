"""A real browser on the example, served by Django's live server.

The database is the example itself, so that pages are judged full; each test has its own copy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import databases

# Playwright's synchronous interface runs an event loop, which Django would take for its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
PATIENCE = 120_000  # milliseconds: a busy machine is not a failure
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules that read colours: all that a theme can break (``test_theme_changes_colours_alone``)."""
WIDTHS = (1280, 320)
OTHER_THEME = {"light": "dark", "dark": "light"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
    if program is None:
        pytest.fail("Aucun navigateur : installez chromium.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


@pytest.fixture
def server(transactional_db: None, live_server: Any, settings: Any) -> Iterator[str]:
    """The address of the live server, on a copy of the example."""
    settings.SITE_URL = live_server.url
    name = databases.copy(
        databases.with_example(), f"{connection.settings_dict['NAME']}_{uuid4().hex[:8]}"
    )
    with databases.connected_to(name):
        yield live_server.url
    databases.drop(name)


class Visitor:
    """One signed-in person; console errors and CSP violations are kept and asserted."""

    def __init__(
        self, browser: Browser, server: str, email: str, *, width: int, theme: str
    ) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale="fr-FR", bypass_csp=False,
            reduced_motion="reduce",  # colours are judged once they are settled
        )  # fmt: skip
        self.given = self.theme = theme
        self.context.add_cookies([{"name": "theme", "value": theme, "url": server}])
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.server = server
        if email:
            self.sign_in(email)

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.troubles.append(message.text)

    def sign_in(self, email: str) -> None:
        from demo.content.agreement import PASSWORD

        self.page.goto(f"{self.server}/compte/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def resize(self, width: int) -> None:
        """As if the window had been opened so: the server never knows the width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        # Tables learn that they scroll when they are drawn again, a frame later.
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )

    def wear(self, theme: str) -> None:
        """As if the page had been asked for in this theme, which the server writes there."""
        self.page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        self.theme = theme

    def open(self, url: str) -> int:
        response = self.page.goto(url)
        assert response is not None
        self.theme = self.given
        return response.status

    def walk(self, addresses: Iterable[str], *, in_both_themes: bool) -> dict[str, list[str]]:
        """Every page, wide then narrow: (address, width, theme) → what is wrong with it.

        A page is asked for once: the server knows nothing of the width, and writes the theme in one
        attribute. In the other theme only the colours are judged again.
        """
        wrong = {}
        for address in addresses:
            self.resize(WIDTHS[0])
            status = self.open(self.server + address)
            if status != 200:
                wrong[f"{address}, status"] = [str(status)]
            for width in WIDTHS:
                self.resize(width)
                wrong[f"{address}, {width} px, {self.theme}"] = self.problems()
                if in_both_themes:
                    self.wear(OTHER_THEME[self.theme])
                    wrong[f"{address}, {width} px, {self.theme}"] = self.problems(COLOUR_RULES)
            self.troubles.clear()
        return {where: problems for where, problems in wrong.items() if problems}

    def problems(self, rules: Sequence[str] = RULES) -> list[str]:
        """What axe finds on the page as it is, against WCAG 2.1 A and AA unless fewer ``rules`` are
        asked for; what overflows; what the console said since the page before."""
        # evaluate() runs in the page's own world: axe gets in without loosening the CSP.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + "; void 0")
        found = self.page.evaluate(
            "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
            ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')))",
            list(rules),
        )
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append("the page scrolls sideways")
        return [*found, *self.troubles]

    def close(self) -> None:
        self.context.close()
