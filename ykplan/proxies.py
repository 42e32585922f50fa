"""Where a request really came from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


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


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
