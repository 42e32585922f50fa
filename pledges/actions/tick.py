"""What the house does every minute. Safe beside any number of other ticks."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.timezone import localdate

from pledges.actions.anchors import drop_daily_anchor
from pledges.actions.boards import check_boards_daily, keep_boards
from pledges.actions.door import tell_counts
from pledges.actions.letters import gather_letters
from pledges.actions.post import send_letters
from pledges.actions.reminders import plan_reminders
from pledges.actions.sheets import sweep_sheets
from pledges.actions.standings import record_light_changes
from pledges.actions.sweeping import sweep_evidence
from pledges.models import Heartbeat, Letter
from pledges.queries.health import LETTER_TOO_OLD

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Duty = Callable[[Clock], object]


def lights(clock: Clock) -> None:
    """Record the lights that time alone has changed."""
    record_light_changes(today=localdate(clock()))


def reminders(clock: Clock) -> None:
    """Remember who must be told what today."""
    plan_reminders(today=localdate(clock()))


def letters(clock: Clock) -> None:
    """Write and send; the heart beats only while the post is moving."""
    gather_letters(now=clock())
    send_letters(clock=clock)
    now = clock()
    if not Letter.objects.late(now - LETTER_TOO_OLD).exists():
        beat = {"beat_at": now, "day": localdate(now)}
        Heartbeat.objects.update_or_create(duty="letters", defaults=beat)


def evidence(clock: Clock) -> None:
    """Clear away what was uploaded and never sent, once an hour."""
    sweep_evidence(now=clock())


def sheets(clock: Clock) -> None:
    """Forget the sheets that nobody confirmed."""
    sweep_sheets(now=clock())


def anchor(clock: Clock) -> None:
    """Write down, once a day, where the chain of what happened ends."""
    drop_daily_anchor(now=clock())


def boards(clock: Clock) -> None:
    """Keep the counts of big campaigns for the day, and count them again once a day."""
    keep_boards(now=clock())
    check_boards_daily(now=clock())


def door(clock: Clock) -> None:
    """Tell of the failed sign-ins that were only counted."""
    tell_counts(now=clock())


DUTIES: Mapping[str, Duty] = {
    "lights": lights,
    "reminders": reminders,
    "letters": letters,
    "boards": boards,
    "evidence": evidence,
    "sheets": sheets,
    "door": door,
    "anchor": anchor,
}


def tick(*, clock: Clock, duties: Mapping[str, Duty] = DUTIES) -> list[str]:
    """Do every duty once, whatever becomes of the others. Returns the names of those that failed."""
    failed = []
    for name, duty in duties.items():
        try:
            duty(clock)
        except Exception:
            log.exception("the duty %s failed", name)
            failed.append(name)
    return failed
