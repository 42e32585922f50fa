"""A briefing in words: every sentence and every row that is printed, as plain data that is kept whole.

The paper is Chinese whoever asks for it, and stays as it is: pages and documents are made from this alone.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from pledges.choices import CampaignKind, Change, Language, Light
from pledges.models import Campaign
from pledges.queries.briefings import Paper, paper_of
from pledges.queries.bulletin_course import closed, put_off
from pledges.queries.bulletin_tables import (
    Content,
    blockers,
    coming,
    directives,
    flat,
    left_over,
    named_section,
    section,
    unfinished,
)
from pledges.rules.numbers import format_number
from pledges.wording import day_words

__all__ = ["Content", "draft_of", "flat"]


def draft_of(campaign: Campaign, *, day: date, than: date | None) -> Content:
    """Everything that a briefing of a day would print, compared with an earlier day. Nothing is stored."""
    with override(Language.CHINESE):
        return content_of(paper_of(campaign, day=day, than=than))


def content_of(paper: Paper) -> Content:
    """Texts, numbers as texts, lists: what JSON keeps exactly."""
    red, yellow = paper.of_light(Light.RED), paper.of_light(Light.YELLOW)
    sections = (
        directives(paper),
        unfinished(paper, red, yellow),
        put_off(paper),
        closed(paper),
        _overall(paper),
        named_section(paper, red, Light.RED, _("2. Alerts"), _("Table: alerts")),
        named_section(paper, yellow, Light.YELLOW, _("3. Behind"), _("Table: behind")),
        coming(paper),
        blockers(paper),
    )
    return {
        "version": 1,
        "campaign": paper.campaign.code,
        "number": paper.number,
        "day": paper.day.isoformat(),
        "compared_with": paper.than.isoformat() if paper.than else "",
        **_head(paper),
        "sections": [each for each in sections if each],
        "footnotes": [flat(note) for note in _footnotes(paper)],
        "imprint": [flat(words) for words in _imprint(paper)],
        "unfinished": left_over(paper, red, yellow),
        "told": paper.course.told,
    }


def _head(paper: Paper) -> Content:
    banner = ""
    if paper.campaign.kind == CampaignKind.REHEARSAL:
        banner = _("Rehearsal: pledges and deadlines are real, progress and notes are invented.")
    elif paper.campaign.is_invented:
        banner = _("Synthetic data: made for measuring, nothing here is real.")
    return {
        "paper": _("Supervision briefing"),
        "issue": flat(_("No. %(number)d") % {"number": paper.number}),
        "office": _("Supervision office"),
        "date": flat(day_words(paper.day)),
        "title": [paper.campaign.name, _("Progress of the military orders")],
        "banner": banner,
    }


def _overall(paper: Paper) -> Content:
    counts, campaign = paper.counts, paper.campaign
    shares = pgettext("list of clauses", "; ").join(
        _("%(light)s %(number)d, %(share)s%%")
        % {"light": light.label, "number": number, "share": f"{counts.share(light):.1f}"}
        for light, number in counts.items()
    )
    days = (campaign.ends_on - campaign.starts_on).days + 1
    gone = min(max((paper.day - campaign.starts_on).days + 1, 0), days)
    words = _(
        "As of %(day)s, of %(total)d pledges of %(departments)d departments: %(shares)s. %(gone)s%% of the time has passed."
    ) % {
        "day": day_words(paper.day, near=paper.day),
        "total": counts.total,
        "departments": paper.promised,
        "shares": shares,
        "gone": f"{100 * gone / days:.1f}",
    }
    return section(_("1. Overall"), [words, *_change(paper)])


def _change(paper: Paper) -> list[str]:
    """The same changes that the overview counts."""
    if paper.than is None:
        return []
    words = _(
        "Compared with %(day)s: %(red)d new alerts; %(yellow)d newly behind and %(silent)d fallen silent; %(eased)d alerts eased to "
        "behind; %(recovered)d recovered; %(done)d newly done; %(reported)d with a first figure."
    )
    found = paper.changes
    said = {
        "day": day_words(paper.than, near=paper.day),
        "red": found[Change.NEW_RED],
        "yellow": found[Change.NEW_YELLOW],
        "silent": found[Change.SILENT],
        "eased": found[Change.EASED],
        "recovered": found[Change.RECOVERED],
        "done": found[Change.DONE],
        "reported": found[Change.REPORTED],
    }
    return [words % said]


def _footnotes(paper: Paper) -> list[str]:
    campaign = paper.campaign
    rules = _(
        "Rules of the lights: up to %(yellow)s percentage points behind the trajectory is on track, from %(yellow)s to %(red)s "
        "behind, more than %(red)s or a milestone passed unmet an alert; without a trajectory, due within %(soon)d days and "
        "not done is behind; so is a whole reporting cycle without a report."
    ) % {
        "yellow": format_number(campaign.yellow_points),
        "red": format_number(campaign.red_points),
        "soon": campaign.due_soon_days,
    }
    formula = _(
        "Points behind = (expected − actual) ÷ (last target − starting value) × 100, in percentage points; "
        "what is expected lies on the straight line between the milestones."
    )
    data = _(
        "Figures are true by %(day)s at the latest and accepted; what waits for review is not counted. The day of each figure "
        "stands in brackets. A stretch goal that is missed is no failure and never an alert."
    ) % {"day": day_words(paper.day, near=paper.day)}
    return [
        flat(f"{place}. {words}")
        for place, words in enumerate([rules, formula, data, *_once(paper)], start=1)
    ]


def _once(paper: Paper) -> list[str]:
    if not paper.shared:
        return []
    words = ngettext(
        "%(number)d pledge that several departments made together counts once, for the department printed first; "
        "all of them are named.",
        "%(number)d pledges that several departments made together count once, for the department printed first; "
        "all of them are named.",
        paper.shared,
    )
    return [words % {"number": paper.shared}]


def _imprint(paper: Paper) -> list[str]:
    to = _("To: the %(number)d departments in charge.") % {"number": paper.promised}
    return [_("Reported to: the city's leadership."), to]
