"""Issue a briefing (专报): what the draft said becomes a row that nothing changes any more."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pledges.actions.audit import record
from pledges.errors import StaleError
from pledges.models import Briefing, Campaign, User
from pledges.permissions import is_reviewer
from pledges.queries.briefings import fingerprint_of, number_of, why_not
from pledges.queries.bulletin import Content, draft_of

AGAIN = "again"


@transaction.atomic
def issue_briefing(
    campaign: Campaign,
    *,
    day: date,
    than: date | None,
    by: User,
    today: date,
    seen: str = "",
    again: bool = True,
) -> Briefing:
    """Give the draft of a day its number and keep it whole.

    `seen` is the fingerprint of the draft that was on the screen: if the facts have moved since, or somebody
    issued meanwhile, nothing is issued. Sent twice by the same person, it is issued once. Without `again`
    a second one of the same day is asked about first (ValidationError with the code `again`).
    Raises PermissionDenied, ValidationError, StaleError.
    """
    if not is_reviewer(by):
        raise PermissionDenied
    # One at a time: the second of two sees the first one's number and unfinished list.
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if seen and (earlier := campaign.briefings.filter(sha256=seen, issued_by=by).first()):
        return earlier
    if fault := why_not(campaign, day=day, than=than, today=today):
        raise ValidationError(fault)
    content = draft_of(campaign, day=day, than=than)
    if seen and seen != fingerprint_of(content):
        raise StaleError(_moved_words())
    if not again and (number := number_of(campaign, day)):
        raise ValidationError(again_words(number), code=AGAIN)
    issued = _insert(campaign, content, day=day, than=than, by=by)
    said = {"campaign": campaign.code, "number": issued.number, "day": day, "sha256": issued.sha256}
    record("briefing.issue", issued, actor=by, after=said)
    return issued


def _insert(campaign: Campaign, content: Content, *, day: date, than: date | None, by: User) -> Briefing:
    try:
        with transaction.atomic():
            return Briefing.objects.create(
                campaign=campaign,
                number=content["number"],
                day=day,
                compared_with=than,
                content=content,
                sha256=fingerprint_of(content),
                issued_by=by,
            )
    except IntegrityError as error:
        raise StaleError(_moved_words()) from error


def again_words(number: int) -> str:
    """The question before another one of the same day."""
    return _("There is already no. %(number)d of this day. Issue another?") % {"number": number}


def _moved_words() -> str:
    return _(
        "Nothing was issued: the facts have changed since this draft was opened, or another briefing was issued. Read the draft again."
    )
