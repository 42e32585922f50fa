"""The sections of a briefing that tell which deadlines were put off and which pledges were closed since the last one."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.models import Closing, Extension
from pledges.queries.briefings import Paper
from pledges.queries.bulletin_tables import Content, Row, flat, row_of, section
from pledges.wording import day_words


def put_off(paper: Paper) -> Content | None:
    """Each with the day first promised, the day until then and the day that holds now."""
    rows = [_extension_row(paper, each) for each in paper.course.extensions]
    said = ngettext(
        "%(number)d deadline was put off since the last briefing.",
        "%(number)d deadlines were put off since the last briefing.",
        len(rows),
    )
    caption, last = _("Table: deadlines put off"), _("From when to when, and why")
    return _told(rows, said, "extension-list", heading=_("Deadlines put off"), caption=caption, last=last)


def _extension_row(paper: Paper, extension: Extension) -> Row:
    stone, pledge = extension.milestone, extension.milestone.pledge
    words = _("First due %(first)s; from %(was)s to %(new)s, granted on %(decided)s.") % {
        "first": day_words(stone.first_due, near=paper.day),
        "was": day_words(extension.was_due, near=paper.day),
        "new": day_words(extension.new_due, near=paper.day),
        "decided": day_words(localdate(extension.decided_at), near=paper.day),
    }
    why = _("Reason: %(reason)s") % {"reason": extension.reason}
    return row_of(pledge.title, flat(words) + why, pledge.department.name, code=pledge.code)


def closed(paper: Paper) -> Content | None:
    """Each with the day first promised and the day it was closed on."""
    rows = [_closing_row(paper, each) for each in paper.course.closings]
    said = ngettext(
        "%(number)d pledge was closed since the last briefing.",
        "%(number)d pledges were closed since the last briefing.",
        len(rows),
    )
    caption, last = _("Table: pledges closed"), _("Deadline and closing")
    return _told(rows, said, "closing-list", heading=_("Pledges closed"), caption=caption, last=last)


def _closing_row(paper: Paper, closing: Closing) -> Row:
    pledge = closing.pledge
    last = max(pledge.milestones.all(), key=lambda stone: stone.due)
    said = {
        "first": day_words(last.first_due, near=paper.day),
        "due": day_words(last.due, near=paper.day),
        "closed": day_words(localdate(closing.closed_at), near=paper.day),
    }
    put_off = _("First due %(first)s, put off to %(due)s; closed on %(closed)s.")
    words = put_off if last.original_due else _("Due %(due)s; closed on %(closed)s.")
    return row_of(pledge.title, flat(words % said), pledge.department.name, code=pledge.code)


def _told(
    rows: list[Row], said: str, register: str, *, heading: str, caption: str, last: str
) -> Content | None:
    """A section with one sentence, a table and the register it is taken from; none where there is nothing to tell."""
    if not rows:
        return None
    middle = _("Contents and demand"), last
    made = section(heading, [said % {"number": len(rows)}], caption, rows, middle=middle)
    return made | {"register": register}
