"""What an operator would start: the command of a unit file, with the places of a test."""

import shlex
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.kit.processes import ROOT

START = "ExecStart="


def command_of(unit: str, instance: str = "", *, places: Mapping[str, Path] | None = None) -> list[str]:
    """`places`: folders of a machine, and where they are in the test."""
    lines = (ROOT / "deploy" / unit).read_text().replace("\\\n", " ").splitlines()
    [words] = [line.removeprefix(START) for line in lines if line.startswith(START)]
    words = words.replace("%i", instance).replace("%H", socket.gethostname())
    for there, here in (places or {}).items():
        words = words.replace(there, str(here))
    _program, *rest = shlex.split(words)
    return [sys.executable, *rest]
