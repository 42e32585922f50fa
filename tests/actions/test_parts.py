"""No part is accepted above its whole, and no whole below its part: in either order, and of two reviewers at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from pledges.actions import reports
from pledges.actions.reports import accept_report
from pledges.choices import ReportState
from pledges.errors import StaleError
from pledges.models import ProgressReport
from pledges.queries.parts import with_kin
from tests.cast import PledgeFactory, ReportFactory, accepted

MAY_31, JUNE_30, TODAY = date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 4)


@pytest.fixture
def part(campaign, finance, pledge):
    """A part of the standing pledge."""
    return PledgeFactory(campaign=campaign, department=finance, subset_of=pledge, title="其中国家级")


@pytest.fixture
def waiting(lin):
    return lambda pledge, value, as_of=JUNE_30: ReportFactory(
        pledge=pledge, value=Decimal(value), as_of=as_of, author=lin
    )


def accept(report, reviewer) -> str:
    """What became of it."""
    try:
        accept_report(report, reviewer=reviewer, today=TODAY)
    except StaleError:
        assert ProgressReport.objects.get(pk=report.pk).state == ReportState.SUBMITTED
        return "refused"
    return "accepted"


@pytest.mark.parametrize("value, outcome", [(39, "accepted"), (40, "accepted"), (41, "refused")])
def test_a_part_is_not_accepted_above_its_whole(pledge, part, waiting, lin, chen, value, outcome):
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)

    assert accept(waiting(part, value), chen) == outcome


@pytest.mark.parametrize("value, outcome", [(41, "accepted"), (40, "accepted"), (39, "refused")])
def test_a_whole_is_not_accepted_below_its_part(pledge, part, waiting, lin, chen, value, outcome):
    accepted(part, as_of=JUNE_30, value=40, reviewer=chen, author=lin)

    assert accept(waiting(pledge, value), chen) == outcome


def test_an_older_whole_does_not_stop_a_newer_part(pledge, part, waiting, lin, chen):
    accepted(pledge, as_of=MAY_31, value=40, reviewer=chen, author=lin)

    assert accept(waiting(part, 41), chen) == "accepted"
    assert accept(waiting(pledge, 40), chen) == "refused"
    assert accept(waiting(pledge, 41, date(2022, 7, 1)), chen) == "accepted"


def test_a_corrected_figure_counts_no_more(pledge, part, waiting, lin, chen):
    wrong = accepted(part, as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    right = ReportFactory(pledge=part, value=Decimal(5), as_of=JUNE_30, author=lin, corrects=wrong)
    assert accept(right, chen) == "accepted"

    assert accept(waiting(pledge, 40), chen) == "accepted"


def test_a_contradiction_of_others_does_not_stop_a_report(pledge, part, waiting, lin, chen):
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)
    accepted(part, as_of=MAY_31, value=50, reviewer=chen, author=lin)

    assert accept(waiting(part, 60, date(2022, 7, 1)), chen) == "accepted"


def test_the_words_name_both_figures(pledge, part, waiting, lin, chen):
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)

    with pytest.raises(StaleError, match=r"其中国家级.*41.*40"):
        accept_report(waiting(part, 41), reviewer=chen, today=TODAY)


def test_a_shared_part_is_bound_by_the_whole_of_its_share(campaign, elsewhere, pledge, waiting, lin, chen):
    lead = PledgeFactory(campaign=campaign, department=elsewhere)
    PledgeFactory(campaign=campaign, subset_of=pledge, shared_with=lead)
    accepted(pledge, as_of=JUNE_30, value=40, reviewer=chen, author=lin)

    assert with_kin({lead.pk}) == {lead.pk, pledge.pk} == with_kin({pledge.pk})
    assert accept(waiting(lead, 41, date(2022, 6, 29)), chen) == "refused"
    assert accept(waiting(lead, 40), chen) == "accepted"


def test_who_comes_second_is_told_who_was_first_and_not_of_parts(pledge, part, waiting, lin, chen, zhao):
    report = waiting(part, 40)
    stale = ProgressReport.objects.get(pk=report.pk)
    accept_report(report, reviewer=zhao, today=TODAY)
    stale.state = ReportState.ACCEPTED
    accepted(pledge, as_of=JUNE_30, value=39, reviewer=chen, author=lin)

    with pytest.raises(StaleError, match="赵督查"):
        accept_report(stale, reviewer=chen, today=TODAY)


def both_at_once(one, other, reviewer) -> list[str]:
    """A part and its whole accepted at the same moment: each has looked before either writes, if it can."""
    meeting = Barrier(2)
    really = reports.contradictions

    def contradictions(pairs, report):
        found = list(really(pairs, report))
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=1)
        return found

    def decide(report):
        try:
            return accept(ProgressReport.objects.get(pk=report.pk), reviewer)
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(reports, "contradictions", contradictions)
        return sorted(pool.map(decide, [one, other]))


@pytest.mark.django_db(transaction=True)
def test_of_part_and_whole_at_once_one_is_refused(pledge, part, waiting, chen):
    assert both_at_once(waiting(pledge, 40), waiting(part, 41), chen) == ["accepted", "refused"]


@pytest.mark.django_db(transaction=True)
def test_without_the_common_lock_both_would_be_accepted(pledge, part, waiting, chen, monkeypatch):
    if not connection.features.has_select_for_update:
        pytest.skip("here one writer at a time is let in anyway")
    monkeypatch.setattr(reports, "books_of", lambda _pairs: set())

    assert both_at_once(waiting(pledge, 40), waiting(part, 41), chen) == ["accepted", "accepted"]


def test_the_books_of_both_are_locked_in_one_order(pledge, part, waiting, chen, monkeypatch):
    locked = []
    really = reports._locked_family

    def noting(book, *, beside=()):
        locked.append({book.book_id, *beside})
        return really(book, beside=beside)

    monkeypatch.setattr(reports, "_locked_family", noting)
    accept(waiting(pledge, 40), chen)
    accept(waiting(part, 40), chen)

    assert locked == [{pledge.pk, part.pk}] * 2
