"""Every check behind « make test », each with its time; each failure is shown whole.

``--only static`` leaves the tests out; ``--only tests`` runs nothing else. The static checks, and
the making of the databases that the tests copy, run two at a time; then each suite of tests, which
uses two processes by itself.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
PACKAGES = [
    "core",
    "accounts",
    "opendata",
    "agreements",
    "partners",
    "territory",
    "actionplan",
    "committees",
    "participation",
    "evaluation",
    "desk",
    "reports",
    "demo",
    "ctg",
]


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    group: str = "static"
    environment: dict[str, str] = field(default_factory=dict)


def manage(*arguments: str) -> list[str]:
    return [PYTHON, "manage.py", *arguments]


PRODUCTION = {
    "FILROUGE_ENV": "production",
    "SECRET_KEY": "a-key-made-for-the-deploy-check-only-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "filrouge.example",
    "DATABASE_URL": "postgresql://filrouge@127.0.0.1/filrouge",
    "SITE_URL": "https://filrouge.example",
}

PROCESSES = "2"

# The longest first.
PREPARATION = [
    Check("bases de données des tests", [PYTHON, "-m", "tests.databases"], "tests"),
    Check("types (mypy)", [str(BIN / "mypy"), *PACKAGES]),
    Check("fichiers statiques", manage("collectstatic", "--noinput", "-v0")),
    Check("mise en forme (ruff)", [str(BIN / "ruff"), "format", "--check", "-q", "."]),
    Check("relecture du code (ruff)", [str(BIN / "ruff"), "check", "-q", "."]),
    Check(
        "relecture des gabarits (djLint)", [str(BIN / "djlint"), "templates", "--lint", "--quiet"]
    ),
    Check("qui importe qui (import-linter)", [str(BIN / "lint-imports")]),
    Check("migrations à jour", manage("makemigrations", "--check", "--dry-run")),
    Check(
        "réglages de production",
        manage("check", "--deploy", "--fail-level", "WARNING"),
        environment=PRODUCTION,
    ),
    Check("table des droits à jour", manage("print_permissions", "--check")),
]
SUITES = [
    Check(
        "tests",
        [PYTHON, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "worksteal", "-m", "not browser"],
        "tests",
    ),
    Check(
        "parcours dans le navigateur",
        [PYTHON, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "load", "-m", "browser"],
        "tests",
    ),
]


def run(check: Check) -> bool:
    """Shows the output of a failure only; the suites of tests always show their last line."""
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env={**os.environ, **check.environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - started
    said = [f"• {check.name} … {'ok' if done.returncode == 0 else 'ÉCHEC'} ({seconds:.0f} s)"]
    if done.returncode:
        said += [done.stdout[-30000:], done.stderr[-10000:]]
    elif check in SUITES:
        said.append("  " + done.stdout.strip().splitlines()[-1])
    print("\n".join(said), flush=True)
    return done.returncode == 0


def run_all(checks: list[Check], at_once: int) -> list[str]:
    """The names of those that failed."""
    with ThreadPoolExecutor(at_once) as pool:
        running = {pool.submit(run, check): check.name for check in checks}
        return [running[done] for done in as_completed(running) if not done.result()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["static", "tests"])
    only = parser.parse_args().only
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    preparation, suites = (
        [check for check in checks if only in (None, check.group)]
        for checks in (PREPARATION, SUITES)
    )
    failed = run_all(preparation, at_once=2) + run_all(suites, at_once=1)
    if not os.environ.get("DATABASE_URL"):
        subprocess.run(
            manage("postgres", "stop", "--cluster", "test"),
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
    if failed:
        print(f"Échec : {', '.join(failed)}.")
        return 1
    print("Tout est vert.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
