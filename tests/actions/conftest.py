"""What the tests of several actions share."""

import pytest

from pledges.actions.letters import gather_letters
from pledges.actions.reminders import plan_reminders
from pledges.models import Letter
from tests.cast import PledgeFactory
from tests.kit.desks import a_busy_clerk
from tests.kit.directives import directive  # noqa: F401 - a fixture
from tests.kit.posting import DUE, TODAY, at
from tests.kit.reading import english


@pytest.fixture
def clerk(lin, chen, campaign, finance):
    return a_busy_clerk(english(lin), chen, campaign=campaign, department=finance)


@pytest.fixture
def late_pledge(campaign, finance):
    """A deliverable, so that no regular report is asked for."""
    return PledgeFactory(campaign=campaign, department=finance, basis="deliverable", stones=[(DUE, None)])


@pytest.fixture
def letter(late_pledge, lin):
    """The letter of the day, planned and gathered, not yet sent."""
    plan_reminders(today=TODAY)
    gather_letters(now=at(9))
    return Letter.objects.get()
