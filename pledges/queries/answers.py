"""What is to be told about directives on a day, to whom, and when it need not be told any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from pledges.choices import Dropped, Occasion, Role
from pledges.models import Campaign, Directive, Reminder
from pledges.queries.recipients import Addressee, Post, Roster
from pledges.rules.answers import notice_by
from pledges.rules.workdays import Calendar

BATCH = 500
LEADERS: Post = (Role.LEADER, None)


@dataclass(frozen=True, slots=True)
class AnswerAsk:
    """One thing to tell about one directive. `due` is its day to answer, None once it is answered."""

    occasion: Occasion
    directive: Directive
    letter_on: date
    due: date | None = None

    def key_for(self, person_id: int) -> str:
        """The same ask has the same key whoever works it out, one for each person."""
        day = f"|{self.due.isoformat()}" if self.due else ""
        return f"{self.occasion}|d{self.directive.pk}{day}|{person_id}"


def given(directive: Directive, *, today: date, calendar: Calendar) -> AnswerAsk:
    """That a directive was left today."""
    return AnswerAsk(Occasion.DIRECTED, directive, calendar.on_or_after(today), directive.answer_by)


def answered(directive: Directive, *, today: date, calendar: Calendar) -> AnswerAsk:
    """That a directive was answered today."""
    return AnswerAsk(Occasion.ANSWERED, directive, calendar.on_or_after(today))


def ask_about(directive: Directive, *, day: date, calendar: Calendar) -> AnswerAsk | None:
    """What an open directive asks to be told by a day, None where nothing new."""
    if directive.answered_at:
        return answered(directive, today=localdate(directive.answered_at), calendar=calendar)
    told_on = calendar.on_or_after(localdate(directive.created_at))
    notice = notice_by(directive.answer_by, day, calendar, told_on=told_on)
    if notice is None:
        return None
    return AnswerAsk(notice.occasion, directive, notice.letter_on, directive.answer_by)


def answers_on(day: date, *, calendar: Calendar) -> Iterator[AnswerAsk]:
    """Everything to be told about open directives on a working day, whatever became of their campaigns. One query."""
    if not calendar.is_workday(day):
        return
    found = Directive.objects.open().filter(pledge__campaign__in=Campaign.objects.shown())
    for directive in found.select_related("pledge", "by").order_by("pk").iterator(chunk_size=BATCH):
        if ask := ask_about(directive, day=day, calendar=calendar):
            yield ask


def readers_of(occasion: Occasion, directive: Directive, roster: Roster) -> list[Addressee]:
    """Who is told: the department, of the answer the leader who gave it, or the leaders where that one has gone."""
    if occasion != Occasion.ANSWERED:
        return roster.addressees(occasion, directive.pledge.department_id)
    giver = directive.by
    leads = giver.is_superuser or LEADERS in roster.posts.get(giver.pk, ())
    people = [giver] if giver.is_active and leads else roster.holders.get(LEADERS, [])
    return roster.readers(people, LEADERS)


def why_not_told(reminder: Reminder, directive: Directive, roster: Roster) -> Dropped | None:
    """Why a reminder about a directive need not be told any more, None where it must."""
    occasion = Occasion(reminder.occasion)
    if directive.closed_at:
        return Dropped.SETTLED
    if directive.answered_at and occasion != Occasion.ANSWERED:
        return Dropped.ANSWERED
    readers = {reader.person.pk for reader in readers_of(occasion, directive, roster)}
    if not reminder.recipient.is_active or reminder.recipient_id not in readers:
        return Dropped.LEFT
    is_over = occasion == Occasion.ANSWER and roster.day > directive.answer_by
    return Dropped.OVERTAKEN if is_over else None
