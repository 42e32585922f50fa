"""The rehearsal's mailbox on a day of rest holds the letters of the working day before."""

from datetime import date

import pytest

from pledges.actions.last_letters import send_last_letters
from pledges.models import Letter
from tests.cast import PledgeFactory

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY = date(2022, 12, 23), date(2022, 12, 24), date(2022, 12, 25)


@pytest.fixture
def late_pledge(campaign, finance, lin):
    """Seven days ahead on the Friday."""
    return PledgeFactory(
        campaign=campaign, department=finance, basis="deliverable", stones=[(date(2022, 12, 30), None)]
    )


def test_on_a_day_of_rest_they_are_of_the_working_day_before(late_pledge, mailoutbox):
    for day in (SATURDAY, SUNDAY):
        send_last_letters(today=day)

    assert [(row.day, row.state) for row in Letter.objects.all()] == [(FRIDAY, "sent")]
    assert len(mailoutbox) == 1


def test_on_a_working_day_it_is_left_to_the_tick(late_pledge):
    send_last_letters(today=FRIDAY)

    assert not Letter.objects.exists()
