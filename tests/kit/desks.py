"""Letters as they land on a desk: planned, gathered and written as in the product, for any morning."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import time_machine
from django.core.mail import EmailMultiAlternatives

from pledges.actions.compose import compose
from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_again, plan_reminders, remind_of_nudge
from pledges.actions.reports import return_report
from pledges.models import Letter, Nudge, Pledge, ProgressReport, User
from pledges.queries.letters import Office, content_of
from pledges.queries.recipients import Roster
from pledges.queries.workdays import office_calendar
from tests.cast import PledgeFactory, ReportFactory, accepted

SHANGHAI = ZoneInfo("Asia/Shanghai")
THURSDAY = date(2022, 9, 22)
"""Three days before the closing day of September, which is a Sunday."""

JULY = date(2022, 7, 20)


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Mail:
    """A letter with the e-mail that was written for it."""

    letter: Letter
    written: EmailMultiAlternatives

    @property
    def raw(self) -> bytes:
        """As it goes over the line."""
        return self.written.message().as_bytes(linesep="\r\n")

    @property
    def read(self) -> EmailMessage:
        """As a mail program takes it apart."""
        return message_from_bytes(self.raw, policy=policy.default)

    def part(self, kind: str) -> str:
        found = self.read.get_body((kind,))
        assert found is not None
        return found.get_content().replace("\r\n", "\n")

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def html(self) -> str:
        return self.part("html")


def on_the_desk_of(person: User, day: date = THURSDAY) -> Mail:
    """The newest letter of a person on the morning of a day."""
    plan_again(today=day)
    plan_reminders(today=day)
    gather_letters(now=at(day))
    return written(Letter.objects.filter(recipient=person).latest("pk"), day)


def written(letter: Letter, day: date = THURSDAY) -> Mail:
    letter = Letter.objects.select_related("recipient").get(pk=letter.pk)
    content = content_of(letter, Office.on(day, office_calendar()))
    return Mail(letter, compose(letter, content, now=at(day)))


@dataclass
class Clerk:
    """A reporter of a department with everything that can be told to one."""

    pledges: dict[str, Pledge]

    def __getattr__(self, name: str) -> Pledge:
        return self.pledges[name]


def a_busy_clerk(author: User, reviewer: User, **more) -> Clerk:
    """One pledge each that is urged, overdue, returned, due in a week, due for the regular report, waiting."""
    figures = {"reviewer": reviewer, "author": author, "as_of": JULY}
    promise = {"unit": "亿元", **more}
    far, soon = (date(2022, 12, 31), 200), (THURSDAY + timedelta(days=7), "152.5")
    pledges = {
        "urged": PledgeFactory(number="14-02", title="累计新增股权融资 30 亿元", **promise),
        "overdue": PledgeFactory(
            number="14-01",
            title="新增上市企业 1 家",
            stones=[(date(2022, 8, 26), None)],
            **promise | {"basis": "deliverable", "unit": ""},
        ),
        "returned": PledgeFactory(number="14-06", title="累计新增绿色贷 15 亿元", **promise),
        "ahead": PledgeFactory(number="14-03", title="累计新增贷款 200 亿元", stones=[soon, far], **promise),
        "cycle": PledgeFactory(number="14-04", title="累计新增制造业贷款 52 亿元", **promise),
        "waiting": PledgeFactory(
            number="14-07", title="累计新增股份制改造企业 24 家", **promise | {"unit": "家"}
        ),
    }
    for name, value in {"urged": 20, "returned": "68.1", "ahead": "140.3", "cycle": "60.2"}.items():
        accepted(pledges[name], value=value, **figures)
    waiting = {"author": author, "as_of": date(2022, 9, 16), "submitted_at": at(date(2022, 9, 16))}
    ReportFactory(pledge=pledges["waiting"], value=19, **waiting)
    give_back(pledges["returned"], author, reviewer, "9.9 亿元含续贷 0.3 亿元，请只计新增。")
    urge(pledges["urged"], reviewer, "周五会上要用，请今天报。")
    return Clerk(pledges)


def give_back(
    pledge: Pledge, author: User, reviewer: User, reason: str, day: date = THURSDAY
) -> ProgressReport:
    """A report of the day before is returned in the morning."""
    said = at(day - timedelta(days=1), 15)
    report = ReportFactory(
        pledge=pledge, author=author, as_of=day - timedelta(days=2), value="69.9", submitted_at=said
    )
    with time_machine.travel(at(day, 8, 0), tick=False):
        return return_report(report, reviewer=reviewer, reason=reason)


def urge(pledge: Pledge, by: User, words: str = "", day: date = THURSDAY) -> Nudge:
    with time_machine.travel(at(day, 8, 0), tick=False):
        nudge = Nudge.objects.create(pledge=pledge, by=by, words=words, day=day)
    remind_of_nudge(nudge, Roster.on(day))
    return nudge
