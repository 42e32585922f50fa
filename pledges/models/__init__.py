"""What is stored. Import from here: `from pledges.models import Pledge`."""

from pledges.models.briefings import Briefing, Directive, Fact, SavedView
from pledges.models.calendars import CalendarFeed, SpecialDay
from pledges.models.campaigns import Campaign, SourceArticle
from pledges.models.operations import Heartbeat
from pledges.models.outbox import Letter, Nudge, Reminder
from pledges.models.people import Department, Leave, Membership, User
from pledges.models.plans import Milestone, Pledge
from pledges.models.reports import ProgressReport
from pledges.models.standings import LightChange, Standing

__all__ = [
    "Briefing",
    "CalendarFeed",
    "Campaign",
    "Department",
    "Directive",
    "Fact",
    "Heartbeat",
    "Leave",
    "Letter",
    "LightChange",
    "Membership",
    "Milestone",
    "Nudge",
    "Pledge",
    "ProgressReport",
    "Reminder",
    "SavedView",
    "SourceArticle",
    "SpecialDay",
    "Standing",
    "User",
]
