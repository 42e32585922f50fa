"""What the system doubts about a figure: asked of the reporter before it is sent, flagged to the reviewer."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.choices import Light
from pledges.models import Evidence, Pledge, ProgressReport, User
from pledges.queries.facts import thresholds_of
from pledges.queries.ledger_entries import Ledger, last_names, ledgers_of
from pledges.queries.parts import measure_of, newest_of
from pledges.queries.previews import Preview
from pledges.rules.checks import Behind, Finding, findings_in
from pledges.rules.ledgers import by_key, takes_ledger
from pledges.rules.reporting import Book, Said
from pledges.wording import day_words, with_unit


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the system has looked at, in words; `flag` is its short form for the queue."""

    code: str
    wants_look: bool
    words: str
    flag: str
    is_confirmed: bool = False


def ledgers_in(reports: Iterable[ProgressReport], previews: dict[int, Preview]) -> dict[int, Ledger]:
    """The lists of those reports that can have one. At most two queries in all."""
    counted = [r for r in reports if takes_ledger(previews[r.pk].before.trajectory)]
    return ledgers_of(counted) if counted else {}


def checks_of(
    reports: Iterable[ProgressReport], previews: dict[int, Preview], ledgers: dict[int, Ledger]
) -> dict[int, list[Check]]:
    """The checks of several waiting reports. At most three queries in all."""
    reports = list(reports)
    pledges = {pk: preview.before.pledge for pk, preview in previews.items()}
    wholes = _wholes_of(pledges.values())
    newest = newest_of(wholes.values())
    filed = set(Evidence.objects.filter(report__in=reports).values_list("report", flat=True))
    found = {}
    for report in reports:
        pledge, preview = pledges[report.pk], previews[report.pk]
        whole = wholes.get(pledge.subset_of_id or 0)
        ledger = ledgers.get(report.pk, Ledger())
        said = Said(report.as_of, report.value, report.note, names=tuple(ledger.names.values()))
        behind = _behind(preview, whole, newest, ledger, has_evidence=report.pk in filed)
        findings = _findings(preview, said, behind, said_on=localdate(report.submitted_at))
        confirmed = set(report.confirmed.split(","))
        found[report.pk] = [in_words(finding, pledge, confirmed) for finding in findings]
    return found


def doubts_about(pledge: Pledge, preview: Preview, *, author: User, key: UUID, today: date) -> list[Finding]:
    """What the reporter is asked before the figure is sent. At most four queries.

    `pledge` is the one whose page was opened: a whole of another department is not the reporter's to see.
    """
    book = preview.before.pledge
    ledger = Ledger()
    if takes_ledger(preview.before.trajectory):
        before = last_names(book, until=preview.said.as_of)
        ledger = Ledger(by_key(preview.said.names), {entry.key: entry.name for entry in before})
    wholes = {
        pk: whole for pk, whole in _wholes_of([book]).items() if whole.department_id == pledge.department_id
    }
    behind = _behind(
        preview,
        wholes.get(book.subset_of_id or 0),
        newest_of(wholes.values()),
        ledger,
        has_evidence=Evidence.objects.loose().filter(form_key=key, uploaded_by=author).exists(),
    )
    said = Said(preview.said.as_of, preview.total, preview.said.note, names=preview.said.names)
    return [finding for finding in _findings(preview, said, behind, said_on=today) if finding.is_asked]


def plain_checks(preview: Preview, *, said_on: date) -> list[Check]:
    """The checks of a figure that brings neither file nor names, by its own book alone. No query."""
    said = Said(preview.said.as_of, preview.total, preview.said.note)
    behind = _behind(preview, None, {}, Ledger(), has_evidence=False)
    findings = _findings(preview, said, behind, said_on=said_on)
    return [in_words(finding, preview.before.pledge) for finding in findings]


def _wholes_of(pledges: Iterable[Pledge]) -> dict[int, Pledge]:
    """The wholes of which pledges are parts, by their keys."""
    wanted = {pledge.subset_of_id for pledge in pledges if pledge.subset_of_id}
    if not wanted:
        return {}
    found = Pledge.objects.filter(pk__in=wanted).select_related("campaign").prefetch_related("milestones")
    return {whole.pk: whole for whole in found}


def _behind(
    preview: Preview, whole: Pledge | None, newest: dict, ledger: Ledger, *, has_evidence: bool
) -> Behind:
    asks_for_files = preview.before.pledge.campaign.completion_needs_evidence
    return Behind(
        light=Light(preview.after.verdict.light) if asks_for_files else None,
        has_evidence=has_evidence,
        whole=measure_of(whole) if whole else None,
        newest_of_whole=newest.get(whole.pk) if whole else None,
        gone=len(ledger.change.gone),
        had_names=bool(ledger.before),
    )


def _findings(preview: Preview, said: Said, behind: Behind, *, said_on: date) -> list[Finding]:
    """`said.value` is the running total; the book holds accepted figures only."""
    pledge = preview.before.pledge
    book = Book(
        trajectory=preview.before.trajectory,
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        live=preview.known,
    )
    return findings_in(book, said, said_on=said_on, thresholds=thresholds_of(pledge.campaign), behind=behind)


WORDS: dict[str, Callable[[], str]] = {
    "first": lambda: _("The first figure of this pledge; there is none to compare it with."),
    "older": lambda: _("Older than the accepted figure as of %(day)s (%(value)s), which stays the newest."),
    "corrects": lambda: _("Corrects the accepted figure of the same day, %(day)s (%(value)s)."),
    "newer": lambda: _("Newer than the last accepted figure (as of %(day)s)."),
    "falls": lambda: _("Falls from %(was)s to %(now)s."),
    "kept": lambda: _("The running total does not fall: %(was)s → %(now)s."),
    "jump": lambda: _("From %(was)s to %(now)s is a hundredfold or more; the unit may be mistaken."),
    "unchanged": lambda: _("The same figure %(times)s times in a row."),
    "late": lambda: _("Reported after its cycle closed on %(day)s."),
    "in_time": lambda: _("Reported before its cycle closes on %(day)s."),
    "last_minute": lambda: _(
        "From %(was)s, unmoved since %(since)s, to %(now)s in the last days before the milestone of %(day)s."
    ),
    "long_after": lambda: _("True on %(day)s, and said %(days)s days later."),
    "over_whole": lambda: _(
        "This part, %(now)s, is greater than the whole it is counted in: %(whole)s as of %(day)s."
    ),
    "no_evidence": lambda: _("The light would be on track or done, and no file comes with the figure."),
    "evidence": lambda: _("A file comes with the figure."),
    "names_gone": lambda: _("%(names)s of the names accepted last are no longer in the list."),
    "no_names": lambda: _("The last accepted figure came with a list of names, this one has none."),
    "names": lambda: _("The list has %(names)s names, as many as the figure says."),
}
FLAGS: dict[str, Callable[[], str]] = {
    "older": lambda: pgettext("flag", "older than the last"),
    "corrects": lambda: pgettext("flag", "a correction"),
    "falls": lambda: pgettext("flag", "falls"),
    "jump": lambda: pgettext("flag", "large jump"),
    "unchanged": lambda: pgettext("flag", "unchanged %(times)s times"),
    "late": lambda: pgettext("flag", "late"),
    "last_minute": lambda: pgettext("flag", "jump on the last days"),
    "long_after": lambda: pgettext("flag", "long after its day"),
    "over_whole": lambda: pgettext("flag", "greater than the whole"),
    "no_evidence": lambda: pgettext("flag", "no evidence"),
    "names_gone": lambda: pgettext("flag", "names gone"),
    "no_names": lambda: pgettext("flag", "list missing"),
}


def in_words(finding: Finding, pledge: Pledge, confirmed: Collection[str] = ()) -> Check:
    """A finding as it is read; `confirmed` are the doubts that the reporter was asked about."""
    shown = {name: _shown(value, pledge) for name, value in finding.values.items()}
    flag = FLAGS[finding.code]() % shown if finding.code in FLAGS and finding.wants_look else ""
    words = WORDS[finding.code]() % shown
    return Check(finding.code, finding.wants_look, words, flag, finding.code in confirmed)


def _shown(value: object, pledge: Pledge) -> object:
    if isinstance(value, date):
        return day_words(value)
    return with_unit(value, pledge.unit) if isinstance(value, Decimal) else value
