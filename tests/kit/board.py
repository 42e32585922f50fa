"""A board on which one of everything stands, with every text filled in."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission

from pledges.actions.audit import record
from pledges.actions.standings import rebuild_standings
from pledges.choices import ExtensionState, LetterState, ReportState
from pledges.models import (
    Blocker,
    Closing,
    Directive,
    Extension,
    Fact,
    LedgerEntry,
    Milestone,
    Nudge,
    Pledge,
    SourceArticle,
    SpecialDay,
    Theme,
    User,
)
from pledges.queries.deeds import DETAILS
from tests.cast import MIDSUMMER, ReportFactory, accepted
from tests.kit.desks import a_busy_clerk
from tests.kit.letters import a_letter, a_line
from tests.kit.numbered import count_on

NOON = datetime(2022, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def board(people, address_of, report, sheet, pledge, campaign, finance, elsewhere, evidence_folder):
    """The one of everything that the matrix asks for, and what is answered, decided, removed and reopened."""
    count_on()
    lin, chen, li = people["reporter"], people["reviewer"], people["leader"]
    clerk = a_busy_clerk(lin, chen, campaign=campaign, department=finance)
    said = accepted(pledge, as_of=date(2022, 6, 1), value=1, reviewer=chen, author=lin)
    print_the_page(campaign, pledge)
    LedgerEntry.objects.create(report=said, place=1, name="某公司", key="某公司")
    settle(pledge, lin, chen, li, finance)
    returned = {"state": ReportState.RETURNED, "reviewer": chen, "reviewed_at": NOON, "return_reason": "x"}
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 5, 1), note="x", confirmed="x", **returned)
    letter = a_letter(lin, LetterState.FAILED, last_error="x", email="x@example.com", subject="x", text="x")
    a_line(pledge, lin, letter)
    SpecialDay.objects.create(day=date(2022, 10, 1), name="x", is_workday=False)
    User.objects.filter(pk=people["elsewhere"].pk).update(refused_email="x@example.com")
    people["leader"].user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    Pledge.objects.update(remark="x", theme=Theme.objects.create(campaign=campaign, code="x", name="x"))
    Milestone.objects.update(due_words="x")
    rebuild_standings(Pledge.objects.all())
    return clerk


def settle(pledge, lin, chen, li, finance) -> None:
    """What has come to its end."""
    where = {"pledge": pledge}
    Directive.objects.create(**where, by=li, words="x", answer_by=MIDSUMMER, answer="x", answered_by=lin, answered_at=NOON)  # fmt: skip
    gone = {"outcome": "x", "removed_by": chen, "removed_at": NOON}
    Blocker.objects.create(**where, raised_by=lin, weakness="x", remedy="x", due=MIDSUMMER, department=finance, **gone)  # fmt: skip
    Closing.objects.create(**where, words="x", closed_by=chen, reopen_reason="x", reopened_by=chen, reopened_at=NOON)  # fmt: skip
    Nudge.objects.create(**where, by=chen, words="x", day=MIDSUMMER)
    stone = Milestone.objects.create(pledge=pledge, due=date(2022, 9, 30), target=50)
    decided = {"state": ExtensionState.REFUSED, "decided_by": chen, "decided_at": NOON, "answer": "x"}
    Extension.objects.create(milestone=stone, was_due=stone.due, new_due=date(2022, 11, 1), reason="x", asked_by=lin, **decided)  # fmt: skip


def print_the_page(campaign, pledge) -> None:
    """An article of the campaign in which the pledge is printed, and a figure of another."""
    article = SourceArticle.objects.create(code="page", title="x", subtitle="x", note="x", text="甲" * 400)
    campaign.article = article
    campaign.save()
    Pledge.objects.filter(pk=pledge.pk).update(quote="甲" * 9, span_start=5, span_end=14)
    figure = {"metric": "x", "subject": "x", "period": "x", "unit": "家", "quote": "x", "remark": "x"}
    fact = Fact.objects.create(article=article, year=2021, kind="actual", value=1, span_start=20, span_end=30, **figure)  # fmt: skip
    fact.pledges.add(pledge)


def tell(pledge) -> None:
    """The history of a pledge, with whatever words stand in the rows now."""
    blocker = Blocker.objects.filter(pledge=pledge).first()
    author = User.objects.get(username="lin")
    said = dict.fromkeys(DETAILS, blocker.weakness)
    record("blocker.raise", blocker, actor=author, after=said)
    record(
        "admin.change",
        pledge,
        actor=author,
        before={"title": blocker.remedy},
        after={"title": blocker.weakness},
    )
    record("account.sign_in", actor=None, name=blocker.weakness)
