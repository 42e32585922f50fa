"""What only the leader's page and the wall need: links under the page's filters, changes, the map."""

from fractions import Fraction
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pledges.choices import Fate, Light, Reason
from pledges.models import Campaign
from pledges.queries.board import Counts
from pledges.queries.calendar_map import Cell, MapRow
from pledges.queries.changes import Moved, Tally
from pledges.queries.facts import Line
from pledges.queries.tallies import Ranked
from pledges.rules.discipline import Discipline
from pledges.templatetags.figures import points_of
from pledges.templatetags.ykplan import BAR_CLASSES, CELL, GAP, UNIT_HEIGHT, link

register = template.Library()

MINUS = "\N{MINUS SIGN}"
WALL_BAR, WALL_CELLS = 360, 30
"""The length of a bar on the wall; departments of up to so many pledges can be compared by it."""

SEEN_CELLS = 120
"""More of them in one bar are narrower than three points."""

SHAPES_SHOWN = 6
"""Up to so many deadlines of one fate stand as shapes, more as a number."""


NO_PLEDGE = SafeString('<td class="num"><span class="zero">0</span></td>')
WIDEST_BAR = 360
NOW = SafeString(' class="now"')
DRAWN = {
    fate: f'<svg class="shape shape--{fate.shape}" aria-hidden="true"><use href="#light-{fate.shape}"/></svg>'
    for fate in Fate
}
"""The shape of each fate: nothing in it was typed by anybody."""


@register.simple_tag(takes_context=True)
def listed(context: Context, **query: object) -> str:
    """The address of the list under the filters of the page, and these."""
    return link(context, "pledge-list", context["campaign"].code, **(context.get("asked") or {}) | query)


@register.simple_tag(takes_context=True)
def light_cells(context: Context, row: Ranked) -> SafeString:
    """The counts of a department as cells, each opening its list; joined here, a big plan has hundreds."""
    address = listed(context, department=row.department.code)
    cells = (
        format_html('<td class="num"><a href="{}&amp;light={}">{}</a></td>', address, found, number)
        if number
        else NO_PLEDGE
        for found, number in row.counts.items()
    )
    whole = format_html('<td class="num"><a href="{}">{}</a></td>', address, row.counts.total)
    return SafeString("".join([*cells, whole]))


@register.simple_tag
def cells_bar(counts: Counts) -> SafeString:
    """One cell per pledge, each light drawn at once; so many that they would not fit are drawn narrower.

    Where they could not be told apart any more, a light is drawn in one piece.
    """
    drawn, x, at_once = [], 0, counts.total > SEEN_CELLS
    for found, number in counts.items():
        width = (CELL + GAP) * number - GAP if at_once else CELL
        starts = range(x, x + (CELL + GAP) * number, (CELL + GAP) * (number if at_once and number else 1))
        cells = (f"M{start} 0h{width}v{UNIT_HEIGHT}h-{width}z" for start in starts)
        paint = f'class="{BAR_CLASSES[found]}"' if found in BAR_CLASSES else 'fill="url(#hatch)"'
        drawn.append(f'<path d="{"".join(cells)}" {paint}/>' if number else "")
        x += (CELL + GAP) * number
    words = pgettext("list", ", ").join(
        f"{found.label} {number}" for found, number in counts.items() if number
    )
    return format_html(
        '<svg class="bar" width="{}" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        min(max(x - GAP, 1), WIDEST_BAR),
        UNIT_HEIGHT,
        max(x - GAP, 1),
        UNIT_HEIGHT,
        words,
        SafeString("".join(drawn)),
    )


@register.simple_tag(takes_context=True)
def changed(context: Context, change: str) -> str:
    """The address of the list of a change since the compared day."""
    return listed(context, changed=change, than=context["than"].isoformat())


@register.filter
def moved(tally: Tally, light: Light) -> str:
    """How many more of a light than on the compared day, with its sign."""
    more = tally.difference(Light(light))
    if more is None:
        return ""
    return f"+{more}" if more > 0 else f"{MINUS}{-more}" if more else "±0"


@register.filter
def score(value: Fraction | None) -> str:
    """A score to a tenth; nothing judged is a dash."""
    return "—" if value is None else f"{float(value):.1f}%"


@register.filter
def distance(line: Line) -> str:
    """How far an alert is behind: days over its deadline, else points; put off too often, that is the alert."""
    verdict = line.verdict
    overdue = (verdict.judged_on - verdict.milestone.day).days if verdict.milestone else 0
    if overdue > 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", overdue) % {"days": overdue}
    if verdict.reason == Reason.PUT_OFF:
        return str(verdict.reason.label)
    return _("%(points)s points") % {"points": points_of(line)}


@register.inclusion_tag("pledges/parts/wall_bar.html")
def wall_bar(counts: Counts) -> dict[str, object]:
    """The composition of a department in a fixed width: legible, whatever its size."""
    width, left, pieces = WALL_BAR / max(counts.total, WALL_CELLS), 0.0, []
    for found, number in counts.items():
        if number:
            pieces.append(
                (found, BAR_CLASSES.get(found, ""), f"{left:.1f}", f"{number * width - 1:.1f}", number)
            )
            left += number * width
    return {"pieces": pieces, "length": WALL_BAR}


@register.filter
def climbed(rise: int | None) -> str:
    """How many places up or down."""
    if not rise:
        return "—"
    return f"↑{rise}" if rise > 0 else f"↓{-rise}"


@register.filter
def told_of(disciplines: dict[int, Discipline], row: Ranked) -> Discipline:
    """The reporting discipline of a department in the ranking."""
    return disciplines[row.department.pk]


@register.filter
def shift_words(each: Moved) -> str:
    """From which light to which, in words."""
    return _("from “%(was)s” to “%(now)s”") % {"was": each.was.label, "now": each.now.label}


@register.filter
def formula(campaign: Campaign) -> str:
    """How the score of this campaign is counted."""
    kept = _("on track + done")
    if campaign.yellow_weight:
        kept = _("on track + done + %(weight)d%% of those behind") % {"weight": campaign.yellow_weight}
    judged = _("all pledges") if campaign.grey_counts else _("all pledges − those not due and not reported")
    return _("Score = (%(kept)s) ÷ (%(judged)s).") % {"kept": kept, "judged": judged}


@register.simple_tag(takes_context=True)
def map_cells(context: Context, row: MapRow) -> SafeString:
    """The cells of one department, joined here: a big plan has hundreds of them."""
    campaign, day = context["campaign"], context["day"]
    query: dict[str, Any] = {**(context.get("asked") or {}), "department": row.department.code}
    if day != context["today"]:
        query["on"] = day.isoformat()
    query.pop("due", None)
    address = f"{reverse('pledge-list', args=[campaign.code])}?{urlencode(query)}"
    now, months = (day.year, day.month), context["months"]
    cells = (
        (NOW if month == now else "", _cell(cell, address, row, months[month]) if cell else "")
        for month, cell in zip(months, row.cells, strict=True)
    )
    return format_html_join("", "<td{}>{}</td>", cells)


def _cell(cell: Cell, address: str, row: MapRow, month: str) -> SafeString:
    parts = pgettext("list", ", ").join(f"{number} {fate.label}" for fate, number in cell.fates.items())
    words = ngettext(
        "%(department)s, %(month)s: %(number)d pledge due, %(parts)s",
        "%(department)s, %(month)s: %(number)d pledges due, %(parts)s",
        cell.total,
    ) % {
        "department": row.department.name,
        "month": month,
        "number": cell.total,
        "parts": parts,
    }
    few = cell.total <= SHAPES_SHOWN
    drawn = "".join(
        DRAWN[fate] * number if few else f"{DRAWN[fate]}{'' if number == cell.total else number}"
        for fate, number in cell.fates.items()
    )
    return format_html(
        '<a class="cell" href="{}&amp;due={}" aria-label="{}"><b>{}</b>{}</a>',
        address,
        cell.key,
        words,
        cell.total,
        SafeString(drawn),
    )
