"""What is stored. Import from here: `from pledges.models import Pledge`."""

from pledges.models.operations import Heartbeat
from pledges.models.people import Department, Membership, User
from pledges.models.plans import Campaign, Milestone, Pledge, SourceArticle
from pledges.models.reports import ProgressReport
from pledges.models.standings import LightChange, Standing

__all__ = [
    "Campaign",
    "Department",
    "Heartbeat",
    "LightChange",
    "Membership",
    "Milestone",
    "Pledge",
    "ProgressReport",
    "SourceArticle",
    "Standing",
    "User",
]
