"""The administration is there for those who come from its networks."""

import pytest

from ykplan import env

ROOMS = ["/admin/", "/admin/login/", "/admin/pledges/user/", "/admin/nowhere/", "/admin/jsi18n/"]


@pytest.fixture
def inside(settings):
    settings.ADMIN_NETWORKS = env.networks("ADMIN_NETWORKS", "10.1.0.0/16, 2001:db8:1::/48, 192.0.2.7")


@pytest.mark.parametrize(
    "address, status",
    [
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("192.0.2.7", 200),
        ("2001:db8:1::5", 200),
        ("10.2.0.1", 404),
        ("192.0.2.8", 404),
        ("2001:db8:2::5", 404),
        ("::ffff:10.2.0.1", 404),
        ("", 404),
    ],
)
def test_only_from_there(client, boss, inside, address, status):
    client.force_login(boss)

    assert client.get("/admin/", REMOTE_ADDR=address).status_code == status


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("who", ["visitor", "lin", "boss"])
def test_from_elsewhere_no_room_exists_for_anybody(client, request, db, inside, room, who):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    address = {"REMOTE_ADDR": "198.51.100.9"}

    assert {client.get(room, **address).status_code, client.post(room, **address).status_code} == {404}


def test_everything_else_is_there_from_everywhere(client, lin, inside):
    client.force_login(lin)

    assert client.get("/work/", REMOTE_ADDR="198.51.100.9").status_code == 200


def test_whoever_writes_an_address_of_ours_in_front_is_not_believed(client, boss, inside, settings):
    settings.TRUSTED_PROXIES = 1
    client.force_login(boss)
    seen = {
        forwarded: client.get("/admin/", headers={"X-Forwarded-For": forwarded}).status_code
        for forwarded in ("10.1.2.3", "10.1.2.3, 198.51.100.9", "198.51.100.9, 10.1.2.3")
    }

    assert list(seen.values()) == [200, 404, 200]


def test_without_networks_it_is_there_from_everywhere(client, boss):
    client.force_login(boss)

    assert client.get("/admin/", REMOTE_ADDR="198.51.100.9").status_code == 200
