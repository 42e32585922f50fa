"""Where the files are shown: the pledge, the reviewer's desk, the coverage and its list."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.actions.reports import accept_report, return_report
from pledges.choices import ReportState
from pledges.models import Evidence, SourceArticle
from tests.cast import CampaignFactory, PledgeFactory, ReportFactory
from tests.kit.files import PDF
from tests.views.test_evidence import address, as_, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]


@pytest.fixture
def campaign(db):
    """A campaign of the current year, so that pages may speak of today."""
    today = localdate()
    return CampaignFactory(
        code="wujin", starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=165)
    )


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])


def test_the_page_of_a_pledge_names_the_files_and_says_where_there_are_none(pledge, lin, chen):
    file = said(pledge, lin).evidence.get()
    said(pledge, lin, content=None, as_of=localdate() - timedelta(days=3))

    page = as_(chen).get(pledge.get_absolute_url()).content.decode()

    assert (f'href="{address(file)}"' in page, file.name in page, file.sha256[:12] in page) == (True,) * 3
    assert page.count("No evidence") == 1


def test_the_reviewer_sees_where_else_the_same_file_was_used(campaign, pledge, lin, wu, elsewhere, chen):
    theirs = PledgeFactory(campaign=campaign, department=elsewhere, title="另一件事")
    before = said(theirs, wu, as_of=localdate() - timedelta(days=30))
    returned = said(pledge, lin, as_of=localdate() - timedelta(days=2))
    return_report(returned, reviewer=chen, reason="请补充")
    report = said(pledge, lin)

    page = as_(chen).get(reverse("review-detail", args=[report.pk])).content.decode()
    desk = page[page.index('id="h-evidence"') :]

    assert f"{theirs.get_absolute_url()}#report-{before.pk}" in desk
    assert f"#report-{returned.pk}" not in desk


def test_the_reviewer_is_told_plainly_that_there_is_no_file(pledge, lin, chen):
    report = said(pledge, lin, content=None)

    page = as_(chen).get(reverse("review-detail", args=[report.pk])).content.decode()

    assert "No evidence was sent with this report." in page


@pytest.fixture
def three(pledge, lin, chen):
    """Of three accepted reports two bring a file; one more waits, one more is too new for yesterday."""
    reports = [
        said(pledge, lin, as_of=localdate() - timedelta(days=30 - n), content=PDF if n else None)
        for n in range(3)
    ]
    for report in reports:
        accept_report(report, reviewer=chen, today=localdate())
    said(pledge, lin)
    return reports


def test_the_coverage_of_a_department_opens_exactly_what_it_counts(campaign, finance, pledge, three, chen):
    client = as_(chen)
    page = client.get(reverse("department-detail", args=[campaign.code, finance.code]))
    coverage = page.context["coverage"]

    assert (coverage.total, coverage.with_file, coverage.without_file, coverage.percent) == (3, 2, 1, 66)
    for query, number in ({"": 3, "file=1": 2, "file=0": 1, "file=x": 3}).items():
        found = client.get(
            f"{reverse('evidence-list', args=[campaign.code])}?department={finance.code}&{query}"
        )
        assert found.context["page"].paginator.count == number


def test_a_department_without_reports_has_no_coverage(campaign, finance, pledge, chen):
    page = as_(chen).get(reverse("department-detail", args=[campaign.code, finance.code]))

    assert page.context["coverage"].percent is None
    assert as_(chen).get(reverse("evidence-list", args=[campaign.code])).status_code == 200


def test_the_list_counts_up_to_a_day_and_only_what_one_may_see(campaign, three, chen, wu):
    url = reverse("evidence-list", args=[campaign.code])
    day = (three[1].as_of).isoformat()

    assert as_(chen).get(f"{url}?on={day}").context["coverage"].total == 2
    assert as_(wu).get(url).context["coverage"].total == 0
    assert as_(wu).get(url).context["page"].paginator.count == 0


def test_the_lists_empty_states_say_what_to_do(campaign, pledge, lin, chen):
    client, url = as_(chen), reverse("evidence-list", args=[campaign.code])
    report = said(pledge, lin)
    accept_report(report, reviewer=chen, today=localdate())

    assert "Every accepted report brings a file" in client.get(f"{url}?file=0").content.decode()
    Evidence.objects.update(report=None)
    assert "No accepted report brings a file yet" in client.get(f"{url}?file=1").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(campaign, pledge, lin, chen, django_assert_max_num_queries, count):
    for number in range(count):
        report = said(pledge, lin, as_of=localdate() - timedelta(days=20 - number))
        accept_report(report, reviewer=chen, today=localdate())
    client = as_(chen)
    client.get(reverse("evidence-list", args=[campaign.code]))

    with django_assert_max_num_queries(16):
        client.get(reverse("evidence-list", args=[campaign.code]))


def test_what_print_says_does_not_count(campaign, finance, pledge, chen):
    page = SourceArticle.objects.create(code="page", title="盘点")
    ReportFactory(pledge=pledge, as_of=date(2022, 3, 1), source=page, author=None, state=ReportState.ACCEPTED)

    found = as_(chen).get(reverse("evidence-list", args=[campaign.code]))
    assert found.context["coverage"].total == 0
