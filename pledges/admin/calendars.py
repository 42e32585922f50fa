"""The office's own holidays, and the calendars people subscribe to."""

from django.contrib import admin

from pledges.admin.rooms import PER_PAGE, LookOnly, PlansAgain
from pledges.models import CalendarFeed, SpecialDay


@admin.register(SpecialDay)
class SpecialDayAdmin(PlansAgain):
    """What is entered here stands above the announced calendar; a rest day makes its year a known one."""

    list_display = ("day", "name", "is_workday")
    list_filter = ("is_workday",)
    search_fields = ("name",)
    date_hierarchy = "day"
    ordering = ("-day",)
    list_per_page = PER_PAGE


@admin.register(CalendarFeed)
class CalendarFeedAdmin(LookOnly):
    """Even the fingerprint of the address stays unseen."""

    list_display = ("owner", "department", "created_at", "read_on", "revoked_at")
    list_select_related = ("owner", "department")
    list_filter = ("department",)
    search_fields = ("owner__username", "owner__name", "department__name")
    fields = list_display
