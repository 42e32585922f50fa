"""Names that come with a report: kept with it, as many as the figure says, and none without being asked."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from pledges.actions.reports import accept_report, return_report, submit_report
from pledges.errors import ConflictingKeyError
from pledges.models import LedgerEntry, ProgressReport
from pledges.queries.ledger_entries import last_names
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory

JUNE_30, JULY_31, TODAY = date(2022, 6, 30), date(2022, 7, 31), date(2022, 8, 4)


def submit(pledge, author, *names, value=None, as_of=JUNE_30, note="", key=None) -> ProgressReport:
    said = Said(as_of, Decimal(len(names) if value is None else value), note, names=names)
    return submit_report(pledge, said, author=author, key=key or uuid4(), today=TODAY)


def names_of(report):
    return [(entry.place, entry.name, entry.key) for entry in report.entries.order_by("place")]


def test_the_names_are_kept_in_their_order(pledge, lin):
    report = submit(pledge, lin, "乙 厂", "甲（1）厂")

    assert names_of(report) == [(1, "乙 厂", "乙厂"), (2, "甲（1）厂", "甲1厂")]


def test_a_figure_without_names_is_taken(pledge, lin):
    assert names_of(submit(pledge, lin, value=7)) == []


def test_too_few_names_are_told_at_the_list_and_nothing_is_kept(pledge, lin):
    with pytest.raises(ValidationError) as caught:
        submit(pledge, lin, "甲厂", value=7)

    assert set(caught.value.message_dict) == {"names"}
    assert ProgressReport.objects.count() == LedgerEntry.objects.count() == 0


def test_a_campaign_can_ask_for_the_names(pledge, campaign, lin):
    campaign.ledger_required = True
    campaign.save()

    with pytest.raises(ValidationError) as caught:
        submit(pledge, lin, value=1)
    assert set(caught.value.message_dict) == {"names"}

    assert len(names_of(submit(pledge, lin, "甲厂"))) == 1


def test_the_same_form_with_other_names_is_another_form(pledge, lin):
    key = uuid4()
    first = submit(pledge, lin, "甲厂", key=key)

    assert submit(pledge, lin, "甲厂", key=key) == first
    with pytest.raises(ConflictingKeyError):
        submit(pledge, lin, "乙厂", key=key)
    assert LedgerEntry.objects.count() == 1


def test_a_correction_brings_its_own_list(pledge, lin, chen):
    accept_report(submit(pledge, lin, "甲厂", "乙厂"), reviewer=chen, today=TODAY)

    accept_report(submit(pledge, lin, "甲厂", note="乙厂未变更登记"), reviewer=chen, today=TODAY)

    assert [entry.name for entry in last_names(pledge)] == ["甲厂"]
    assert LedgerEntry.objects.count() == 3


def test_only_accepted_lists_of_the_time_are_the_last(pledge, lin, chen):
    accept_report(submit(pledge, lin, "甲厂"), reviewer=chen, today=TODAY)
    return_report(submit(pledge, lin, "甲厂", "丙厂", as_of=JULY_31), reviewer=chen, reason="未登记")
    submit(pledge, lin, "甲厂", "乙厂", as_of=JULY_31)

    assert [entry.name for entry in last_names(pledge)] == ["甲厂"]
    assert last_names(pledge, until=date(2022, 6, 29)) == []


def test_the_list_of_a_shared_pledge_is_one(pledge, campaign, elsewhere, wu, chen):
    share = PledgeFactory(campaign=campaign, department=elsewhere, shared_with=pledge)

    accept_report(submit(share, wu, "甲厂"), reviewer=chen, today=TODAY)

    assert [entry.name for entry in last_names(pledge)] == ["甲厂"]
    assert [entry.name for entry in last_names(share)] == ["甲厂"]


def test_names_are_neither_edited_nor_deleted(pledge, lin):
    entry = submit(pledge, lin, "甲厂").entries.get()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
