"""The calendars people subscribe to: the file, and the two buttons of its owner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pledges import exports
from pledges.actions.feeds import make_feed, note_reading, revoke_feed
from pledges.forms.preferences import PreferencesForm
from pledges.models import CalendarFeed, Department
from pledges.queries.blockers import in_feed
from pledges.queries.feeds import deadlines_in, departments_seen, feed_of
from pledges.views.errors import not_found
from pledges.views.preferences import preferences_page
from pledges.views.requests import SignedIn
from ykplan.addresses import public_address


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines for a calendar program, which cannot sign in: whoever has the address may read it."""
    feed = feed_of(token)
    if feed is None:
        return _private(not_found(request))
    day = localdate()
    content = exports.calendars.render(
        feed, deadlines_in(feed, day=day), in_feed(feed, day=day), now=timezone.now()
    )
    note_reading(feed, today=day)
    answer = HttpResponse(content, content_type=exports.calendars.CONTENT_TYPE)
    answer.headers["Content-Language"] = feed.owner.language
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    """The address is a key: it stays out of caches, of the next site's log and of search engines."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def feed_make(request: SignedIn) -> HttpResponse:
    """A new address. Shown in this very answer, not after a redirect: kept nowhere, it cannot be shown later."""
    if request.method != "POST":
        # The answer stands under this address: whoever switches the language there comes by here.
        return redirect("preferences")
    _feed, token = make_feed(request.user, _department(request))
    form = PreferencesForm(user=request.user, today=localdate())
    return preferences_page(request, form, made=public_address(reverse("calendar-feed", args=[token])))


def _department(request: SignedIn) -> Department | None:
    """The department of the form, None for everything."""
    code = request.POST.get("department", "")
    if not code:
        return None
    if not slug_re.match(code):  # one database finds nothing, the other chokes on a NUL
        raise Http404
    return get_object_or_404(departments_seen(request.user), code=code)


@require_POST
def feed_revoke(request: SignedIn, feed: int) -> HttpResponse:
    """From now on nobody reads under this address."""
    found = get_object_or_404(CalendarFeed.objects.filter(owner=request.user), pk=feed)
    revoke_feed(found)
    messages.success(request, _("The address is revoked. Calendars that use it find nothing any more."))
    return redirect("preferences")
