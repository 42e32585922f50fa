"""The administrators' rooms: people, departments, campaigns, plans, the office's calendar.

What only the application may write (reports, judgements, letters, records) is shown here and never changed.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pledges.admin import (
    audit,
    calendars,
    course,
    directives,
    letters,
    operations,
    people,
    plans,
    reports,
    themes,
)

__all__ = [
    "audit",
    "calendars",
    "course",
    "directives",
    "letters",
    "operations",
    "people",
    "plans",
    "reports",
    "themes",
]

admin.site.site_header = _("Military orders: administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("People, departments, campaigns and plans")
admin.site.enable_nav_sidebar = False
