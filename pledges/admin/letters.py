"""What became of reminders: only looked at. The ledger of a campaign has the buttons."""

from django.contrib import admin

from pledges.admin.rooms import LookOnly
from pledges.models import Letter, Nudge, Reminder


@admin.register(Letter)
class LetterAdmin(LookOnly):
    list_display = ("day", "recipient", "kind", "subject", "state", "attempts", "ambiguous", "sent_at")
    list_display_links = ("day", "recipient")
    list_select_related = ("recipient",)
    list_filter = ("state", "kind")
    search_fields = ("recipient__username", "recipient__name", "subject", "email", "message_id")
    date_hierarchy = "day"


@admin.register(Reminder)
class ReminderAdmin(LookOnly):
    list_display = ("letter_on", "recipient", "occasion", "step", "label", "due", "state", "dropped")
    list_display_links = ("letter_on", "recipient")
    list_select_related = ("recipient",)
    list_filter = ("state", "occasion", "dropped", "campaign")
    search_fields = ("recipient__username", "recipient__name", "label")
    date_hierarchy = "letter_on"


@admin.register(Nudge)
class NudgeAdmin(LookOnly):
    list_display = ("day", "pledge", "by", "words", "created_at")
    list_select_related = ("pledge", "by")
    search_fields = ("pledge__number", "pledge__title", "by__name", "words")
    date_hierarchy = "day"
