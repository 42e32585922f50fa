"""The tags of the leader's page and the wall."""

from datetime import date

import pytest
from django.utils import translation

from pledges.choices import Basis, Reason
from pledges.models import Milestone
from pledges.queries.facts import judged_one
from pledges.templatetags.overview import distance
from tests.cast import PledgeFactory

JULY_1 = date(2022, 7, 1)


@pytest.fixture
def put_off(campaign):
    """Whether there is a line to be behind or not."""

    def made(**facts):
        pledge = PledgeFactory(campaign=campaign, **facts)
        Milestone.objects.filter(pledge=pledge).update(
            original_due=date(2022, 6, 1), put_off_on=date(2022, 6, 1)
        )
        return judged_one(pledge, today=JULY_1)

    return made


@pytest.mark.parametrize("facts", [{"basis": Basis.DELIVERABLE, "unit": ""}, {}])
def test_an_alert_that_was_put_off_too_often_says_that(put_off, facts):
    line = put_off(**facts)

    with translation.override("en"):
        assert (line.verdict.reason, distance(line)) == (Reason.PUT_OFF, "Put off too often")


def test_other_alerts_say_how_late_or_how_far_behind(campaign):
    late = judged_one(PledgeFactory(campaign=campaign, stones=[(date(2022, 6, 29), 10)]), today=JULY_1)

    with translation.override("en"):
        assert distance(late) == "2 days overdue"
