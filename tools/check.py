"""Every check behind « make test », each with its time; the first failure is shown whole.

``--only static`` leaves the tests out; ``--only tests`` runs nothing else.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
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

CHECKS = [
    Check("mise en forme (ruff)", [str(BIN / "ruff"), "format", "--check", "-q", "."]),
    Check("relecture du code (ruff)", [str(BIN / "ruff"), "check", "-q", "."]),
    Check(
        "relecture des gabarits (djLint)", [str(BIN / "djlint"), "templates", "--lint", "--quiet"]
    ),
    Check("qui importe qui (import-linter)", [str(BIN / "lint-imports")]),
    Check("types (mypy)", [str(BIN / "mypy"), *PACKAGES]),
    Check("migrations à jour", manage("makemigrations", "--check", "--dry-run")),
    Check(
        "réglages de production",
        manage("check", "--deploy", "--fail-level", "WARNING"),
        environment=PRODUCTION,
    ),
    Check("table des droits à jour", manage("print_permissions", "--check")),
    Check("fichiers statiques", manage("collectstatic", "--noinput", "-v0")),
    Check(
        "tests",
        [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-m", "not browser"],
        "tests",
    ),
    Check("parcours dans le navigateur", [PYTHON, "-m", "pytest", "-q", "-m", "browser"], "tests"),
]


def run(check: Check) -> bool:
    """Shows the output of a failure only; the tests always show their last lines."""
    started = time.monotonic()
    print(f"• {check.name} … ", end="", flush=True)
    done = subprocess.run(
        check.command, cwd=ROOT, env={**os.environ, **check.environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - started
    print(f"{'ok' if done.returncode == 0 else 'ÉCHEC'} ({seconds:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout[-30000:], done.stderr[-10000:], sep="\n")
    elif check.group == "tests":
        print("  " + done.stdout.strip().splitlines()[-1])
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["static", "tests"])
    only = parser.parse_args().only
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    failed = [check.name for check in CHECKS if only in (None, check.group) and not run(check)]
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
