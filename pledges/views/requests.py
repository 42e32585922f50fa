"""What a view may know about a request."""

from django.http import HttpRequest

from pledges.models import User


class SignedIn(HttpRequest):
    """A request behind the gate: LoginRequiredMiddleware lets nobody else in."""

    user: User
