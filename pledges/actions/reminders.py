"""Remember once that somebody must be told. Safe to repeat, and beside any number of others."""

import logging
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from pledges.actions.answers import keep, plan_answers
from pledges.actions.planned import Rows
from pledges.choices import Dropped, Occasion, ReminderState, Role
from pledges.errors import PlanningError
from pledges.models import Campaign, Heartbeat, Nudge, Pledge, ProgressReport, Reminder
from pledges.permissions import can_report
from pledges.queries.answers import given
from pledges.queries.duties import taking_reports
from pledges.queries.planning import Planner
from pledges.queries.recipients import Addressee, Roster
from pledges.queries.reminders import agenda_of
from pledges.queries.workdays import office_calendar
from pledges.rules.workdays import Calendar

log = logging.getLogger(__name__)

DUTY = "reminders"


def plan_reminders(*, today: date) -> None:
    """Insert every reminder that is due by today and not there yet. Nothing happens on a day of rest.

    What is due follows from the facts and not from the ticks: after an outage the newest notice of a
    deadline is told, the ones it overtook are kept as skipped. A campaign that cannot be planned keeps no
    other waiting, and is tried again at the next tick. Raises PlanningError then.
    """
    now = timezone.now()
    beat, _made = Heartbeat.objects.get_or_create(duty=DUTY, defaults={"beat_at": now, "day": date.min})
    calendar = office_calendar()
    failed = []
    if beat.day != today and calendar.is_workday(today):
        roster = Roster.on(today)
        plan_answers(roster, calendar)
        for campaign in taking_reports(today):
            try:
                _plan(campaign, roster, calendar, planned=beat.day)
            except Exception:
                log.exception("the reminders of %s could not be planned", campaign.code)
                failed.append(campaign.code)
    if failed:
        raise PlanningError(", ".join(failed))
    Heartbeat.objects.filter(pk=beat.pk).update(beat_at=now)
    # Only if nobody asked meanwhile to plan again. A clock that had gone astray is set right.
    Heartbeat.objects.filter(pk=beat.pk, day=beat.day).update(day=today)


def _plan(campaign: Campaign, roster: Roster, calendar: Calendar, *, planned: date) -> None:
    rows, agenda = Rows.of(campaign), agenda_of(campaign, day=roster.day, calendar=calendar)
    for wanted in Planner(campaign, agenda, roster).batches():
        # The weekly letter is of one day; what comes up later in the week waits for the next.
        rows.insert(
            each
            for each in wanted
            if each.asked.occasion != Occasion.DIGEST
            or each.asked.letter_on > planned
            or planned > roster.day
        )


def plan_again(*, today: date) -> None:
    """Something in the plan or among the people changed: the next tick plans today once more."""
    Heartbeat.objects.filter(duty=DUTY, day__gte=today).update(day=today - timedelta(days=1))


def remind_of_return(report: ProgressReport) -> None:
    """Tell the author that a report came back, in the transaction that sends it back.

    On a day of rest the letter waits for the next working day.
    """
    roster = Roster.on(localdate(report.reviewed_at))
    _insert_event(
        Reminder(occasion=Occasion.RETURNED, report=report), readers_of_return(report, roster), roster
    )


def remind_of_nudge(nudge: Nudge, roster: Roster) -> list[Addressee]:
    """Tell everybody who reports for a pledge that it is urged, in the transaction that urges it."""
    told = roster.addressees(Occasion.NUDGE, nudge.pledge.department_id)
    event = Reminder(occasion=Occasion.NUDGE, nudge=nudge)
    _insert_event(event, [(addressee, nudge.pledge) for addressee in told], roster)
    return told


def readers_of_return(report: ProgressReport, roster: Roster) -> list[tuple[Addressee, Pledge]]:
    """The author while they report for the pledge, else whoever does; each with the pledge that is theirs.

    A shared pledge keeps one book, and its two departments may each report into it.
    """
    book = report.pledge
    together = Pledge.objects.filter(Q(pk=book.pk) | Q(shared_with=book.pk)).order_by("pk")
    pledges = [book, *(pledge for pledge in together if pledge.pk != book.pk)]
    author = report.author if report.author and report.author.is_active else None
    own = next((pledge for pledge in pledges if author and can_report(author, pledge)), None)
    if author and own:
        told = roster.readers([author], (Role.REPORTER, own.department_id))
        return [(addressee, own) for addressee in told]
    found = {
        addressee.person.pk: (addressee, pledge)
        for pledge in reversed(pledges)
        for addressee in roster.addressees(Occasion.RETURNED, pledge.department_id)
    }
    return list(found.values())


def readdress_events(*, today: date) -> None:
    """Events that wait, over a weekend say, follow the desk: whoever reads for it on the day of the letter is told."""
    waiting = Reminder.objects.waiting().filter(letter__isnull=True, occasion__in=Occasion.events)
    events = list(
        waiting.filter(letter_on__lte=today).select_related(
            "report__author", "report__pledge", "nudge__pledge", "directive__pledge", "directive__by"
        )
    )
    if not events:
        return
    roster = Roster.on(today)
    for event in events:
        told = _readers(event, roster)
        if told and event.recipient_id not in {addressee.person.pk for addressee, _pledge in told}:
            if event.directive:
                keep([given(event.directive, today=roster.day, calendar=office_calendar())], roster)
            else:
                _insert_event(event, told, roster)
            left = {"state": ReminderState.DROPPED, "dropped": Dropped.LEFT}
            waiting.filter(pk=event.pk).update(**left)


def _readers(event: Reminder, roster: Roster) -> list[tuple[Addressee, Pledge]]:
    if event.report:
        return readers_of_return(event.report, roster)
    about = event.directive or event.nudge
    pledge = about.pledge if about else None
    found = roster.addressees(Occasion(event.occasion), pledge.department_id) if pledge else []
    return [(addressee, pledge) for addressee in found if pledge]


def _insert_event(event: Reminder, told: list[tuple[Addressee, Pledge]], roster: Roster) -> None:
    """One row per reader, like `event` in all but the reader and the pledge that is theirs."""
    thing = f"r{event.report.pk}" if event.report else f"n{event.nudge_id}"
    letter_on = office_calendar().on_or_after(roster.day)
    rows = [
        Reminder(
            key=f"{event.occasion}|{thing}|{addressee.person.pk}",
            occasion=event.occasion,
            campaign_id=pledge.campaign_id,
            pledge=pledge,
            label=str(pledge),
            report=event.report,
            nudge=event.nudge,
            recipient=addressee.person,
            on_behalf_of=addressee.on_behalf_of,
            letter_on=letter_on,
        )
        for addressee, pledge in told
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
