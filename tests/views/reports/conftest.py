"""A campaign of the current year, so that pages may speak of today."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, now

from tests.cast import CampaignFactory, PledgeFactory, ReportFactory


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def campaign(db, today):
    """A campaign of the current year, so that pages may speak of today."""
    return CampaignFactory(
        code="wujin", starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=165)
    )


@pytest.fixture
def pledge(campaign, finance):
    return PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])


@pytest.fixture
def report(pledge, lin, today):
    return ReportFactory(pledge=pledge, author=lin, as_of=today, value=Decimal(60), submitted_at=now())


@pytest.fixture
def another(campaign, finance, lin, today):
    """More waiting reports, each on a pledge of its own."""

    def made(value=60, **more):
        pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100)])
        fields = {"pledge": pledge, "author": lin, "as_of": today, "submitted_at": now()} | more
        return ReportFactory(value=Decimal(value), **fields)

    return made
