"""Both ways through the pages: download, fill in, look, confirm; whatever is refused is refused in words."""

import io
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from pledges.models import ProgressReport, SheetUpload
from pledges.views import sheets as views
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory
from tests.kit.sheets import filled, send_in

pytestmark = pytest.mark.django_db
JUNE = date(2022, 6, 30)


@pytest.fixture(autouse=True)
def midsummer():
    with time_machine.travel("2022-07-01T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def desk(client, lin, pledge):
    client.force_login(lin)
    return client


def downloaded(client, campaign, **data):
    return client.post(reverse("sheet-download", args=[campaign.code]), data)


def sent(client, campaign, said):
    answer = send_in(client, campaign, filled(downloaded(client, campaign).content, said))
    assert answer.status_code == 302
    return answer["Location"]


def test_whole_way(desk, campaign, pledge):
    address = sent(desk, campaign, {pledge.code: {"as_of": JUNE, "value": 50}})
    assert f"{address}take/" in desk.get(address).content.decode()

    for _twice in range(2):
        assert desk.post(f"{address}take/")["Location"] == address

    assert ProgressReport.objects.get().value == 50
    assert pledge.title in desk.get(address).content.decode()
    assert address in desk.get(reverse("sheet", args=[campaign.code])).content.decode()


def test_second_upload_offers_nothing_to_confirm(desk, campaign, pledge):
    form = filled(downloaded(desk, campaign).content, {pledge.code: {"as_of": JUNE, "value": 50}})
    address = send_in(desk, campaign, form)["Location"]
    desk.post(f"{address}take/")

    again = send_in(desk, campaign, form)["Location"]

    assert f"{again}take/" not in desk.get(again).content.decode()
    assert desk.post(f"{again}take/").status_code == 409
    assert ProgressReport.objects.count() == 1


def test_bad_row_is_shown_and_comes_back_as_a_sheet_that_can_be_mended(desk, campaign, pledge):
    address = sent(desk, campaign, {pledge.code: {"as_of": JUNE, "value": "12万"}})
    page = desk.get(address).content.decode()
    assert (f"{address}take/" in page, f"{address}faults.xlsx" in page, "12万" in page) == (False, True, True)

    sheet = desk.get(f"{address}faults.xlsx").content
    row = list(load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True))[1]
    assert (row[2], row[9], "120000" in row[-1]) == (pledge.title, "12万", True)

    mended = send_in(desk, campaign, filled(sheet, {pledge.code: {"value": 12}}))["Location"]
    assert f"{mended}take/" in desk.get(mended).content.decode()


def test_what_changed_between_look_and_confirmation_is_shown_and_nothing_is_taken(
    desk, campaign, pledge, chen
):
    address = sent(desk, campaign, {pledge.code: {"as_of": JUNE, "value": 50}})
    ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), author=chen, value=Decimal(4))

    answer = desk.post(f"{address}take/")

    assert (answer.status_code, chen.name in answer.content.decode()) == (409, True)
    assert ProgressReport.objects.count() == 1


def test_what_changed_in_the_very_moment_is_shown_too(desk, campaign, pledge, chen, monkeypatch):
    address = sent(desk, campaign, {pledge.code: {"as_of": JUNE, "value": 50}})
    real = views.take_sheet

    def take(*args, **kwargs):
        ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), author=chen, value=Decimal(4))
        return real(*args, **kwargs)

    monkeypatch.setattr(views, "take_sheet", take)

    assert desk.post(f"{address}take/").status_code == 409
    assert ProgressReport.objects.count() == 1


def test_sheet_that_was_swept_meanwhile_is_told(desk, campaign, pledge, monkeypatch):
    address = sent(desk, campaign, {pledge.code: {"as_of": JUNE, "value": 50}})
    real = views.take_sheet

    def take(*args, **kwargs):
        SheetUpload.objects.all().delete()
        return real(*args, **kwargs)

    monkeypatch.setattr(views, "take_sheet", take)

    assert desk.post(f"{address}take/").status_code == 409
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize(
    "name,content",
    [
        ("a.pdf", b"%PDF"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.csv", b"<html>"),
        ("a.csv", b""),
        ("\u202ea\r\n.xlsm", b"PK\x03\x04"),
        ("a.csv", b"pledge,as_of,value,note\n" + b"x" * (5 * 1024 * 1024)),
    ],
)
def test_file_that_is_no_sheet_is_refused_in_words(name, content, desk, campaign):
    answer = send_in(desk, campaign, content, name)

    assert (answer.status_code, 'class="errors' in answer.content.decode()) == (422, True)
    assert not SheetUpload.objects.exists()


def test_form_with_another_file_is_refused(desk, campaign, pledge):
    key, form = str(uuid4()), downloaded(desk, campaign).content
    send_in(desk, campaign, form, key=key)

    again = send_in(desk, campaign, filled(form, {pledge.code: {"value": 1}}), key=key)

    assert (again.status_code, SheetUpload.objects.count()) == (422, 1)


def test_superuser_takes_the_sheet_of_one_department(client, boss, campaign, pledge, elsewhere):
    client.force_login(boss)
    PledgeFactory(campaign=campaign, department=elsewhere)

    def codes(**data):
        sheet = load_workbook(io.BytesIO(downloaded(client, campaign, **data).content)).worksheets[0]
        return [row[11] for row in sheet.iter_rows(min_row=2, values_only=True)]

    assert (len(codes()), codes(department=pledge.department.code)) == (2, [pledge.code])
    assert downloaded(client, campaign, department="nowhere").status_code == 404


def test_department_of_others_is_not_there(desk, campaign, elsewhere):
    PledgeFactory(campaign=campaign, department=elsewhere)

    assert downloaded(desk, campaign, department=elsewhere.code).status_code == 404


def test_campaign_that_is_over_offers_no_form(desk, finance):
    over = CampaignFactory(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    PledgeFactory(campaign=over, department=finance)

    assert "sheet/download" not in desk.get(reverse("sheet", args=[over.code])).content.decode()


def test_doors_stand_on_my_work_and_on_my_department(desk, campaign, finance, client, li):
    door = reverse("sheet-download", args=[campaign.code])
    page = reverse("department-detail", args=[campaign.code, finance.code])

    assert all(door in desk.get(address).content.decode() for address in (reverse("work"), page))
    client.force_login(li)
    assert door not in client.get(page).content.decode()


def test_any_number_of_rows_asks_the_same_questions(
    desk, campaign, pledge, finance, django_assert_max_num_queries
):
    def asked(pledges):
        address = sent(desk, campaign, {each.code: {"as_of": JUNE, "value": 5} for each in pledges})
        with django_assert_max_num_queries(40) as found:
            desk.get(address)
        return len(found)

    assert asked([pledge]) == asked(
        [pledge, *PledgeFactory.create_batch(3, campaign=campaign, department=finance)]
    )
