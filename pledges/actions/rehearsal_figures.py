"""What stands behind the figures of a rehearsal: files, lists of names, and a slip that a reviewer should find."""

from decimal import Decimal
from functools import partial
from itertools import islice
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from pledges.actions.evidence import attach, upload
from pledges.actions.ledger_entries import list_names
from pledges.actions.rehearsal_scene import Scene, goes_on, paper_about
from pledges.actions.reports import submit_report
from pledges.choices import Basis, Light, ReportState
from pledges.errors import DoubtsError, StaleError
from pledges.models import Evidence, LedgerEntry, Pledge, ProgressReport
from pledges.queries.facts import Line
from pledges.rules.ledgers import takes_ledger
from pledges.rules.reporting import Said

LISTED = 6
"""So many counts are spelled out by name."""
FEWEST, MOST = 2, 40
"""A list that a newcomer reads."""
SLIP, TRIES = 100, 3
RETURNED = 2
"""So many reports that came back bring a file, too: it is offered with the next one."""
SPREAD = 8
"""Every so many pledges of the others bring a file with their newest report."""


def _newest_accepted(scene: Scene, pledges: list[Pledge]) -> dict[int, list[ProgressReport]]:
    """The accepted reports of pledges, the newest first, by their pledge."""
    found: dict[int, list[ProgressReport]] = {}
    # What somebody else has reported is not proved with a made-up file.
    accepted = ProgressReport.objects.accepted().filter(
        pledge__in=pledges, author__username__startswith="demo-"
    )
    for report in (
        accepted.known_by(scene.today)
        .select_related("author", "pledge__department")
        .order_by("-as_of", "-pk")
    ):
        found.setdefault(report.pledge_id, []).append(report)
    return found


def prove(scene: Scene) -> None:
    """Files with what is done, with everything of the department that is shown, and with some of the others."""
    own, done = scene.lines[0].pledge.department_id, Light.DONE
    chosen = [
        line.pledge
        for place, line in enumerate(scene.lines)
        if line.pledge.department_id == own or line.verdict.light == done or place % SPREAD == 0
    ]
    newest = [said[0] for said in _newest_accepted(scene, chosen).values()]
    returned = ProgressReport.objects.filter(state=ReportState.RETURNED, pledge__in=chosen)
    for report in (*newest, *returned.filter(pledge__department=own).order_by("-submitted_at")[:RETURNED]):
        try:
            pledge = report.pledge
            paper = paper_about(scene, pledge, report.as_of)
            upload(report.key, paper, user=scene.reporter(pledge), pledge=pledge)
        except ValidationError:  # no room on the disk: the figures are there all the same
            return
        attach(report)
        scene.tally.add(Evidence, "created")


def list_things(scene: Scene) -> None:
    """The names behind some counts, one of them claimed by two; and a new list that waits for review."""
    counts = [line for line in scene.lines if takes_ledger(line.trajectory) and _is_listed(line)][:LISTED]
    reports = _newest_accepted(scene, [line.pledge for line in counts])
    shared = scene.words["same_thing"]
    for place, line in enumerate(counts):
        for report in reports.get(line.pledge.pk, [])[:2]:
            names = _names(scene, line.pledge, int(report.value))
            list_names(report, [*names[:-1], shared] if place == 1 and names else names)
            scene.tally.add(LedgerEntry, "created", len(names))
    for line in counts[:1]:
        actual = line.verdict.actual or Decimal(0)
        names = (*_names(scene, line.pledge, int(actual)), shared)
        said = Said(scene.today, actual + 1, _note(scene, "names"), names=names)
        scene.tally.add(ProgressReport, "created", _say(scene, line.pledge, said))
        scene.used.add(line.pledge.book_id)


def _is_listed(line: Line) -> bool:
    """Whether a count is neither nothing nor too long to read, and one more does not finish it."""
    actual = line.verdict.actual
    return actual is not None and FEWEST <= actual <= MOST and actual + 1 < line.trajectory.finish.value


def _names(scene: Scene, pledge: Pledge, number: int) -> tuple[str, ...]:
    thing = scene.words["thing"]
    return tuple(thing.format(number=pledge.number, place=place) for place in range(1, number + 1))


def _note(scene: Scene, name: str) -> str:
    return f"{scene.words['label']}：{scene.words['reports'][name]}"


def slip(scene: Scene) -> None:
    """A figure with two digits too many, sent although its author was asked: the reviewer sees the doubt."""
    sums = scene.free(lambda line: line.trajectory.basis == Basis.CUMULATIVE and goes_on(line))
    for line in islice(sums, TRIES):
        said = Said(scene.today, (line.verdict.actual or Decimal(0)) * SLIP, _note(scene, "slip"))
        if _say(scene, line.pledge, said):
            scene.tally.add(ProgressReport, "created")
            return
        scene.used.discard(line.pledge.book_id)


def _say(scene: Scene, pledge: Pledge, said: Said) -> int:
    """Report with a file, and stand by what is doubted. 0 where the rules take no such report today."""
    key, author = uuid4(), scene.reporter(pledge)
    submit = partial(submit_report, pledge, said, author=author, key=key, today=scene.today)
    try:
        with transaction.atomic():
            upload(key, paper_about(scene, pledge, said.as_of), user=author, pledge=pledge)
            try:
                submit(confirmed=())
            except DoubtsError as error:
                submit(confirmed=[doubt.sign for doubt in error.doubts])
    except (ValidationError, StaleError):
        return 0
    return 1
