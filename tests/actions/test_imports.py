"""A whole file or none of it, also when the facts change between the check and the deed."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from pledges.actions.imports import Saying, import_reports
from pledges.choices import ReportState
from pledges.errors import FaultsError
from pledges.models import ProgressReport
from pledges.rules.reporting import Said
from tests.cast import MIDSUMMER, ReportFactory, accepted

pytestmark = pytest.mark.django_db


def saying(pledge, value, day=date(2022, 6, 30), line=2, **extra):
    return Saying(line, pledge, Said(day, Decimal(value)), extra.get("key") or uuid4())


def test_sayings_wait_for_a_reviewer(pledge, lin):
    import_reports([saying(pledge, 5)], author=lin, reviewer=None, today=MIDSUMMER)

    assert [(row.state, row.author) for row in ProgressReport.objects.all()] == [(ReportState.SUBMITTED, lin)]


def test_with_a_reviewer_they_are_accepted_and_the_light_changes(pledge, lin, chen):
    import_reports([saying(pledge, 100)], author=lin, reviewer=chen, today=MIDSUMMER)

    assert ProgressReport.objects.get().reviewer == chen
    assert pledge.standings.on(MIDSUMMER).get().light == "done"


@pytest.mark.parametrize(
    "case", ["older", "waiting", "elsewhere", "own", "key"], ids=lambda case: f"refused: {case}"
)
def test_what_cannot_be_taken_names_its_row_and_takes_nothing(case, pledge, lin, chen, wu):
    first = saying(pledge, 1, date(2022, 1, 31))
    second, author, reviewer = saying(pledge, 5, line=3), lin, None
    if case == "older":
        accepted(pledge, as_of=date(2022, 7, 1), value=9, reviewer=chen, author=lin)
    elif case == "waiting":
        ReportFactory(pledge=pledge, as_of=date(2022, 6, 30), author=lin)
    elif case == "elsewhere":
        author = wu
    elif case == "own":
        reviewer = lin
    else:
        taken = ReportFactory(pledge=pledge, author=wu, as_of=date(2022, 1, 1), value=Decimal(0))
        second = saying(pledge, 5, line=3, key=taken.key)
    before = set(ProgressReport.objects.values_list("key", flat=True))

    with pytest.raises(FaultsError, match=r"[23]"):
        import_reports([first, second], author=author, reviewer=reviewer, today=MIDSUMMER)

    assert set(ProgressReport.objects.values_list("key", flat=True)) == before
