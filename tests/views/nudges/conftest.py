"""The form that urges, on a Monday, in the supervision office."""

import pytest
from django.urls import reverse


@pytest.fixture
def door(campaign):
    """The address of the form with a query."""
    return lambda query="": f"{reverse('nudge', args=[campaign.code])}?{query}"


@pytest.fixture
def as_chen(as_chen, lin):
    """Somebody reports for the finance office, so that there is somebody to urge."""
    return as_chen
