"""The day a page is asked for: today, or `?on=YYYY-MM-DD`."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pledges.rules.days import DayFault, parse_day


def day_of(request: HttpRequest) -> date:
    """The asked day; a day that cannot be read is named and today is shown."""
    asked = request.GET.get("on", "").strip()
    if not asked:
        return localdate()
    try:
        return parse_day(asked)
    except DayFault:
        messages.warning(
            request, _("“%(day)s” is not a day like 2022-06-30. This is today.") % {"day": asked[:20]}
        )
        return localdate()
