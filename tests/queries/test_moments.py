"""What is read in batches is of one moment, and nobody waits for the reader."""

import pytest
from django.db import InternalError, connection, transaction

from pledges.models import Campaign
from pledges.queries.moments import one_moment
from tests.kit.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def rename() -> None:
    Campaign.objects.update(name="renamed")


def name() -> str:
    return Campaign.objects.values_list("name", flat=True).get()


def test_inside_nothing_changes_and_others_go_on_writing(campaign):
    with one_moment():
        before = name()
        at_once(rename)
        assert name() == before
    assert name() == "renamed"


def test_without_it_the_second_query_sees_what_was_written_meanwhile(campaign):
    """The twin."""
    before = name()
    at_once(rename)

    assert before != name() == "renamed"


def test_afterwards_writing_is_as_before(campaign):
    with one_moment():
        name()
    rename()

    assert (name(), connection.in_atomic_block) == ("renamed", False)
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"


def test_a_fault_inside_leaves_nothing_open(campaign):
    with pytest.raises(Campaign.DoesNotExist), one_moment():
        Campaign.objects.get(name="nobody's")
    at_once(rename)

    assert (name(), connection.in_atomic_block) == ("renamed", False)


def test_a_transaction_around_it_says_what_is_seen(campaign):
    with transaction.atomic():
        rename()
        with one_moment():
            assert name() == "renamed"


def test_nothing_is_written_inside(campaign):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite would write")
    with pytest.raises(InternalError), one_moment():
        rename()
