"""Beats and workers as their unit files start them, and what they have done."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pledges.choices import LetterState, Occasion
from pledges.models import Letter, Reminder
from tests.kit.processes import ROOT, ended_afterwards
from tests.kit.units import command_of

BELLS = "tests.kit.bells"
"""The product's own celery, which rings every second."""


@contextmanager
def running(command: list[str], log: Path, env: dict[str, str]) -> Iterator[None]:
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=file, stderr=file)
    with ended_afterwards(process):
        yield


@contextmanager
def celery(unit: str, instance: str, folder: Path, env: dict[str, str]) -> Iterator[None]:
    """One process of a unit; its log lies in the folder."""
    command = command_of(unit, instance, places={"/var/lib/ykplan/beat": folder / f"beat{instance}"})
    command = [BELLS if word == "ykplan" else word for word in command]
    log = folder / f"{unit.partition('@')[0].removesuffix('.service')}{instance}.log"
    with running(command, log, env):
        yield


@contextmanager
def bells(folder: Path, *, beats: int, workers: int, env: dict[str, str]) -> Iterator[Path]:
    """So many beats and workers; yields the folder with their logs."""
    with ExitStack() as stack:
        for number in range(workers):
            stack.enter_context(celery("ykplan-worker@.service", str(number), folder, env))
        for number in range(beats):
            stack.enter_context(celery("ykplan-beat.service", str(number), folder, env))
        yield folder


def rounds(folder: Path) -> int:
    """How many rings the workers have answered to the end."""
    return sum(path.read_text().count(" succeeded in ") for path in folder.glob("ykplan-worker*.log"))


def every_letter_came_once(post, people) -> None:
    assert Counter(post.recipients) == Counter(person.email for person in people)
    assert Letter.objects.count() == len(people)
    assert set(Letter.objects.values_list("state", "attempts", "ambiguous")) == {(LetterState.SENT, 1, 0)}
    told = Reminder.objects.filter(occasion=Occasion.AHEAD, step=1)
    assert told.count() == told.values("recipient", "pledge").distinct().count() == 2 * len(people)
