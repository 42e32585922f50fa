"""The sections of a briefing that name pledges one by one, each with its table."""

import re
from collections import Counter
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.choices import Light
from pledges.queries.blockers import Hitch
from pledges.queries.board import DUE_WITHIN, DueRow
from pledges.queries.briefings import Paper
from pledges.queries.directives import Slip, Stage
from pledges.queries.facts import Line
from pledges.rules.blockers import Stage as BlockerStage
from pledges.wording import day_words, days_words, in_a_row, target_words, value_words, what_to_do, why

Content = dict[str, Any]
Row = dict[str, Any]

NAMED_DEPARTMENTS = 12
"""So many departments are named in a sentence; the table names them all."""

BESIDE_CHINESE = re.compile(
    r"[ \u00a0]+(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])|(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])[ \u00a0]+"
)


def flat(text: str) -> str:
    """As printed: no blanks between digits and Chinese characters."""
    return BESIDE_CHINESE.sub("", text)


def section(
    heading: str,
    paragraphs: list[str],
    caption: str = "",
    rows: list[Row] | None = None,
    *,
    middle: tuple[str, str] | None = None,
) -> Content:
    """`middle`: the heads of the two columns between the number and the department, where they are others."""
    what, progress = middle or (_("Contents and demand"), _("Progress so far"))
    heads = [_("No. in the table"), what, progress, _("Department in charge")]
    table = {"caption": flat(caption), "heads": heads, "rows": _numbered(rows)} if rows else None
    return {"heading": heading, "paragraphs": [flat(words) for words in paragraphs], "table": table}


def _numbered(rows: list[Row]) -> list[Row]:
    return [row | {"cells": [f"{place}", *row["cells"]]} for place, row in enumerate(rows, start=1)]


def row_of(what: str, progress: str, who: str, *, light: str = "", code: str = "", mark: str = "") -> Row:
    return {"cells": [what, progress, who], "light": light, "code": code, "mark": mark}


def directives(paper: Paper) -> Content | None:
    """What leaders asked and nobody has closed yet."""
    if not paper.slips:
        return None
    stages = Counter(slip.stage for slip in paper.slips)
    words = _("%(number)d directives are open: %(waiting)d unanswered, of these %(over)d overdue.") % {
        "number": len(paper.slips),
        "waiting": stages[Stage.WAITING] + stages[Stage.OVERDUE],
        "over": stages[Stage.OVERDUE],
    }
    rows = [_directive_row(slip) for slip in paper.slips]
    return section(pgettext("briefing", "Directives"), [words], _("Table: open directives"), rows)


def _directive_row(slip: Slip) -> Row:
    directive = slip.directive
    what = _("%(title)s. %(who)s directed: %(words)s") % {
        "title": directive.pledge.title,
        "who": directive.by,
        "words": directive.words,
    }
    return row_of(what, _answer_words(slip), directive.pledge.department.name, code=directive.pledge.code)


def _answer_words(slip: Slip) -> str:
    """How far the answer is; the department's own words stay as they were written."""
    directive = slip.directive
    if slip.is_answered:
        return _("Answered, not closed yet: %(answer)s") % {"answer": directive.answer}
    by = day_words(directive.answer_by, near=slip.day)
    if slip.stage == Stage.OVERDUE:
        words = _("To be answered by %(day)s: %(over)s overdue, no answer.")
        return flat(words % {"day": by, "over": days_words(slip.days_over)})
    return flat(_("To be answered by %(day)s; no answer yet.") % {"day": by})


def blockers(paper: Paper) -> Content | None:
    """The four lists: what stands in the way, what removes it, by when, whose turn it is."""
    if not paper.hitches:
        return None
    over = sum(hitch.stage == BlockerStage.OVERDUE for hitch in paper.hitches)
    hindered = len({hitch.blocker.pledge_id for hitch in paper.hitches})
    words = _("%(number)d blockers stand in the way of %(pledges)d pledges, of these %(over)d overdue.") % {
        "number": len(paper.hitches),
        "pledges": hindered,
        "over": over,
    }
    middle = _("Pledge and weakness"), _("Remedy and day")
    rows = [_blocker_row(hitch) for hitch in paper.hitches]
    return section(_("5. Blockers"), [words], _("Table: open blockers"), rows, middle=middle)


def _blocker_row(hitch: Hitch) -> Row:
    blocker = hitch.blocker
    what = _("%(title)s (%(department)s): %(weakness)s") % {
        "title": blocker.pledge.title,
        "department": blocker.pledge.department,
        "weakness": blocker.weakness,
    }
    said = {"remedy": blocker.remedy.rstrip("。；;. \n"), "day": flat(day_words(blocker.due, near=hitch.day))}
    if hitch.stage == BlockerStage.OVERDUE:
        said["over"] = flat(days_words(hitch.days_over))
        remedy = _("%(remedy)s. To be removed by %(day)s: %(over)s overdue.") % said
    else:
        remedy = _("%(remedy)s. To be removed by %(day)s.") % said
    return row_of(what, remedy, blocker.department.name, code=blocker.pledge.code)


def unfinished(paper: Paper, red: list[Line], yellow: list[Line]) -> Content | None:
    if paper.previous is None or not (asked := paper.previous.content["unfinished"]):
        return None
    by_code = {line.pledge.code: line for line in paper.lines.values()}
    by_code |= {code: paper.lines[lead] for code, lead in paper.merged.items() if lead in paper.lines}
    found = [(row, by_code.get(row["code"])) for row in asked]
    now = Counter(line.verdict.light if line else None for row_of, line in found)
    counts = [
        _("%(light)s %(number)d") % {"light": light.label, "number": now[light]}
        for light in Light
        if now[light]
    ]
    if now[None]:
        counts.append(_("no longer in the plan %(number)d") % {"number": now[None]})
    words = _("Briefing no. %(last)d named %(number)d items. Today: %(counts)s.") % {
        "last": paper.previous.number,
        "number": len(asked),
        "counts": pgettext("list", ", ").join(counts),
    }
    places = _places(red, yellow)
    found.sort(key=lambda pair: pair[1].verdict.light.rank if pair[1] else len(Light) + 1)
    rows = [_then_and_now(row, line, places) for row, line in found]
    return section(_("Left over from last time"), [words], _("Table: left over from last time"), rows)


def _places(red: list[Line], yellow: list[Line]) -> dict[int, str]:
    """Where in this paper a pledge is told in full."""
    tables = ((_("Alerts, no. %(place)d"), red), (_("Behind, no. %(place)d"), yellow))
    return {
        line.pledge.pk: words % {"place": place}
        for words, lines in tables
        for place, line in enumerate(lines, start=1)
    }


def _then_and_now(row: Row, line: Line | None, places: dict[int, str]) -> Row:
    """The light then and now; what is told in full below is only pointed at."""
    then = f"{Light(row['light']).label}"
    if line is None:
        return row_of(row["title"], _("Then %(then)s; no longer in the plan.") % {"then": then}, row["who"])
    light = line.verdict.light
    said = {"then": then, "now": f"{light.label}"}
    if place := places.get(line.pledge.pk):
        words = _("Then %(then)s, now %(now)s (%(place)s).") % (said | {"place": place})
    else:
        words = in_a_row(_("Then %(then)s, now %(now)s.") % said, why(line))
    words = flat(words)
    if line.pledge.code != row["code"]:
        words = in_a_row(words, _("Merged with “%(title)s”.") % {"title": line.pledge.title})
    return row_of(row["title"], words, row["who"], light=light.value, code=line.pledge.code)


def left_over(paper: Paper, red: list[Line], yellow: list[Line]) -> list[Content]:
    """What the next briefing begins with: whatever this one names as not done."""
    open_due = [row.line for row in paper.due if not row.is_met]
    named = {line.pledge.pk: line for line in (*red, *yellow, *open_due)}
    return [
        {
            "code": line.pledge.code,
            "light": line.verdict.light.value,
            "title": line.pledge.title,
            "who": _who(paper, line),
        }
        for line in named.values()
    ]


def named_section(paper: Paper, lines: list[Line], light: Light, heading: str, caption: str) -> Content:
    if not lines:
        return section(heading, [_("%(light)s: none.") % {"light": light.label}])
    whose = Counter(name for line in lines for name in paper.who[line.pledge.pk])
    reasons = Counter(line.verdict.reason for line in lines)
    counted = _("%(what)s %(number)d")
    listed = pgettext("list", ", ")
    most = whose.most_common(NAMED_DEPARTMENTS)
    named = listed.join(counted % {"what": name, "number": number} for name, number in most)
    words = _(
        "%(light)s: %(number)d, of %(departments)d departments: %(named)s%(more)s. Reasons: %(why)s."
    ) % {
        "light": light.label,
        "number": len(lines),
        "departments": len(whose),
        "named": named,
        "more": _(" and others") if len(whose) > len(most) else "",
        "why": listed.join(
            counted % {"what": reason.label, "number": number} for reason, number in reasons.items()
        ),
    }
    return section(heading, [words], caption, [_line_row(paper, line) for line in lines])


def _line_row(paper: Paper, line: Line) -> Row:
    return row_of(
        demand_words(line),
        flat(in_a_row(why(line), what_to_do(line))),
        _who(paper, line),
        light=line.verdict.light.value,
        code=line.pledge.code,
        mark=_("New.") if line.pledge.pk in paper.newly else "",
    )


def coming(paper: Paper) -> Content:
    last = paper.day + DUE_WITHIN
    still = [row for row in paper.due if not row.is_met]
    words = _("Due from %(first)s to %(last)s: %(number)d milestones, %(met)d reached, %(open)d not yet.") % {
        "first": day_words(paper.day, near=paper.day),
        "last": day_words(last, near=paper.day),
        "number": len(paper.due),
        "met": len(paper.due) - len(still),
        "open": len(still),
    }
    rows = [_due_row(paper, row) for row in still]
    return section(_("4. Due soon"), [words], _("Table: due within 30 days and not reached"), rows)


def _due_row(paper: Paper, row: DueRow) -> Row:
    line, pledge = row.line, row.line.pledge
    words = _("%(light)s. Due %(due)s: %(target)s. Now: %(actual)s.") % {
        "light": line.verdict.light.label,
        "due": day_words(row.milestone.due, near=paper.day),
        "target": target_words(pledge, row.milestone.target),
        "actual": value_words(pledge, line.verdict.actual),
    }
    return row_of(
        demand_words(line), flat(words), _who(paper, line), light=line.verdict.light.value, code=pledge.code
    )


def _who(paper: Paper, line: Line) -> str:
    return pgettext("list", ", ").join(paper.who[line.pledge.pk])


def demand_words(line: Line) -> str:
    """What was promised, until when; a target that the title does not name, and every one of several."""
    pledge, near = line.pledge, line.verdict.judged_on
    stones = list(line.trajectory.milestones)
    parts = []
    for stone in stones:
        target = "" if pledge.is_deliverable else flat(target_words(pledge, stone.value))
        by = flat(_("by %(day)s") % {"day": day_words(stone.day, near=near)})
        is_told = target.replace(",", "") in pledge.title.replace(",", "")
        parts.append(by if len(stones) == 1 and is_told else by + target)
    title = (
        _("Part of the item before: %(title)s") % {"title": pledge.title}
        if pledge.subset_of_id
        else pledge.title
    )
    mark = _("(stretch goal)") if pledge.stretch else ""
    return pgettext("clause", ", ").join(chain([title + mark], parts))
