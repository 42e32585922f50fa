"""What the operator said is read strictly."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ykplan import env

pytestmark = pytest.mark.static


@pytest.mark.parametrize(
    "value, found",
    [("", []), ("10.1.0.0/16", ["10.1.0.0/16"]), ("::1, 10.0.0.1", ["::1/128", "10.0.0.1/32"])],
)
def test_networks_are_read(value, found):
    assert [str(network) for network in env.networks("ADMIN_NETWORKS", value)] == found


@pytest.mark.parametrize("value", ["10.1.0.0/33", "10.1.2.3/16", "everywhere", "10.1", "10.0.0.1; 10.0.0.2"])
def test_what_is_no_network_stops_the_start_with_its_name(value):
    with pytest.raises(ImproperlyConfigured, match="ADMIN_NETWORKS names no network"):
        env.networks("ADMIN_NETWORKS", value)


@pytest.mark.parametrize("value", [0, 721, 10**9])
def test_a_number_that_switches_a_guard_off_stops_the_start(value):
    with pytest.raises(ImproperlyConfigured, match="SESSION_IDLE_MINUTES must be from 1 to 720"):
        env.between("SESSION_IDLE_MINUTES", value, 1, 720)


@pytest.mark.parametrize("value", [1, 30, 720])
def test_a_number_between_is_kept(value):
    assert env.between("SESSION_IDLE_MINUTES", value, 1, 720) == value
