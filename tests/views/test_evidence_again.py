"""Files from before: of the form that was left and of the report that came back, offered with a new form."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.actions.evidence import remove, upload
from pledges.actions.reports import return_report, withdraw_report
from pledges.choices import Role
from pledges.models import Evidence, ProgressReport
from pledges.queries.reports import newest_id
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory, person
from tests.kit.files import PDF, a_file, png, sent
from tests.views.test_evidence import as_, door, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


@pytest.fixture
def pledge(finance):
    today = localdate()
    campaign = CampaignFactory(starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=165))
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])


@pytest.fixture
def as_lin(lin):
    return as_(lin)


@pytest.fixture
def returned(pledge, lin, chen):
    """A report that came back, with two files."""
    report = ReportFactory(pledge=pledge, author=lin, as_of=localdate())
    a_file(report, "a.pdf", PDF)
    a_file(report, "b.png", png())
    return return_report(report, reviewer=chen, reason="请补充")


def offered(answer):
    return [file.name for file in answer.context["earlier"]]


def ticks(answer):
    return [str(file.pk) for file in answer.context["earlier"]]


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_form_opened_anew_offers_what_was_uploaded_with_the_one_that_was_left(as_lin, pledge, folder):
    first = typed(pledge, upload="1", evidence=[sent("a.pdf")])
    as_lin.post(door(pledge), first)

    page = as_lin.get(door(pledge))
    assert (page.context["files"], offered(page)) == ([], ["a.pdf"])
    assert f'value="{ticks(page)[0]}" checked' in page.content.decode()
    anew = typed(pledge, again=ticks(page))
    assert as_lin.post(door(pledge), anew).status_code == 302

    sent_file = ProgressReport.objects.get().evidence.get()
    assert (sent_file.name, len(stored(folder))) == ("a.pdf", 1)
    assert offered(as_lin.get(door(pledge))) == []


def test_two_tabs_keep_their_own_files(as_lin, pledge, lin):
    left, right = typed(pledge), typed(pledge)
    as_lin.post(door(pledge), left | {"upload": "1", "evidence": [sent("a.pdf")]})
    page = as_lin.post(door(pledge), right | {"value": "x", "again": [str(Evidence.objects.get().pk)]})

    assert ([file.name for file in page.context["files"]], offered(page)) == (["a.pdf"], [])
    assert as_lin.post(door(pledge), left).status_code == 302
    assert ProgressReport.objects.get().evidence.count() == 1
    assert Evidence.objects.loose().filter(form_key=right["key"]).count() == 1


def test_what_was_uploaded_for_one_pledge_is_not_offered_with_another(as_lin, pledge):
    other = PledgeFactory(campaign=pledge.campaign, department=pledge.department)
    as_lin.post(door(pledge), typed(pledge, upload="1", evidence=[sent()]))

    assert offered(as_lin.get(door(other))) == []


def test_the_files_of_a_returned_report_go_along_with_the_new_one(as_lin, pledge, returned, folder):
    page = as_lin.get(door(pledge))
    assert sorted(offered(page)) == ["a.pdf", "b.png"]

    only = str(returned.evidence.get(name="b.png").pk)
    form = typed(pledge, again=[only])
    assert as_lin.post(door(pledge), form).status_code == 302

    fresh = ProgressReport.objects.latest("id").evidence.get()
    was = returned.evidence.get(name="b.png")
    assert fresh.pk != was.pk
    assert (fresh.sha256, fresh.file.name, len(stored(folder))) == (was.sha256, was.file.name, 2)
    assert as_lin.post(door(pledge), form).status_code == 302  # a double click
    assert (ProgressReport.objects.count(), Evidence.objects.count()) == (2, 3)


def test_the_files_of_a_withdrawn_report_are_offered_too(as_lin, pledge, lin):
    report = ReportFactory(pledge=pledge, author=lin, as_of=localdate())
    a_file(report)
    assert offered(as_lin.get(door(pledge))) == []

    withdraw_report(report, author=lin)

    assert offered(as_lin.get(door(pledge))) == ["名单.pdf"]


def test_what_is_ticked_becomes_a_file_of_the_form_and_what_is_not_stays_offered(as_lin, pledge, returned):
    ticked = str(returned.evidence.get(name="a.pdf").pk)
    page = as_lin.post(door(pledge), typed(pledge, value="x", again=[ticked]))

    assert page.status_code == 422
    assert ([file.name for file in page.context["files"]], offered(page)) == (["a.pdf"], ["b.png"])
    assert " checked" not in page.content.decode().partition('class="again"')[2].partition("</fieldset>")[0]


def test_a_file_taken_back_leaves_the_one_it_came_from(
    as_lin, pledge, lin, returned, folder, django_capture_on_commit_callbacks
):
    ticked = returned.evidence.get(name="a.pdf")
    form = typed(pledge)
    as_lin.post(door(pledge), form | {"upload": "1", "again": [str(ticked.pk)]})
    fresh = Evidence.objects.loose().get()

    with django_capture_on_commit_callbacks(execute=True):
        assert remove(fresh, user=lin)

    assert len(stored(folder)) == 2
    assert as_lin.get(reverse("evidence", args=[ticked.pk])).status_code == 200


def test_a_file_goes_with_its_last_row(pledge, lin, as_lin, folder, django_capture_on_commit_callbacks):
    first = upload(uuid4(), sent(), user=lin, pledge=pledge)
    as_lin.post(door(pledge), typed(pledge, upload="1", again=[str(first.pk)]))

    with django_capture_on_commit_callbacks(execute=True):
        remove(first, user=lin)
    assert len(stored(folder)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        remove(Evidence.objects.get(), user=lin)
    assert stored(folder) == []


def test_nobody_ticks_what_they_may_not_see_or_what_still_counts(as_lin, pledge, lin, wu, elsewhere, chen):
    theirs = PledgeFactory(campaign=pledge.campaign, department=elsewhere)
    foreign = return_report(ReportFactory(pledge=theirs, author=wu), reviewer=chen, reason="请补充")
    live = ReportFactory(pledge=pledge, author=lin, as_of=localdate() - timedelta(days=3))
    sun = person("zhou", "周", Role.REPORTER, department=pledge.department)
    loose = upload(uuid4(), sent(), user=sun, pledge=pledge)
    for pk in (a_file(foreign).pk, a_file(live).pk, loose.pk, 999999):
        page = as_lin.post(door(pledge), typed(pledge, upload="1", again=[str(pk)]))
        assert (page.status_code, page.context["files"]) == (422, [])
        assert list(page.context["form"].errors) == ["evidence"]
    assert as_lin.post(door(pledge), typed(pledge, upload="1", again=["x", "9" * 30])).status_code == 200


def test_a_file_that_is_gone_from_the_disk_is_not_used_again(as_lin, pledge, returned, folder):
    gone = returned.evidence.get(name="a.pdf")
    (folder / gone.file.name).unlink()

    page = as_lin.post(door(pledge), typed(pledge, again=[str(gone.pk)]))

    assert (page.status_code, ProgressReport.objects.count()) == (422, 1)
    assert page.context["form"].errors["evidence"][0].startswith("a.pdf")


def test_only_the_newest_forms_are_remembered(as_lin, pledge, monkeypatch):
    monkeypatch.setattr("pledges.views.evidence.FORMS_KEPT", 2)
    others = [PledgeFactory(campaign=pledge.campaign, department=pledge.department) for _ in range(3)]
    for each in others:
        as_lin.post(door(each), typed(each, upload="1", evidence=[sent()]))

    assert [len(offered(as_lin.get(door(each)))) for each in others] == [0, 1, 1]
    assert newest_id(pledge) == 0
