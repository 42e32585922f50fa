"""The sentences of a letter: what is to be done, by when, how it stands, and why this person is told.

A title may hold anything, a header may not: what people typed goes through `plain`.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from pledges.choices import Occasion
from pledges.models import Campaign, ProgressReport, Reminder
from pledges.queries.facts import Line
from pledges.queries.letters import LetterLine
from pledges.rules.typed import one_line
from pledges.wording import day_words, days_words, moment_words, value_words

Counted = Callable[[int], str]

TITLE_LENGTH = 80
"""So much of a title goes into a subject; nobody reads more on a phone."""

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


def plain(thing: object) -> str:
    """What somebody typed, on one line: a name, a title, the name of a department."""
    return one_line(str(thing))


def cut(text: object) -> str:
    """A title for a subject."""
    return Truncator(plain(text)).chars(TITLE_LENGTH)


def listed(words: Iterable[str]) -> str:
    """Several things in a row, each once."""
    return pgettext("list", ", ").join(dict.fromkeys(words))


def weekday_words(day: date, *, near: date | None = None) -> str:
    """A day with its weekday: 9 月 23 日（周五）; with its year where that is not the year of `near`."""
    values = {"day": day_words(day, near=near), "weekday": WEEKDAYS[day.weekday()]}
    return _("%(day)s (%(weekday)s)") % values


def as_of_words(now: datetime, day: date) -> str:
    """When the facts of a letter were looked up; the day alone where it is told for another one."""
    return moment_words(now) if localdate(now) == day else day_words(day)


# The subject, and the same as the headline


def things_words(number: int) -> str:
    """So many things to do."""
    return ngettext("%(number)s thing to do", "%(number)s things to do", number) % {"number": number}


def things_today(number: int) -> str:
    """The same under the day."""
    words = ngettext("%(number)s thing to do today", "%(number)s things to do today", number)
    return words % {"number": number}


def with_urgency(things: str, days: int, *, single: bool) -> str:
    """What is to be done, and how the most urgent of it stands: days left, below zero when over."""
    left = _("due today") if days == 0 else left_words(days)
    words = _("%(things)s, %(left)s") if single else _("%(things)s, the most urgent %(left)s")
    return words % {"things": things, "left": left}


def event_words(occasion: Occasion, title: str) -> str:
    """A letter about one thing that happened names it."""
    words = {
        Occasion.RETURNED: lambda: _("Returned: %(title)s"),
        Occasion.NUDGE: lambda: _("Urged: %(title)s"),
        Occasion.DIRECTED: lambda: _("Directive: %(title)s"),
    }
    return words[occasion]() % {"title": title}


def answered_words(number: int) -> str:
    """What the leader is told whose directives were answered."""
    return ngettext("%(number)s directive answered", "%(number)s directives answered", number) % {
        "number": number
    }


def after_words(days: int) -> str:
    """A number of working days."""
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}


def head_words(number: int, *, after: int, longest: int) -> str:
    """What a head of department is told."""
    values = {"number": number, "after": after_words(after), "longest": days_words(longest)}
    if number == 1:
        return _("%(number)s overdue by %(longest)s") % values
    return _("%(number)s overdue by %(after)s or more, the longest by %(longest)s") % values


def leader_words(number: int, *, after: int, departments: int) -> str:
    """What the leadership is told."""
    words = ngettext(
        "%(number)s overdue by %(after)s or more, in %(departments)s department",
        "%(number)s overdue by %(after)s or more, in %(departments)s departments",
        departments,
    )
    return words % {"number": number, "after": after_words(after), "departments": departments}


def place_words(departments: list[str], day: date) -> str:
    """Whose letter, and of which day, in brackets; the leadership's is everybody's."""
    near = {"day": day_words(day, near=day)}
    if not departments:
        return _(" (%(day)s)") % near
    return _(" (%(where)s, %(day)s)") % {"where": where_words(departments), **near}


def where_words(departments: list[str]) -> str:
    """One department by name, several by the first of them."""
    if len(departments) == 1:
        return departments[0]
    return _("%(first)s and others, %(number)s departments") % {
        "first": departments[0],
        "number": len(departments),
    }


# The sections

COUNTED = {
    Occasion.NUDGE: lambda n: ngettext("%(number)s urged", "%(number)s urged", n),
    Occasion.OVERDUE: lambda n: ngettext("%(number)s overdue", "%(number)s overdue", n),
    Occasion.RETURNED: lambda n: ngettext("%(number)s returned", "%(number)s returned", n),
    Occasion.AHEAD: lambda n: ngettext("%(number)s due soon", "%(number)s due soon", n),
    Occasion.CYCLE: lambda n: ngettext("%(number)s regular report", "%(number)s regular reports", n),
    Occasion.ESCALATED: lambda n: ngettext("%(number)s overdue", "%(number)s overdue", n),
    Occasion.DIGEST: lambda n: ngettext("%(number)s overdue", "%(number)s overdue", n),
    Occasion.DIRECTED: lambda n: ngettext("%(number)s directive", "%(number)s directives", n),
    Occasion.ANSWER: lambda n: ngettext("%(number)s answer due", "%(number)s answers due", n),
    Occasion.UNANSWERED: lambda n: ngettext("%(number)s answer overdue", "%(number)s answers overdue", n),
    Occasion.ANSWERED: lambda n: ngettext(
        "%(number)s directive answered", "%(number)s directives answered", n
    ),
}

HEADINGS = {
    Occasion.NUDGE: lambda: _("Urged: %(number)s"),
    Occasion.OVERDUE: lambda: _("Overdue: %(number)s"),
    Occasion.RETURNED: lambda: _("Returned, to be corrected and sent again: %(number)s"),
    Occasion.AHEAD: lambda: _("Deadlines ahead: %(number)s"),
    Occasion.ESCALATED: lambda: _("Overdue in your department: %(number)s"),
    Occasion.DIRECTED: lambda: _("Directives, to be answered: %(number)s"),
    Occasion.ANSWER: lambda: _("Directives whose day to answer is near: %(number)s"),
    Occasion.UNANSWERED: lambda: _("Directives whose day to answer is over: %(number)s"),
    Occasion.ANSWERED: lambda: _("Your directives that were answered, to be read and closed: %(number)s"),
}


def count_words(occasion: Occasion, number: int) -> str:
    """So many of one kind, as the line under the subject lists them."""
    return COUNTED[occasion](number) % {"number": number}


def first_words(counts: str, title: str) -> str:
    """How many of which kind, and what is the most urgent of them."""
    return _("%(counts)s. First: %(title)s") % {"counts": counts, "title": title}


def heading_words(occasion: Occasion, number: int) -> str:
    """The heading of a section."""
    return HEADINGS[occasion]() % {"number": number}


def report_name(campaign: Campaign, closes: date) -> str:
    """The report of a month by its name, that of a longer cycle in general."""
    if campaign.cycle_months > 1:
        return _("Regular report")
    month = date_format(closes, pgettext("a month of one year", "F"))
    return _("%(month)s report") % {"month": month}


def cycle_words(name: str, number: int, *, by: date, day: date) -> str:
    """The heading of the regular reports, with the last working day for them."""
    values = {"report": name, "number": number, "day": weekday_words(by, near=day)}
    if by <= day:
        return _("%(report)s: %(number)s, due today") % values
    return _("%(report)s: %(number)s, due by %(day)s") % values


def department_words(names: list[str], number: int, longest: int) -> str:
    """The heading of one department in the leadership's letter."""
    values = {"department": listed(names), "number": number, "longest": days_words(longest)}
    if number == 1:
        return _("%(department)s: %(number)s, overdue by %(longest)s") % values
    return _("%(department)s: %(number)s, the longest overdue by %(longest)s") % values


def left_words(days: int) -> str:
    """Days to a deadline, or since."""
    if days == 0:
        return pgettext("deadline", "today")
    words = _("%(days)s overdue") if days < 0 else _("%(days)s left")
    return words % {"days": days_words(abs(days))}


# Below the lines


def waiting_words(line: Line, report: ProgressReport, *, day: date) -> str:
    """A report that nobody has reviewed yet."""
    return _("%(title)s: %(value)s as of %(day)s") % {
        "title": plain(line.pledge.title),
        "value": value_words(line.pledge, report.value),
        "day": day_words(report.as_of, near=day),
    }


def posts_words(lines: Iterable[LetterLine]) -> str:
    """In which posts somebody is told, and in whose place."""
    found = dict.fromkeys((_post_words(told), _is_author(told.reminder)) for told in lines)
    posts = [post for post, is_author in found if not is_author]
    # Who reports there need not be told that the returned report was theirs.
    return listed(posts or [post for post, _is_author in found])


def _is_author(reminder: Reminder) -> bool:
    authors = {reminder.recipient_id, reminder.on_behalf_of_id}
    return reminder.report is not None and reminder.report.author_id in authors


def _post_words(told: LetterLine) -> str:
    reminder = told.reminder
    values = {"department": plain(told.line.pledge.department)}
    is_heads = reminder.occasion in Occasion.to_answer and not told.is_reporter
    if reminder.occasion in {Occasion.DIGEST, Occasion.ANSWERED}:
        post = pgettext("post", "leader")
    elif reminder.occasion == Occasion.ESCALATED or is_heads:
        post = _("head of %(department)s") % values
    elif _is_author(reminder):
        post = _("author of the returned report")
    else:
        post = _("reporter of %(department)s") % values
    if reminder.on_behalf_of is None:
        return post
    return _("%(post)s in place of %(name)s") % {"post": post, "name": plain(reminder.on_behalf_of)}
