"""Which doors a person has, and which campaign is at hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pledges.choices import CampaignKind, Role
from pledges.models import Campaign, User
from pledges.queries.reviews import waiting_reports


@dataclass(frozen=True, slots=True)
class Doors:
    """What stands in the masthead. `works`: has a department's work; `waiting` is the length of the review queue."""

    works: bool = False
    reviews: bool = False
    letters: bool = False
    urges: bool = False
    administers: bool = False
    mailbox: bool = False
    waiting: int = 0


def doors_of(user: User, roles: Collection[Role], *, letters_stay: bool = False) -> Doors:
    """The doors of a signed-in person. `letters_stay`: mail does not leave this machine."""
    reviews = user.is_superuser or Role.REVIEWER in roles
    overlooks = user.is_superuser or not Role.city_wide.isdisjoint(roles)
    return Doors(
        works=not Role.of_a_department.isdisjoint(roles),
        reviews=reviews,
        letters=overlooks,
        urges=overlooks,
        administers=user.is_staff,
        mailbox=letters_stay and user.is_superuser,
        waiting=waiting_reports(user).count() if reviews else 0,
    )


def default_campaign(campaigns: Sequence[Campaign], chosen: str | None, *, today: date) -> Campaign | None:
    """The one last looked at; else the one that is running, real before rehearsal; else the newest."""
    for campaign in campaigns:
        if campaign.code == chosen:
            return campaign

    def preference(campaign: Campaign) -> tuple:
        running = campaign.starts_on <= today <= campaign.ends_on
        return (not running, campaign.kind != CampaignKind.REAL, -campaign.starts_on.toordinal())

    return min(campaigns, key=preference, default=None)
