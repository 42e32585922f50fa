"""The administrator, signed in, and a house with a row of everything."""

from datetime import UTC, date, datetime

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from pledges.models import (
    Blocker,
    CalendarFeed,
    Campaign,
    Closing,
    Directive,
    Extension,
    Fact,
    Heartbeat,
    Letter,
    LightChange,
    Nudge,
    Reminder,
    SourceArticle,
    SpecialDay,
    Theme,
)
from tests.cast import accepted
from tests.kit.files import a_file


@pytest.fixture
def office(client, boss):
    """The administrator, signed in."""
    client.force_login(boss)
    return client


@pytest.fixture
def house(campaign, pledge, lin, chen):
    """One row of everything that the administration shows."""
    article = SourceArticle.objects.create(code="page", title="立状出征", text="全年新增100家。")
    Campaign.objects.filter(pk=campaign.pk).update(article=article)
    report = accepted(pledge, as_of=date(2022, 6, 30), value=50, reviewer=chen, author=lin)
    a_file(report)
    LightChange.objects.create(
        pledge=pledge, day=date(2022, 7, 1), light="green", reason="on_track", report=report
    )
    Heartbeat.objects.create(duty="lights", beat_at=datetime(2022, 7, 1, tzinfo=UTC), day=date(2022, 7, 1))
    moment = datetime(2022, 7, 1, tzinfo=UTC)
    letter = Letter.objects.create(
        key="one", message_id="<one@x>", recipient=lin, day=moment, due_at=moment, next_try_at=moment
    )
    nudge = Nudge.objects.create(pledge=pledge, by=chen, day=moment, words="请抓紧")
    Reminder.objects.create(
        key="one", occasion="nudge", campaign=campaign, pledge=pledge, label=str(pledge), nudge=nudge,
        recipient=lin, letter_on=moment, letter=letter,
    )  # fmt: skip
    CalendarFeed.objects.create(owner=lin, token_hash="f" * 64)
    Directive.objects.create(pledge=pledge, by=chen, words="请抓紧", answer_by=moment)
    Closing.objects.create(pledge=pledge, closed_by=chen)
    Blocker.objects.create(
        pledge=pledge, weakness="缺地", remedy="追加", due=moment, department=pledge.department, raised_by=lin
    )
    stone, later = pledge.milestones.get(), date(2023, 1, 31)
    said = {"was_due": stone.due, "new_due": later, "reason": "用地指标未下达", "asked_by": chen}
    Extension.objects.create(milestone=stone, state="withdrawn", **said)
    fact = Fact.objects.create(
        article=article, metric="新增企业", year=2020, kind="result", value=100, unit="家", quote="全年新增100家",
        span_start=0, span_end=9,
    )  # fmt: skip
    fact.pledges.add(pledge)
    SpecialDay.objects.create(day=date(2027, 1, 1), name="元旦")
    Theme.objects.create(campaign=campaign, code="people", name="民生")
    AccessAttempt.objects.create(username="lin", ip_address="10.0.0.1", failures_since_start=1)
    AccessLog.objects.create(username="lin", ip_address="10.0.0.1")
    AccessFailureLog.objects.create(username="lin", ip_address="10.0.0.1")
    return pledge
