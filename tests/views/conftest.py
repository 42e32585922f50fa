"""What the tests of several pages share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def cost_of():
    """How many queries a page needs once the session is warm."""

    def measured(client, address) -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    return measured
