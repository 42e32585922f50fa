"""The review queue: who sees it, in which order, and what it says about each report."""

import re
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.timezone import now

from pledges.choices import CampaignKind, Entry, ReportState
from pledges.queries import checks, reviews
from pledges.queries.reviews import queue_for
from pledges.rules.checks import ASKED
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, accepted
from tests.kit.reviewing import QUEUE, door


def test_the_queue_is_for_reviewers(client, report, lin, wu, li, chen, boss):
    assert client.get(QUEUE).url.split("?")[0] == reverse("sign-in")
    statuses = {}
    for person in (wu, lin, li, chen, boss):
        client.force_login(person)
        found = client.get(QUEUE).status_code, client.get(door("review-detail", report)).status_code
        statuses[person.username] = found

    assert statuses == {
        "wu": (403, 404),
        "lin": (403, 403),
        "li": (403, 403),
        "chen": (200, 200),
        "boss": (200, 200),
    }


def test_the_queue_parts_what_changes_a_light_from_what_does_not(report, chen, lin, another, today):
    steady = another(value=62)
    accepted(steady.pledge, as_of=today - timedelta(days=3), value=60, reviewer=chen, author=lin)

    found = queue_for(chen, today=today)

    assert ([item.report for item in found.changing], [item.report for item in found.steady]) == (
        [report],
        [steady],
    )


def test_measuring_plans_are_not_reviewed(chen, lin, finance, today):
    ReportFactory(
        pledge=PledgeFactory(campaign=CampaignFactory(kind=CampaignKind.SYNTHETIC), department=finance),
        author=lin,
    )

    assert queue_for(chen, today=today).total == 0


def test_the_oldest_stand_first_and_the_rest_is_counted(monkeypatch, chen, another, today):
    monkeypatch.setattr(reviews, "SHOWN", 2)
    new, old, older = (another(submitted_at=now() - timedelta(days=days)) for days in (0, 3, 5))

    found = queue_for(chen, today=today)

    assert [item.report for item in found.items] == [older, old]
    assert (found.total, found.unseen, found.longest) == (3, 1, 5)
    assert found.beside(new.pk, 1) == older


def test_an_empty_queue_says_so(as_chen):
    page = as_chen.get(QUEUE).content.decode()

    assert "No report waits for review" in page
    assert 'class="review"' not in page


def test_one_report_alone_has_no_next(as_chen, report):
    context = as_chen.get(QUEUE).context

    assert (context["report"], context["following"], context["preceding"]) == (report, None, None)


def test_the_reviewer_sees_previous_value_note_and_earlier_returns(as_chen, pledge, lin, chen, today):
    accepted(pledge, as_of=today - timedelta(days=9), value=40, reviewer=chen, author=lin)
    ReportFactory(
        pledge=pledge,
        author=lin,
        as_of=today - timedelta(days=2),
        state=ReportState.RETURNED,
        reviewer=chen,
        reviewed_at=now(),
        return_reason="请附名单",
    )
    ReportFactory(
        pledge=pledge,
        author=lin,
        as_of=today,
        value=Decimal(43),
        typed_value=Decimal(3),
        entry=Entry.PERIOD,
        note="第一行\n<i>第二行",
        submitted_at=now(),
    )

    answer = as_chen.get(QUEUE)

    page = answer.content.decode()
    assert answer.context["item"].preview.difference == 3
    assert [back.return_reason for back in answer.context["returns"]] == ["请附名单"]
    assert "第一行<br>&lt;i&gt;第二行" in page
    assert re.search(r"Typed as 3\W*家 for this period; 43\W*家 in all", page)


def test_the_checks_point_out_what_wants_a_look(as_chen, pledge, lin, chen, today):
    for days in (60, 30):
        accepted(pledge, as_of=today - timedelta(days=days), value=40, reviewer=chen, author=lin)
    ReportFactory(pledge=pledge, author=lin, as_of=today, value=Decimal(40), submitted_at=now())

    item = as_chen.get(QUEUE).context["item"]

    assert item.flags == ["unchanged 3 times"]
    assert [check.code for check in item.checks] == ["unchanged", "kept", "newer", "in_time"]


def test_every_check_has_its_words():
    codes = set(checks.WORDS)

    assert codes == {
        "first", "older", "corrects", "newer", "falls", "kept", "jump", "unchanged", "late", "in_time",
        "last_minute", "long_after", "over_whole", "evidence", "no_evidence", "names", "names_gone", "no_names",
    }  # fmt: skip
    assert set(checks.FLAGS) < codes
    assert codes >= ASKED


def test_a_rehearsal_in_the_queue_is_announced(as_chen, report, finance, lin):
    assert 'class="drill"' not in as_chen.get(QUEUE).content.decode()

    rehearsed = PledgeFactory(campaign=CampaignFactory(kind=CampaignKind.REHEARSAL), department=finance)
    ReportFactory(pledge=rehearsed, author=lin)

    assert as_chen.get(QUEUE).content.decode().count('class="drill"') == 1
    assert as_chen.get(door("review-detail", report)).content.decode().count('class="drill"') == 1


def test_the_masthead_counts_what_the_queue_shows(as_chen, report, finance, lin):
    measured = PledgeFactory(campaign=CampaignFactory(kind=CampaignKind.SYNTHETIC), department=finance)
    ReportFactory(pledge=measured, author=lin)

    context = as_chen.get(QUEUE).context

    assert context["doors"].waiting == context["queue"].total == 1


def test_the_keys_are_shown(as_chen, another):
    another()
    another()

    page = as_chen.get(QUEUE).content.decode()

    assert re.findall(r"<kbd>(.)</kbd>", page) == ["j", "k", "a", "r"]
    assert "review" in re.search(r'<script src="[^"]*(review)[^"]*js" defer>', page)[1]


def test_the_queue_costs_the_same_for_one_and_three(as_chen, another, cost_of):
    another()
    one = cost_of(as_chen, QUEUE)
    another()
    another()

    assert cost_of(as_chen, QUEUE) == one <= 21
