"""The rehearsal year: labelled, repeatable, alive on every day, and nothing in it that the checks would refuse."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from pledges.actions.orders import load_orders
from pledges.actions.plan_rows import Plan
from pledges.actions.rehearsal import load_rehearsal, moved_to, whole_year
from pledges.actions.reports import return_report
from pledges.choices import CampaignKind, Light, ReportState
from pledges.models import (
    Campaign,
    LightChange,
    Milestone,
    Pledge,
    ProgressReport,
    Standing,
    User,
)
from pledges.queries.facts import thresholds_of, trajectory_of
from pledges.rules.facts import Reading, latest_reading
from pledges.rules.lights import light_on
from pledges.rules.reporting import Book, Said, faults_in
from tests.cast import ReportFactory

pytestmark = pytest.mark.django_db

AUTUMN = date(2026, 11, 21)
LABEL = "演练数据"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    """A folder of its own for the passwords."""
    settings.STATE_DIR = tmp_path
    return tmp_path


def said():
    """Everything that was said and decided, however often it was loaded."""
    names = (
        "key",
        "pledge",
        "as_of",
        "value",
        "typed_value",
        "note",
        "corrects__key",
        "author",
        "submitted_at",
    )
    decided = ("state", "reviewer", "reviewed_at", "return_reason")
    return list(ProgressReport.objects.order_by("key").values_list(*names, *decided))


def lights():
    return list(
        Standing.objects.order_by("pledge", "since").values_list(
            "pledge", "since", "until", "light", "reason"
        )
    )


def told():
    """The whole year of every pledge, as it will be told."""
    books = defaultdict(list)
    pledges = {pledge.number: pledge for pledge in Pledge.objects.all()}
    for row in whole_year(Plan(pledges, frozenset())).values():
        books[row.pledge].append(row.planned)
    return books


def test_same_promises_in_the_year_of_today():
    load_orders(2022)
    load_rehearsal(AUTUMN)

    campaign = Campaign.objects.get(code="wujin-2026-rehearsal")
    assert campaign.kind == CampaignKind.REHEARSAL
    assert (campaign.starts_on, campaign.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    same = ("number", "title", "quote", "basis", "department_id", "span_start", "strict", "stretch")
    assert list(campaign.pledges.order_by("number").values(*same)) == list(
        Pledge.objects.filter(campaign__code="wujin-2022").order_by("number").values(*same)
    )
    assert campaign.pledges.filter(code="r2026-14-02").exists()


def test_deadlines_keep_their_month_and_day():
    load_orders(2022)
    load_rehearsal(AUTUMN)

    by_plan = [
        Milestone.objects.filter(pledge__campaign__code=code).order_by("pledge__number", "due")
        for code in ("wujin-2022", "wujin-2026-rehearsal")
    ]
    real, moved = (
        [(s.pledge.number, s.due.month, s.due.day, s.target) for s in stones] for stones in by_plan
    )
    assert moved == real


@pytest.mark.parametrize(
    "year,day,same",
    [
        (2026, date(2022, 6, 30), date(2026, 6, 30)),
        (2028, date(2022, 2, 28), date(2028, 2, 29)),
        (2026, date(2024, 2, 29), date(2026, 2, 28)),
        (2026, date(2022, 5, 18), date(2026, 5, 18)),
    ],
)
def test_the_last_day_of_a_month_stays_the_last(year, day, same):
    assert moved_to(year, day) == same


def test_second_load_changes_nothing():
    load_rehearsal(AUTUMN)
    before = said(), lights(), LightChange.objects.count()

    tally = load_rehearsal(AUTUMN)

    assert (said(), lights(), LightChange.objects.count()) == before
    assert tally.is_quiet


def test_later_load_adds_what_was_said_since_and_equals_one_load_at_once(django_db_blocker):
    load_rehearsal(date(2026, 3, 3))
    early = {row[0] for row in said()}
    load_rehearsal(date(2026, 5, 20))
    twice = said(), lights()
    changes = list(
        LightChange.objects.order_by("pledge", "day").values_list("pledge__code", "day", "was", "light")
    )

    fresh = {str(row[0]) for row in twice[0]}
    keys = {str(p.key) for p in _due(date(2026, 5, 20))}
    assert fresh == keys
    assert early == {p.key for p in _due(date(2026, 3, 3))}
    by_key = {p.key: p for p in _due(date(2026, 5, 20))}
    for key, _pledge, as_of, value, *_rest, state, _reviewer, reviewed_at, _reason in twice[0]:
        planned = by_key[key].planned
        is_decided = planned.decided_on <= date(2026, 5, 20)
        assert (as_of, value) == (planned.as_of, planned.value)
        assert state == (planned.state if is_decided else ReportState.SUBMITTED)
        assert (reviewed_at is not None) == is_decided
    assert all(one[3] == other[2] for one, other in pairwise(changes) if one[0] == other[0])


def _due(day):
    pledges = {pledge.number: pledge for pledge in Pledge.objects.all()}
    return [row for row in whole_year(Plan(pledges, frozenset())).values() if row.planned.said_on <= day]


def test_nothing_is_said_or_true_after_today():
    load_rehearsal(date(2026, 4, 17))

    assert not ProgressReport.objects.filter(as_of__gt=date(2026, 4, 17)).exists()


def test_every_note_and_reason_says_that_it_is_made_up():
    load_rehearsal(AUTUMN)

    notes = ProgressReport.objects.values_list("note", flat=True)
    reasons = ProgressReport.objects.exclude(return_reason="").values_list("return_reason", flat=True)
    assert all(words.startswith(LABEL) for words in (*notes, *reasons))


def test_nothing_is_said_that_the_checks_would_refuse():
    load_rehearsal(date(2026, 1, 1))
    faults = []
    for pledge, rows in told().items():
        for at, planned in enumerate(rows):
            earlier = [
                row
                for row in rows[:at]
                if row.state == ReportState.ACCEPTED or row.decided_on > planned.said_on
            ]
            faults += faults_in(
                _book(pledge, earlier, planned.said_on), _said(planned), today=planned.said_on
            )

    assert faults == []


def _said(planned):
    return Said(planned.as_of, planned.value, LABEL)


def _book(pledge, earlier, day):
    return Book(
        trajectory=trajectory_of(pledge),
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        live=tuple(Reading(row.as_of, row.value) for row in earlier),
        accepted_on=frozenset(row.as_of for row in earlier if row.decided_on <= day),
        waiting_on=frozenset(row.as_of for row in earlier if row.decided_on > day),
    )


@pytest.mark.parametrize("year", [2026, 2028])
def test_every_light_and_every_state_is_alive_on_every_day(year):
    load_rehearsal(date(year, 1, 1))
    thresholds = thresholds_of(Campaign.objects.get())
    books = [(trajectory_of(pledge), rows) for pledge, rows in told().items()]
    nothing = [(trajectory_of(pledge), []) for pledge in _without_reports()]
    missing = {}
    for offset in range(date(year, 12, 31).toordinal() - date(year, 1, 1).toordinal() + 1):
        day = date(year, 1, 1) + timedelta(days=offset)
        seen = {_light(*book, day, thresholds) for book in (*books, *nothing)}
        newest = [row for _trajectory, rows in books for row in _newest(rows, day)]
        seen |= {"waiting" for row in newest if row.decided_on > day}
        seen |= {row.state for row in newest if row.state == ReportState.RETURNED}
        if absent := {*Light, "waiting", ReportState.RETURNED} - seen:
            missing[day] = absent

    assert missing == {}


def _without_reports():
    heard = {pledge.pk for pledge in told()}
    pledges = Pledge.objects.counted().exclude(pk__in=heard)
    return pledges.select_related("campaign").prefetch_related("milestones")


def _newest(rows, day):
    return [row for row in rows if row.said_on <= day][-1:]


def _light(trajectory, rows, day, thresholds):
    reading = latest_reading(trajectory, sorted(_known_on(rows, day).items()))
    return light_on(trajectory, reading, today=day, thresholds=thresholds)[0]


def _known_on(rows, day):
    """The figures that count on a day: accepted by then, and not corrected by then."""
    decided = [(at, row) for at, row in enumerate(rows) if row.decided_on <= day]
    accepted = [(at, row) for at, row in decided if row.state == ReportState.ACCEPTED]
    corrected = {row.corrects for _at, row in accepted}
    return {row.as_of: row.value for at, row in accepted if at not in corrected}


def test_light_changes_follow_the_stored_lights():
    load_rehearsal(AUTUMN)

    pledge = Pledge.objects.get(code="r2026-14-02")
    changes = list(pledge.light_changes.order_by("day"))
    assert [change.light for change in changes][-1] == pledge.standings.on(AUTUMN).get().light
    assert [change.was for change in changes] == ["", *(change.light for change in changes[:-1])]
    assert changes[0].day == date(2026, 1, 1)


def test_what_people_say_ends_the_made_up_year_of_that_pledge():
    load_rehearsal(date(2026, 6, 1))
    pledge = Pledge.objects.get(code="r2026-14-03")
    before = set(pledge.reports.values_list("key", flat=True))
    own = ReportFactory(
        pledge=pledge, as_of=date(2026, 6, 1), author=User.objects.get(username="demo-jinrong")
    )

    load_rehearsal(AUTUMN)

    assert set(pledge.reports.values_list("key", flat=True)) == before | {own.key}


def test_what_people_decided_stays_decided():
    load_rehearsal(date(2026, 6, 1))
    waiting = ProgressReport.objects.waiting().first()
    return_report(waiting, reviewer=User.objects.get(username="demo-reviewer"), reason="请核对。")

    load_rehearsal(AUTUMN)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.return_reason) == (ReportState.RETURNED, "请核对。")
    assert waiting.pledge.reports.count() == len(
        [r for r in told()[waiting.pledge] if r.said_on <= date(2026, 6, 1)]
    )
