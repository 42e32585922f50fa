"""What one has to do on a Monday, as its page reads it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pledges.choices import ReportState
from pledges.models import Nudge
from pledges.queries.work import work_for
from tests.cast import ReportFactory

DAY, JUNE_30, END = date(2022, 7, 4), date(2022, 6, 30), date(2022, 12, 31)
CHINA = ZoneInfo("Asia/Shanghai")


def moment(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def said(pledge, author, as_of=DAY, *, state=ReportState.SUBMITTED, on=DAY, **more):
    return ReportFactory(
        pledge=pledge, author=author, as_of=as_of, state=state, submitted_at=moment(on), **more
    )


def heaps(user, day=DAY):
    """The pledges of each section that has any."""
    sections = work_for(user, day=day).sections
    return {
        section.value: [task.line.pledge for task in tasks] for section, tasks in sections.items() if tasks
    }


def urged(pledge, by, on=DAY, words="请抓紧"):
    """An urging of the morning of a day."""
    nudge = Nudge.objects.create(pledge=pledge, by=by, day=on, words=words)
    Nudge.objects.filter(pk=nudge.pk).update(created_at=moment(on, 9))
    return nudge
