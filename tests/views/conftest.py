"""What the tests of several pages share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.directives import directive  # noqa: F401 - a fixture


@pytest.fixture
def cost_of():
    """How many queries a page needs once the session is warm."""

    def measured(client, address) -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    return measured


@pytest.fixture
def sign(client):
    """Signs somebody in, who reads English."""

    def signed(user):
        client.force_login(user)
        client.cookies["language"] = "en"
        return client

    return signed


@pytest.fixture
def as_lin(sign, lin):
    return sign(lin)


@pytest.fixture
def as_chen(sign, chen):
    return sign(chen)


@pytest.fixture
def office(client, chen):
    """The supervision office, signed in."""
    client.force_login(chen)
    return client
