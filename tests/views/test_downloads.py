"""A sheet leaves while it is read: as of one moment, in the asker's language, and nothing stays open behind it."""

from io import BytesIO
from zipfile import BadZipFile

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from pledges.exports import board_xlsx, xlsx
from pledges.exports import plans as list_sheet
from pledges.models import AuditEvent, Pledge
from pledges.tables import plans
from tests.cast import PledgeFactory
from tests.kit.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 12
SHEETS = ["pledge-list", "board-xlsx"]


@pytest.fixture
def office(client, li, campaign, finance):
    for number in range(ROWS):
        PledgeFactory(campaign=campaign, department=finance, number=f"01-{number:02}", title="as promised")
    client.force_login(li)
    return client


@pytest.fixture
def small(monkeypatch):
    """Batches and pieces of one row."""
    monkeypatch.setattr(plans, "BATCH", 1)
    monkeypatch.setattr(xlsx, "MEASURED_ROWS", 1)
    monkeypatch.setattr(xlsx, "PIECE", 1)


def address(name, campaign):
    return f"{reverse(name, args=[campaign.code])}?on=2022-07-01&format=xlsx"


def titles(content) -> list:
    return [row[1] for row in list(load_workbook(BytesIO(content)).worksheets[-1].values)[1 : ROWS + 1]]


def exports() -> list:
    return [event.payload for event in AuditEvent.objects.filter(action__startswith="export.")]


@pytest.mark.parametrize("name", SHEETS)
def test_it_is_of_one_moment(office, campaign, small, name):
    pieces = iter(office.get(address(name, campaign)).streaming_content)
    sent = bytearray(next(pieces))
    at_once(lambda: Pledge.objects.update(title="renamed meanwhile"))
    for piece in pieces:
        sent += piece

    assert titles(sent) == ["as promised"] * ROWS


@pytest.mark.parametrize("name", SHEETS)
def test_a_query_that_fails_halfway_leaves_no_file_that_opens(office, campaign, small, monkeypatch, name):
    asked, judged = [], plans.judged

    def breaks(pledges, *, today):
        asked.append(pledges)
        if len(asked) == ROWS - 1:
            raise LookupError("the database is gone")
        return judged(pledges, today=today)

    monkeypatch.setattr(plans, "judged", breaks)
    pieces = office.get(address(name, campaign)).streaming_content
    sent: list[bytes] = []
    with pytest.raises(LookupError):
        sent.extend(pieces)

    assert len(sent) > 0
    with pytest.raises(BadZipFile):
        load_workbook(BytesIO(b"".join(sent)))
    assert not connection.in_atomic_block


@pytest.mark.parametrize("name", SHEETS)
def test_a_reader_who_leaves_leaves_nothing_open(office, campaign, small, name):
    answer = office.get(address(name, campaign))
    next(iter(answer.streaming_content))
    assert connection.in_atomic_block

    answer.close()

    assert not connection.in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors")
            assert cursor.fetchone() == (0,)
    at_once(lambda: Pledge.objects.update(title="nobody waits"))


@pytest.mark.parametrize("name", SHEETS)
def test_who_only_asks_about_it_takes_nothing_away(office, campaign, name):
    answer = office.head(address(name, campaign))
    whole = office.get(address(name, campaign))

    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert answer.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    assert len(exports()) == 1
    assert f"{ROWS}" in str(exports()[0])


@pytest.mark.parametrize("name, module", [("pledge-list", list_sheet), ("board-xlsx", board_xlsx)])
def test_more_than_a_sheet_holds_is_refused(office, campaign, monkeypatch, name, module):
    monkeypatch.setattr(module, "MOST_ROWS", ROWS - 1)
    answer = office.get(address(name, campaign))

    assert (answer.status_code, exports()) == (409, [])
    assert f"{ROWS - 1}" in answer.content.decode()


def test_it_speaks_the_language_it_was_asked_in(office, campaign):
    office.cookies["language"] = "en"
    answer = office.get(address("pledge-list", campaign))
    with translation.override("zh-hans"):
        content = answer.getvalue()

    assert [cell.value for cell in load_workbook(BytesIO(content)).active[1]][1:3] == ["Pledge", "Department"]


def test_each_batch_costs_the_same(office, campaign, finance, django_assert_num_queries):
    with django_assert_num_queries(4):  # the keys; of each batch the rows, their milestones and reports
        list(iter(plans.JudgedData(plans_of(campaign), day=campaign.starts_on)))
    PledgeFactory.create_batch(ROWS, campaign=campaign, department=finance)
    with django_assert_num_queries(4):
        list(iter(plans.JudgedData(plans_of(campaign), day=campaign.starts_on)))


def plans_of(campaign):
    return Pledge.objects.filter(campaign=campaign)
