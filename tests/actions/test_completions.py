"""A completion brings a file, once."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from pledges.actions.evidence import upload
from pledges.actions.reports import accept_report
from pledges.choices import ReportState
from pledges.models import ProgressReport, SourceArticle
from tests.actions.test_evidence import report_on
from tests.cast import MIDSUMMER, ReportFactory, accepted
from tests.kit.files import sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]


@pytest.fixture
def strict(pledge):
    pledge.campaign.completion_needs_evidence = True
    pledge.campaign.save()
    return pledge


def faults_of(*args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        report_on(*args, **kwargs)
    return sorted(caught.value.message_dict)


def test_a_completion_without_a_file_is_refused_at_the_field_of_the_files(strict, lin):
    assert faults_of(strict, lin, 100) == ["evidence"]
    assert faults_of(strict, lin, "100.5") == ["evidence", "value"]
    assert ProgressReport.objects.count() == 0


def test_a_completion_with_a_file_and_anything_less_without_are_taken(strict, lin):
    key = uuid4()
    assert report_on(strict, lin, 99, as_of=date(2022, 5, 31)).state == ReportState.SUBMITTED

    upload(key, sent(), user=lin, pledge=strict)
    report = report_on(strict, lin, 100, key=key)

    assert report.evidence.count() == 1


def test_a_file_of_another_person_proves_nothing(strict, lin, boss):
    key = uuid4()
    upload(key, sent(), user=boss, pledge=strict)

    assert faults_of(strict, lin, 100, key=key) == ["evidence"]


def test_the_setting_of_the_campaign_decides(pledge, lin):
    assert report_on(pledge, lin, 100).state == ReportState.SUBMITTED


def completed(pledge, lin, chen, *, as_of=date(2022, 5, 31)):
    key = uuid4()
    upload(key, sent(), user=lin, pledge=pledge)
    report = report_on(pledge, lin, 100, as_of=as_of, key=key)
    return accept_report(report, reviewer=chen, today=MIDSUMMER)


def test_a_completion_is_proved_once(strict, lin, chen):
    completed(strict, lin, chen)

    assert report_on(strict, lin, 105).evidence.count() == 0


def test_a_correction_takes_the_place_of_the_file_too(strict, lin, chen):
    completed(strict, lin, chen)

    assert faults_of(strict, lin, 100, as_of=date(2022, 5, 31), note="数据无误，补充说明") == ["evidence"]


def test_a_completion_that_waits_proves_nothing_yet(strict, lin):
    key = uuid4()
    upload(key, sent(), user=lin, pledge=strict)
    report_on(strict, lin, 100, as_of=date(2022, 5, 31), key=key)

    assert faults_of(strict, lin, 105) == ["evidence"]


def test_a_completion_that_was_corrected_away_is_to_be_proved_again(strict, lin, chen):
    completed(strict, lin, chen)
    correction = report_on(strict, lin, 60, as_of=date(2022, 5, 31), note="多计 40 家")
    accept_report(correction, reviewer=chen, today=MIDSUMMER)

    assert faults_of(strict, lin, 100) == ["evidence"]


def test_an_accepted_completion_without_a_file_proves_nothing(strict, lin, chen):
    accepted(strict, as_of=date(2022, 5, 31), value=100, author=lin, reviewer=chen)

    assert faults_of(strict, lin, 105) == ["evidence"]


def test_print_is_its_own_proof(strict, lin):
    page = SourceArticle.objects.create(code="page", title="盘点")
    may = date(2022, 5, 31)
    ReportFactory(pledge=strict, as_of=may, value=100, source=page, author=None, state=ReportState.ACCEPTED)

    assert report_on(strict, lin, 105).state == ReportState.SUBMITTED
