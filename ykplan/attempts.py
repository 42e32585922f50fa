"""Under which name an attempt to sign in is kept."""

from collections.abc import Mapping

from django.http import HttpRequest

LONGEST_NAME = 150
"""No account has a longer one. Django's sign-in form lets any length through, and PostgreSQL keeps 255."""


def typed_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str | None:
    """The name that was typed, as much of it as a name can have: both doors, ours and the admin's, ask here."""
    name = (credentials or request.POST).get("username")
    return name[:LONGEST_NAME].replace("\0", "") if name else None
