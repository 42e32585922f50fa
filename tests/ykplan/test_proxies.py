import pytest

from ykplan.proxies import client_ip


@pytest.mark.parametrize(
    "trusted, forwarded, seen",
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, None, "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "198.51.100.1, nonsense", "10.0.0.9"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
    ],
)
def test_client_is_who_our_outermost_proxy_saw(rf, settings, trusted, forwarded, seen):
    settings.TRUSTED_PROXIES = trusted
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.9")

    assert client_ip(request) == seen
