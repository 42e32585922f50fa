"""Which pledges can be urged on a day, who is told of it, and what was urged before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from django.db.models import Max
from django.utils.translation import gettext as _

from pledges.choices import CampaignKind, Occasion, ReportState
from pledges.models import Campaign, Nudge, Pledge, ProgressReport, User
from pledges.models.plans import PledgeQuerySet
from pledges.queries.board import for_judging
from pledges.queries.duties import is_open, newest_reports
from pledges.queries.facts import Line, judged
from pledges.queries.pledges import Dossier
from pledges.queries.recipients import Addressee, Roster
from pledges.queries.workdays import office_calendar
from pledges.rules.reporting import LATE_REPORTING
from pledges.wording import moment_words

MOST_AT_ONCE = 100
"""So many pledges are urged in one go: what is urged wholesale is read by nobody."""

MOST_LOOKED_AT = 500
"""So many pledges are judged to find those that can be urged: bounded work for a province."""


class Hindrance(StrEnum):
    """Why a pledge cannot be urged, in the order in which it is asked."""

    CLOSED = "closed"
    DONE = "done"
    WAITING = "waiting"
    URGED = "urged"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pledge that somebody wants to urge: how it stands, who would be told, what stands against it.

    `readers` is None where nobody asked who would be told.
    """

    line: Line
    newest: ProgressReport | None = None
    state: ReportState | None = None
    nudge: Nudge | None = None
    readers: list[Addressee] | None = None

    @property
    def pledge(self) -> Pledge:
        return self.line.pledge

    @property
    def hindrance(self) -> Hindrance | None:
        """None where the pledge can be urged."""
        day = self.line.verdict.judged_on
        against = {
            Hindrance.CLOSED: not takes_reports(self.pledge.campaign, day=day),
            Hindrance.DONE: not is_open(self.line),
            Hindrance.WAITING: self.state == ReportState.SUBMITTED,
            Hindrance.URGED: self.nudge is not None and self.nudge.day == day,
            Hindrance.NOBODY: self.readers is not None and not self.readers,
        }
        return next((found for found, holds in against.items() if holds), None)

    @property
    def why_not(self) -> str:
        """The hindrance in words, empty where there is none."""
        return "" if self.hindrance is None else WHY_NOT[self.hindrance](self)


def _waiting_words(candidate: Candidate) -> str:
    report = candidate.newest
    if report is None:
        return ""
    return _("%(who)s reported on %(when)s: it is the reviewers' turn.") % {
        "who": report.author or report.source,
        "when": moment_words(report.submitted_at),
    }


def _urged_words(candidate: Candidate) -> str:
    nudge = candidate.nudge
    if nudge is None:
        return ""
    words = {"who": nudge.by, "when": moment_words(nudge.created_at)}
    return _("Already urged today, by %(who)s at %(when)s.") % words


WHY_NOT = {
    Hindrance.CLOSED: lambda _candidate: closed_words(),
    Hindrance.DONE: lambda _candidate: _("Done: there is nothing to urge."),
    Hindrance.WAITING: _waiting_words,
    Hindrance.URGED: _urged_words,
    Hindrance.NOBODY: lambda candidate: (
        _("Nobody who reports for %(department)s gets letters. The administrator can enter somebody.")
        % {"department": candidate.pledge.department}
    ),
}


def closed_words() -> str:
    """Why nothing of a whole campaign can be urged."""
    return _("This campaign takes no reports at present, so nothing can be urged.")


@dataclass(frozen=True, slots=True)
class Choice:
    """The pledges that somebody wants to urge on a day."""

    day: date
    candidates: list[Candidate]

    @property
    def urgable(self) -> list[Candidate]:
        return [candidate for candidate in self.candidates if candidate.hindrance is None]

    @property
    def left_out(self) -> list[Candidate]:
        return [candidate for candidate in self.candidates if candidate.hindrance]

    @property
    def people(self) -> list[User]:
        """Everybody who would be told, each once."""
        readers = (reader.person for candidate in self.urgable for reader in candidate.readers or ())
        return list({person.pk: person for person in readers}.values())

    @property
    def is_too_much(self) -> bool:
        return len(self.urgable) > MOST_AT_ONCE

    @classmethod
    def of(cls, pledges: PledgeQuerySet, *, roster: Roster) -> Self:
        """Weigh some pledges against the facts of the roster's day. Constant number of queries."""
        day = roster.day
        lines = judged(for_judging(pledges).order_by("number", "pk"), today=day)
        newest = newest_reports({line.pledge.book_id for line in lines}, day=day)
        nudges = latest_nudges((line.pledge.pk for line in lines), day=day)
        candidates = []
        for line in lines:
            pledge = line.pledge
            report, state = newest.get(pledge.book_id, (None, None))
            readers = roster.addressees(Occasion.NUDGE, pledge.department_id)
            candidates.append(Candidate(line, report, state, nudges.get(pledge.pk), readers))
        return cls(day, sorted(candidates, key=_urgency))


def _urgency(candidate: Candidate) -> tuple:
    """As on the board: trouble first, then in printed order."""
    return (candidate.line.verdict.light.rank, candidate.pledge.number, candidate.pledge.pk)


def candidate_of(dossier: Dossier, nudges: list[Nudge]) -> Candidate:
    """The pledge of a page, with what the page knows already. No query."""
    said = [report for report in dossier.reports if report.state != ReportState.WITHDRAWN]
    newest = max(said, key=lambda report: report.pk, default=None)
    state = ReportState(newest.state) if newest else None
    return Candidate(dossier.line, newest, state, nudges[0] if nudges else None)


def latest_nudges(pledges: Iterable[int], *, day: date) -> dict[int, Nudge]:
    """The last urging of each pledge by a day. One query."""
    urged = Nudge.objects.filter(pledge__in=list(pledges), day__lte=day).order_by()
    last = urged.values("pledge").annotate(last=Max("pk")).values("last")
    return {nudge.pledge_id: nudge for nudge in Nudge.objects.filter(pk__in=last).select_related("by")}


def nudges_of(pledge: Pledge, *, day: date) -> list[Nudge]:
    """Every urging of a pledge by a day, the newest first. One query."""
    return list(Nudge.objects.filter(pledge=pledge, day__lte=day).select_related("by"))


def is_answered(nudge: Nudge, newest: ProgressReport | None) -> bool:
    """Whether something was reported after an urging."""
    return newest is not None and newest.submitted_at > nudge.created_at


def takes_reports(campaign: Campaign, *, day: date) -> bool:
    """Whether a campaign takes figures on a day (`duties.taking_reports`): only then can anything of it be urged."""
    is_on = campaign.starts_on <= day <= campaign.ends_on + LATE_REPORTING
    return is_on and campaign.kind != CampaignKind.SYNTHETIC


def letters_on(day: date) -> date:
    """The day on which the letters of an urging leave: the same, or the next working day. One query."""
    return office_calendar().on_or_after(day)
