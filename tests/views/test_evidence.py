"""Files behind reports in the browser: they stay with the form, open only for those who may see the report."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.actions.evidence import upload
from pledges.actions.reports import return_report, withdraw_report
from pledges.models import AuditEvent, Evidence, ProgressReport
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory
from tests.kit.files import PDF, a_file, docx, jpg, ofd, png, sent, xlsx
from tests.kit.reporting import door, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


@pytest.fixture
def campaign(db):
    today = localdate()
    return CampaignFactory(
        code="wujin",
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=165),
        completion_needs_evidence=True,
    )


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def as_lin(lin):
    return as_(lin)


def address(evidence):
    return reverse("evidence", args=[evidence.pk])


def said(pledge, author, *, name="名单.pdf", content=PDF, as_of=None, **fields):
    """A report with a file, or without one."""
    report = ReportFactory(pledge=pledge, author=author, as_of=as_of or localdate(), **fields)
    if content:
        a_file(report, name, content)
    return report


# With the form ------------------------------------------------------------------------------


def test_files_chosen_with_the_form_become_the_reports(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, evidence=[sent("a.pdf"), sent("b.png", png())]))

    assert (answer.status_code, answer.url) == (302, reverse("work"))
    files = ProgressReport.objects.get().evidence.all()
    assert [(each.name, each.kind) for each in files] == [("a.pdf", "pdf"), ("b.png", "png")]


def test_files_stay_when_the_form_comes_back_with_a_fault(as_lin, pledge):
    form = typed(pledge, value="x", evidence=[sent("a.pdf")])
    answer = as_lin.post(door(pledge), form)

    assert answer.status_code == 422
    [file] = answer.context["files"]
    assert f'href="{address(file)}"' in answer.content.decode()

    assert as_lin.post(door(pledge), form | {"value": "50", "evidence": []}).status_code == 302
    assert list(ProgressReport.objects.get().evidence.all()) == [file]


def test_a_stale_form_keeps_its_files_under_its_new_key(as_lin, pledge, lin):
    form = typed(pledge, seen="0", evidence=[sent("a.pdf")])
    ReportFactory(pledge=pledge, author=lin, as_of=localdate() - timedelta(days=9), value=3)

    answer = as_lin.post(door(pledge), form)
    again = answer.context["form"]

    assert (answer.status_code, len(answer.context["files"])) == (409, 1)
    fresh = {name: again[name].value() for name in again.fields if name != "evidence"}
    assert fresh["key"] != form["key"]
    assert as_lin.post(door(pledge), {k: v for k, v in fresh.items() if v is not None}).status_code == 302
    assert ProgressReport.objects.latest("id").evidence.count() == 1


def test_a_completion_without_evidence_comes_back_with_a_way_to_the_box(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, value="100"))
    page = answer.content.decode()

    assert (answer.status_code, ProgressReport.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == ["evidence"]
    assert 'href="#id_evidence"' in page

    with_file = typed(pledge, value="100", evidence=[sent("验收报告.docx", docx())])
    assert as_lin.post(door(pledge), with_file).status_code == 302


def test_a_file_that_is_not_taken_says_why_and_the_others_stay(as_lin, pledge):
    files = [sent("a.pdf"), sent("b.pdf", b"<html><script>alert(7)</script>"), sent("c.doc", b"x")]
    answer = as_lin.post(door(pledge), typed(pledge, evidence=files))

    assert (answer.status_code, ProgressReport.objects.count()) == (422, 0)
    faults = answer.context["form"].errors["evidence"]
    assert [fault.partition(":")[0] for fault in faults] == ["b.pdf", "c.doc"]
    assert [file.name for file in answer.context["files"]] == ["a.pdf"]


def test_markup_in_a_name_is_only_text(as_lin, pledge):
    answer = as_lin.post(
        door(pledge), typed(pledge, upload="1", evidence=[sent("<img src=x onerror=alert(7)>.png", png())])
    )

    assert "<img src=x" not in answer.content.decode()
    assert answer.context["files"][0].name == "_img src=x onerror=alert(7)_.png"


def test_files_are_uploaded_alone_without_judging_the_rest(as_lin, pledge):
    form = typed(pledge, value="12万", note="见附件", upload="1", evidence=[sent("a.pdf")])
    answer = as_lin.post(door(pledge), form)
    page = answer.content.decode()

    assert (answer.status_code, ProgressReport.objects.count()) == (200, 0)
    assert ("12万" in page, "见附件" in page, form["key"] in page) == (True, True, True)
    assert [file.name for file in answer.context["files"]] == ["a.pdf"]
    assert answer.context["form"].errors == {}


def test_a_file_that_is_not_taken_alone_is_told_too(as_lin, pledge):
    answer = as_lin.post(door(pledge), typed(pledge, upload="1", evidence=[sent("a.pdf", b"")]))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])


def test_a_file_is_taken_back_and_what_is_typed_stays(as_lin, pledge, lin):
    form = typed(pledge, note="见附件")
    file = upload(form["key"], sent(), user=lin, pledge=pledge)
    kept = upload(form["key"], sent("b.png", png()), user=lin, pledge=pledge)
    other = upload(uuid4(), sent(), user=lin, pledge=pledge)

    answer = as_lin.post(door(pledge), form | {"remove": str(file.pk)})
    assert (answer.status_code, answer.context["files"]) == (200, [kept])
    assert "见附件" in answer.content.decode()
    for nonsense in (str(file.pk), str(other.pk), "x", "9" * 30):
        assert as_lin.post(door(pledge), form | {"remove": nonsense}).context["files"] == [kept]
    assert Evidence.objects.count() == 2


def test_a_form_without_a_readable_key_is_refused_and_stores_nothing(as_lin, pledge):
    for extra in ({}, {"upload": "1"}):
        answer = as_lin.post(door(pledge), typed(pledge, key="x", evidence=[sent()]) | extra)
        assert answer.status_code in {200, 422}

    assert (Evidence.objects.count(), ProgressReport.objects.count()) == (0, 0)


def test_the_default_button_of_the_form_reports(as_lin, pledge):
    """Enter in a box presses the first button: it must be the one that reports."""
    page = as_lin.get(door(pledge)).content.decode()
    form = page[page.index('id="report"') :]

    assert form.index("<button") == form.index('<button class="sr"')
    assert 'enctype="multipart/form-data"' in page


# Handed out ---------------------------------------------------------------------------------

KINDS = [
    ("a.pdf", PDF),
    ("b.docx", docx()),
    ("c.xlsx", xlsx()),
    ("d.ofd", ofd()),
    ("e.png", png()),
    ("f.jpg", jpg()),
]


@pytest.mark.parametrize("name, content", KINDS)
def test_every_kind_is_saved_and_never_opened_in_our_place(pledge, lin, chen, name, content):
    file = said(pledge, lin, name=name, content=content).evidence.get()

    answer = as_(chen).get(address(file))

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Length"] == str(len(content))


def test_chinese_names_and_marks_stand_in_the_header_as_the_standard_says(pledge, lin, chen):
    file = said(pledge, lin, name="名单 (17)'.pdf").evidence.get()

    header = as_(chen).get(address(file)).headers["Content-Disposition"]

    assert header == "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95%20%2817%29%27.pdf"


def test_a_file_opens_for_those_who_may_see_the_report_whatever_became_of_it(
    pledge, lin, sun, chen, li, boss, wu
):
    waits = said(pledge, lin)
    withdrawn = said(pledge, lin, as_of=localdate() - timedelta(days=1))
    returned = said(pledge, lin, as_of=localdate() - timedelta(days=2))
    withdraw_report(withdrawn, author=lin)
    return_report(returned, reviewer=chen, reason="请补充")

    for report in (waits, withdrawn, returned):
        file = report.evidence.get()
        assert [as_(who).get(address(file)).status_code for who in (lin, sun, chen, li, boss)] == [200] * 5
        assert as_(wu).get(address(file)).status_code == 404
        assert Client().get(address(file)).status_code == 302


def test_a_loose_file_opens_for_its_owner_only(pledge, lin, sun, chen, boss, wu):
    file = upload(uuid4(), sent(), user=lin, pledge=pledge)

    assert as_(lin).get(address(file)).status_code == 200
    assert {as_(who).get(address(file)).status_code for who in (sun, chen, boss, wu)} == {404}


def test_to_ask_about_a_file_is_no_download(pledge, lin, chen):
    file = said(pledge, lin).evidence.get()

    assert as_(chen).head(address(file)).status_code == 200
    assert AuditEvent.objects.filter(action="evidence.download").count() == 0
    as_(chen).get(address(file))
    assert AuditEvent.objects.filter(action="evidence.download").count() == 1


@pytest.mark.parametrize("what, status", [("changed", 409), ("missing", 410)])
def test_a_file_that_is_not_what_was_sent_is_not_handed_out(folder, pledge, lin, chen, what, status):
    file = said(pledge, lin).evidence.get()
    path = folder / file.file.name
    if what == "changed":
        path.write_bytes(PDF.replace(b"1 0 obj", b"2 0 obj"))
    else:
        path.unlink()

    answer = as_(chen).get(address(file))

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert (file.name in page, file.sha256 in page, reverse("pledge-detail", args=[pledge.code]) in page) == (
        True,
    ) * 3
    assert as_(chen).head(address(file)).status_code == status


def test_a_missing_loose_file_leads_back_to_work(folder, pledge, lin):
    file = upload(uuid4(), sent(), user=lin, pledge=pledge)
    (folder / file.file.name).unlink()

    assert as_(lin).get(address(file)).status_code == 410
