"""What is stored. Import from here: `from pledges.models import Pledge`."""

from pledges.models.audit import AuditEvent
from pledges.models.boards import KeptBoard, KeptCount
from pledges.models.briefings import Briefing, Directive, Fact, SavedView
from pledges.models.calendars import CalendarFeed, SpecialDay
from pledges.models.campaigns import Campaign, SourceArticle
from pledges.models.course import Blocker, Closing, Extension
from pledges.models.door import DoorCount, PastPassword
from pledges.models.evidence import Evidence, LedgerEntry
from pledges.models.operations import Heartbeat
from pledges.models.outbox import Letter, Nudge, Reminder
from pledges.models.people import Department, Leave, Membership, User
from pledges.models.plans import Milestone, Pledge
from pledges.models.reports import ProgressReport
from pledges.models.sheets import SheetUpload
from pledges.models.standings import LightChange, Standing
from pledges.models.themes import Theme

__all__ = [
    "AuditEvent",
    "Blocker",
    "Briefing",
    "CalendarFeed",
    "Campaign",
    "Closing",
    "Department",
    "Directive",
    "DoorCount",
    "Evidence",
    "Extension",
    "Fact",
    "Heartbeat",
    "KeptBoard",
    "KeptCount",
    "Leave",
    "LedgerEntry",
    "Letter",
    "LightChange",
    "Membership",
    "Milestone",
    "Nudge",
    "PastPassword",
    "Pledge",
    "ProgressReport",
    "Reminder",
    "SavedView",
    "SheetUpload",
    "SourceArticle",
    "SpecialDay",
    "Standing",
    "Theme",
    "User",
]
