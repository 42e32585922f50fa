"""Where a request really came from."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "::"
"""The address that stands for none."""


def client_ip(request: HttpRequest) -> str:
    """The address our outermost proxy saw.

    Each proxy appends on the right, so with N proxies of our own the Nth entry from the right is
    the last one we wrote. Anything to its left was sent by the caller and proves nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return direct
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if len(hops) < settings.TRUSTED_PROXIES:
        return direct
    seen = hops[-settings.TRUSTED_PROXIES]
    return seen if is_address(seen) else direct


def client_network(request: HttpRequest) -> str:
    """What counts as one place at the door: an IPv4 address, or the /64 that every IPv6 line gets for itself.

    Behind a socket whose proxy is not believed nobody has an address. They all come from one place then:
    without any, wrong passwords would be counted for nobody.
    """
    return network_of(client_ip(request)) or NOWHERE


def network_of(address: str) -> str:
    if not is_address(address):
        return address
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(IPv6Network((int(ip), 64), strict=False).network_address)


def is_within(address: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether an address belongs to one of the networks; what is no address belongs to none."""
    if not is_address(address):
        return False
    ip = ip_address(address)
    seen = ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip
    return any(seen in network for network in networks)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
