"""The mailbox of the embedded mode, for administrators: what would have been sent."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from pledges.queries.mailbox import Letter, by_day, letter_named, letters_in
from pledges.queries.workdays import office_calendar

LETTER_CSP = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
"""For a letter alone in its frame: its own inline styles, and nothing else. Mail knows no stylesheets."""


def _folder(request: HttpRequest) -> Path:
    """Only where letters stay on this machine, and only for its administrator."""
    if not settings.EMBEDDED or not request.user.is_superuser:
        raise Http404
    # Only the embedded mode has this setting, so types do not know it.
    return Path(getattr(settings, "EMAIL_FILE_PATH"))  # noqa: B009


def _letter(request: HttpRequest, name: str) -> Letter:
    found = letter_named(_folder(request), name)
    if found is None:
        raise Http404
    return found


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest letters by day, and whether there will be any today."""
    letters = letters_in(_folder(request))
    today, calendar = localdate(), office_calendar()
    context = {
        "letters": letters,
        "days": by_day(letters),
        "is_workday": calendar.is_workday(today),
        "next_day": calendar.after(today),
    }
    return render(request, "pledges/mailbox.html", context)


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types know only plain addresses
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter."""
    return render(request, "pledges/mailbox_letter.html", {"letter": _letter(request, name)})


@require_safe
@xframe_options_sameorigin
@csp(LETTER_CSP)  # type: ignore[arg-type]  # as above
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The part of a letter that mail programs show, alone, for the frame on its page."""
    found = _letter(request, name)
    if not found.html:
        raise Http404
    # Its links open beside the mailbox: our own pages are shown in no frame.
    return HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1))
