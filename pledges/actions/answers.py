"""Remember who must be told about a directive: that it was given, that its day comes, that it was answered."""

from collections.abc import Iterable, Iterator
from datetime import date

from pledges.actions.rows import in_batches
from pledges.choices import Dropped, ReminderState
from pledges.models import Directive, Reminder
from pledges.queries.answers import AnswerAsk, answered, answers_on, given, readers_of
from pledges.queries.recipients import Roster
from pledges.queries.workdays import office_calendar
from pledges.rules.workdays import Calendar


def remind_of_directive(directive: Directive, *, today: date) -> None:
    """Tell the department at once, in the transaction that leaves the directive."""
    keep([given(directive, today=today, calendar=office_calendar())], Roster.on(today))


def remind_of_answer(directive: Directive, *, today: date) -> None:
    """Tell the leader in their next letter, in the transaction that answers."""
    keep([answered(directive, today=today, calendar=office_calendar())], Roster.on(today))


def plan_answers(roster: Roster, calendar: Calendar) -> None:
    """Insert what is to be told about open directives by today, and not there yet."""
    keep(answers_on(roster.day, calendar=calendar), roster)


def keep(asks: Iterable[AnswerAsk], roster: Roster) -> None:
    """One row for each reader, inserted if absent; who holds the post again is told after all."""
    for rows in in_batches(reminders_of(asks, roster)):
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        passed = Reminder.objects.filter(state=ReminderState.DROPPED, dropped=Dropped.LEFT)
        again = {"state": ReminderState.WAITING, "dropped": "", "letter": None}
        passed.filter(key__in=[row.key for row in rows]).update(**again)


def reminders_of(asks: Iterable[AnswerAsk], roster: Roster) -> Iterator[Reminder]:
    for ask in asks:
        pledge = ask.directive.pledge
        for reader in readers_of(ask.occasion, ask.directive, roster):
            yield Reminder(
                key=ask.key_for(reader.person.pk),
                occasion=ask.occasion,
                campaign_id=pledge.campaign_id,
                pledge=pledge,
                label=str(pledge),
                due=ask.due,
                directive=ask.directive,
                recipient=reader.person,
                on_behalf_of=reader.on_behalf_of,
                letter_on=ask.letter_on,
            )
