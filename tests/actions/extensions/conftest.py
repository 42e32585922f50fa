"""A Monday ten days before a deadline."""

import pytest
from django.utils import translation

from tests.cast import PledgeFactory
from tests.kit.extensions import DUE, END


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to("2022-06-20 10:00 +0800", tick=False)
    with translation.override("en"):
        yield


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(DUE, 50), (END, 100)])


@pytest.fixture
def stone(pledge):
    return pledge.milestones.get(due=DUE)
