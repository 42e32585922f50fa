"""The mailbox of the embedded mode, for administrators: what would have been sent."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pledges.queries.mailbox import letter_named, letters_in


def _folder(request: HttpRequest) -> Path:
    """Only where letters stay on this machine, and only for its administrator."""
    if not settings.EMBEDDED or not request.user.is_superuser:
        raise Http404
    # Only the embedded mode has this setting, so types do not know it.
    return Path(getattr(settings, "EMAIL_FILE_PATH"))  # noqa: B009


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest letters."""
    return render(request, "pledges/mailbox.html", {"letters": letters_in(_folder(request))})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter."""
    found = letter_named(_folder(request), name)
    if found is None:
        raise Http404
    return render(request, "pledges/mailbox_letter.html", {"letter": found})
