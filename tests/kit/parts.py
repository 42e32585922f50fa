"""What a machine must have for every test to run, and what to do where it is missing.

`python -m tests.kit.parts` names the missing parts; in CI a missing part is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ykplan.broker import NoBrokerError, find_server

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def chinese_font() -> str | None:
    """Without one every Chinese character is a box, and a page's width means nothing."""
    if not (fc_list := shutil.which("fc-list")):
        return None
    found = subprocess.run([fc_list, ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return found.stdout.strip().partition("\n")[0] or None


def broker_server() -> str | None:
    try:
        return find_server()
    except NoBrokerError:
        return None


def postgres_folder() -> Path | None:
    """Where initdb lives; Debian keeps it off the PATH."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    return max(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name),
        default=None,
    )


PARTS = {
    "chromium": (chromium, "the pages in a real browser"),
    "fonts-noto-cjk": (chinese_font, "the pages in a real browser, with Chinese letters"),
    "redis-server": (broker_server, "the bell through a real broker"),
    "postgresql": (postgres_folder, "everything on PostgreSQL"),
    "gettext": (lambda: shutil.which("msgfmt"), "that every sentence is in both catalogues"),
}


def missing() -> dict[str, str]:
    return {package: what for package, (find, what) in PARTS.items() if find() is None}


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def need(package: str) -> str:
    """The part's path. Without it the test is skipped here, and fails in CI."""
    find, what = PARTS[package]
    if (path := find()) is not None:
        return str(path)
    sentence = f"{package} is not installed, so this cannot run: {what}"
    return pytest.fail(sentence) if in_ci() else pytest.skip(sentence)


def main() -> None:
    gaps = missing()
    for package, what in gaps.items():
        print(f"{package} is missing; not tested: {what}")  # noqa: T201 - for the person at bin/test
    sys.exit(1 if gaps and in_ci() else 0)


if __name__ == "__main__":
    main()
