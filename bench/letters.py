"""Sending: letters a second, against smtplib alone over one connection to the same server, in a process of its own."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from django.test import override_settings
from django.utils import timezone

from bench.kit import Bench, Figure
from pledges.actions.compose import compose
from pledges.actions.letters import gather_letters
from pledges.actions.post import claim, send_letters
from pledges.choices import LetterState, Occasion, ReportState, Role
from pledges.models import Letter, Pledge, ProgressReport, Reminder, User
from pledges.queries.letters import Office, content_of
from pledges.queries.reminders import asks_about
from pledges.queries.workdays import office_calendar

PROMISED = {20: 0.6, 100: 0.8}
"""Letters taken at a time, and the share of smtplib's own speed that is promised."""


def measure(bench: Bench) -> None:
    number = min(bench.size, 1_000)
    now = timezone.make_aware(datetime.combine(date(2026, 6, 29), time(11, 0)))
    with (
        bench.as_rehearsal(),
        TemporaryDirectory() as folder,
        _server(Path(folder)) as port,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_HOST_USER="",
            EMAIL_USE_TLS=False,
            EMAIL_USE_SSL=False,
        ),
    ):
        for batch, share in PROMISED.items():
            alone = _alone(_written(bench, number, now), port)
            with override_settings(LETTER_BATCH=batch):
                began = perf_counter()
                fates = send_letters(
                    clock=lambda began=began: now + timedelta(seconds=perf_counter() - began), within=600
                )
                speed = fates[LetterState.SENT] / (perf_counter() - began)
            told = Figure(f"letters a second, {batch} taken at a time", speed, "a second", floor=alone)
            bench.add(told)
            bench.add(Figure(f"slower than smtplib, {batch} at a time", alone / speed, "×", most=1 / share))


def _alone(letters: list, port: int) -> float:
    """What smtplib does with messages that are written already."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = perf_counter()
        for message in letters:
            server.send_message(message)
        return len(letters) / (perf_counter() - began)


def _written(bench: Bench, number: int, now: datetime) -> list:
    """As many letters that wait, one reminder each; and what they will say, for smtplib."""
    Reminder.objects.all().delete()
    Letter.objects.all().delete()
    for place in range(number):
        bench.person(f"reader-{place}", Role.REPORTER, bench.department())
    pledge, day = _open_pledge(bench), now.date()
    asks = asks_about([pledge.pk], day=day, calendar=office_calendar())
    ask = next(ask for ask in asks if ask.occasion == Occasion.AHEAD and not ask.is_overtaken)
    rows = [
        Reminder(
            key=ask.key_for(person),
            occasion=Occasion.AHEAD,
            step=ask.step,
            campaign=bench.campaign,
            pledge=pledge,
            label=str(pledge),
            milestone=ask.milestone,
            due=ask.due,
            recipient_id=person,
            letter_on=day,
        )
        for person in User.objects.filter(username__startswith="synthetic-reader-").values_list(
            "pk", flat=True
        )
    ]
    Reminder.objects.bulk_create(rows)
    gather_letters(now=now)
    office = Office.on(day, office_calendar())
    letters = claim(now=now, limit=number)
    written = [compose(letter, content_of(letter, office), now=now).message() for letter in letters]
    Letter.objects.update(
        state=LetterState.QUEUED, lease_token=None, lease_until=None, attempts=0, next_try_at=now
    )
    return written


def _open_pledge(bench: Bench) -> Pledge:
    """One whose deadline is a week ahead, and of which nothing is said that could keep it or waits for review."""
    pledge = bench.pledges().filter(department=bench.department())[0]
    ProgressReport.objects.filter(pledge=pledge).update(state=ReportState.WITHDRAWN)
    pledge.milestones.exclude(pk=pledge.milestones.last().pk).delete()
    pledge.milestones.update(due=date(2026, 7, 6))
    return pledge


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    words = [sys.executable, "-m", "tests.kit.smtp", str(folder / "log"), "--gap", "0"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()
