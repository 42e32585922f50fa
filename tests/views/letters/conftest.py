"""The letters of a campaign on their pages, as the supervision office sees them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ledger(office, campaign):
    """The page of the ledger with a query."""
    return lambda query="": office.get(f"{reverse('letter-list', args=[campaign.code])}?{query}")


@pytest.fixture
def running(pledge, campaign):
    """The campaign of today."""
    today = timezone.localdate()
    campaign.starts_on, campaign.ends_on = today - timedelta(days=30), today + timedelta(days=300)
    campaign.save()
    return campaign
