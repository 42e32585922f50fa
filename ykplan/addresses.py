"""Where this house is found from outside."""

from django.conf import settings


def public_address(path: str) -> str:
    """A path as an address for outside: from the settings, never from what a request calls this host."""
    return f"{settings.PUBLIC_BASE_URL}{path}"
