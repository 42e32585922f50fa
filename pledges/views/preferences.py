"""My letters and my calendar: one's own wishes, feeds and last letters."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pledges.forms.preferences import PreferencesForm
from pledges.queries.feeds import departments_seen, last_letters, open_feeds
from pledges.views.requests import SignedIn
from pledges.views.statuses import UNPROCESSABLE


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedIn) -> HttpResponse:
    """The page of a person's own letters; sent, it keeps the wishes."""
    if request.method != "POST":
        return preferences_page(request, PreferencesForm(user=request.user, today=localdate()))
    form = PreferencesForm(request.POST, user=request.user, today=localdate())
    if not form.is_valid():
        return preferences_page(request, form, status=UNPROCESSABLE)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("preferences")


def preferences_page(
    request: SignedIn, form: PreferencesForm, *, made: str = "", status: int = 200
) -> HttpResponse:
    """The page; `made` is the address of a feed just made, shown this once."""
    seen = departments_seen(request.user)
    rows = open_feeds(request.user, seen)
    taken = {row.feed.department_id for row in rows}
    context = {
        "form": form,
        "made": made,
        "feeds": rows,
        "offers_all": None not in taken,
        "offered": [department for department in seen if department.pk not in taken],
        "letters": last_letters(request.user),
        "is_refused": request.user.email != "" and request.user.refused_email == request.user.email,
    }
    return render(request, "pledges/preferences.html", context, status=status)
