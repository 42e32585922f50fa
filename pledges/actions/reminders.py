"""Remember once that somebody must be told. Safe to repeat, and beside any number of others."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.timezone import localdate

from pledges.actions.rows import in_batches
from pledges.choices import Occasion, ReminderState
from pledges.models import Heartbeat, Nudge, ProgressReport, Reminder
from pledges.queries.recipients import Addressee, Roster
from pledges.queries.reminders import Ask, asks_on
from pledges.queries.workdays import office_calendar

DUTY = "reminders"


def plan_reminders(*, today: date) -> None:
    """Insert every reminder that is due by today and not there yet. Nothing happens on a day of rest.

    What is due follows from the facts and not from the ticks: after an outage the newest notice of a
    deadline is told, the ones it overtook are kept as skipped.
    """
    now = timezone.now()
    beat, _made = Heartbeat.objects.get_or_create(duty=DUTY, defaults={"beat_at": now, "day": date.min})
    calendar = office_calendar()
    if beat.day < today and calendar.is_workday(today):
        roster = Roster.on(today)
        asks = (
            ask
            for ask in asks_on(today, calendar=calendar)
            # The weekly letter is of one day; what comes up later in the week waits for the next.
            if ask.occasion != Occasion.DIGEST or ask.letter_on > beat.day
        )
        for rows in in_batches(_reminders(asks, roster)):
            Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    Heartbeat.objects.filter(pk=beat.pk, day__lte=today).update(beat_at=now, day=today)


def plan_again(*, today: date) -> None:
    """Something in the plan or among the people changed: the next tick plans today once more."""
    Heartbeat.objects.filter(duty=DUTY, day__gte=today).update(day=today - timedelta(days=1))


def _reminders(asks: Iterator[Ask], roster: Roster) -> Iterator[Reminder]:
    for ask in asks:
        for addressee in roster.addressees(ask.occasion, ask.line.pledge.department_id):
            if not roster.is_paused(addressee.person):
                yield _reminder(ask, addressee)


def _reminder(ask: Ask, addressee: Addressee) -> Reminder:
    pledge = ask.line.pledge
    return Reminder(
        key=ask.key_for(addressee.person.pk),
        occasion=ask.occasion,
        step=ask.step,
        campaign_id=pledge.campaign_id,
        pledge=pledge,
        label=str(pledge),
        milestone=ask.milestone,
        due=ask.due,
        recipient=addressee.person,
        on_behalf_of=addressee.on_behalf_of,
        letter_on=ask.letter_on,
        state=ReminderState.SKIPPED if ask.is_overtaken else ReminderState.WAITING,
    )


def remind_of_return(report: ProgressReport) -> None:
    """Tell the author that a report came back, in the transaction that sends it back.

    On a day of rest the letter waits for the next working day. Where the author has left, whoever
    reports for the department is told.
    """
    roster = Roster.on(localdate(report.reviewed_at))
    authors = [report.author] if report.author and report.author.is_active else []
    told = roster.readers(authors) or roster.addressees(Occasion.RETURNED, report.pledge.department_id)
    _insert_event(Occasion.RETURNED, f"r{report.pk}", told, roster, report=report)


def remind_of_nudge(nudge: Nudge, roster: Roster) -> list[Addressee]:
    """Tell everybody who reports for a pledge that it is urged, in the transaction that urges it."""
    told = roster.addressees(Occasion.NUDGE, nudge.pledge.department_id)
    _insert_event(Occasion.NUDGE, f"n{nudge.pk}", told, roster, nudge=nudge)
    return told


def _insert_event(
    occasion: Occasion,
    thing: str,
    told: list[Addressee],
    roster: Roster,
    *,
    report: ProgressReport | None = None,
    nudge: Nudge | None = None,
) -> None:
    pledge = report.pledge if report else nudge.pledge  # type: ignore[union-attr]  # one of the two is given
    rows = [
        Reminder(
            key=f"{occasion}|{thing}|{addressee.person.pk}",
            occasion=occasion,
            campaign_id=pledge.campaign_id,
            pledge=pledge,
            label=str(pledge),
            report=report,
            nudge=nudge,
            recipient=addressee.person,
            on_behalf_of=addressee.on_behalf_of,
            letter_on=office_calendar().on_or_after(roster.day),
        )
        for addressee in told
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
