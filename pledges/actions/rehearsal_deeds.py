"""What else happens in a rehearsal: files, names, doubts, blockers, extensions, closings, directives.

All of it is done once, on the day of the first load, by the same actions as by people: the rules hold, and the
audit says what was done when. Where somebody has begun to do such things, nothing is played.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction

from pledges.actions.accounts import SHOWN_DEPARTMENT
from pledges.actions.audit import recorded_together
from pledges.actions.blockers import raise_blocker, remove_blocker
from pledges.actions.closings import close_pledge, reopen_pledge
from pledges.actions.directives import answer_directive, close_directive, direct
from pledges.actions.extensions import ask_extension, grant_extension, refuse_extension
from pledges.actions.rehearsal_figures import list_things, prove, slip
from pledges.actions.rehearsal_scene import Scene, goes_on
from pledges.actions.rows import Tally
from pledges.choices import Basis, CampaignKind, Light
from pledges.models import (
    Blocker,
    Campaign,
    Closing,
    Department,
    Directive,
    Extension,
    Milestone,
    Pledge,
    User,
)
from pledges.queries.board import for_judging
from pledges.queries.closings import ripe_in
from pledges.queries.extensions import deadline_of
from pledges.queries.facts import Line, judged

MORE_TIME = timedelta(days=31)
TO_ANSWER = timedelta(days=7)
AT_REST = timedelta(days=14)
"""So long after its last report nothing more is made up about a pledge that is done."""


def play_rehearsal(today: date) -> Tally:
    """Everything that a newcomer should find. A second run changes nothing."""
    tally = Tally()
    campaign = Campaign.objects.filter(kind=CampaignKind.REHEARSAL, starts_on__year=today.year).first()
    if campaign is None or _has_begun(campaign):
        return tally
    pledges = Pledge.objects.filter(campaign=campaign, shared_with__isnull=True).order_by("number")
    lines = judged(for_judging(pledges), today=today)
    lines.sort(key=lambda line: line.pledge.department.code != SHOWN_DEPARTMENT)
    path = settings.BASE_DIR / "seeds" / "rehearsal_deeds.json"
    words = json.loads(path.read_text(encoding="utf-8"))
    scene = Scene(campaign, today, words, lines, tally)
    with transaction.atomic(), recorded_together():
        for act in (prove, list_things, slip, _hinder, _ask_for_time, _close, _direct):
            act(scene)
    return tally


def _has_begun(campaign: Campaign) -> bool:
    return any(
        rows.exists()
        for rows in (
            Blocker.objects.filter(pledge__campaign=campaign),
            Extension.objects.filter(milestone__pledge__campaign=campaign),
            Closing.objects.filter(pledge__campaign=campaign),
            Directive.objects.filter(pledge__campaign=campaign),
        )
    )


def _is_in_trouble(line: Line) -> bool:
    return line.verdict.light in Light.needs_attention


def _hinder(scene: Scene) -> None:
    """Blockers of one's own, for another department, from another department, and one that is removed."""
    own = scene.lines[0].pledge.department
    other = Department.objects.exclude(pk=own.pk).first() or own
    for said in scene.words["blockers"]:
        line = next(scene.free(_those_of(own.pk, is_own=said.get("whose") != "asked")), None)
        if line is None:
            continue
        pledge = line.pledge
        blocker = raise_blocker(
            pledge,
            by=scene.reporter(pledge),
            weakness=said["weakness"],
            remedy=said["remedy"],
            due=scene.today + timedelta(days=said["days"]),
            department=other if said.get("whose") == "other" else own,
            today=scene.today,
        )
        if "outcome" in said:
            remove_blocker(blocker, by=scene.reporter(pledge), outcome=said["outcome"])
        scene.tally.add(Blocker, "created")


def _those_of(department: int, *, is_own: bool) -> Callable[[Line], bool]:
    """What goes on in a department, or in all the others."""
    return lambda line: goes_on(line) and (line.pledge.department_id == department) == is_own


def _ask_for_time(scene: Scene) -> None:
    """A deadline asked about, one put off, one that stays."""
    stones = _to_put_off(scene)
    for said, (stone, new_due) in zip(scene.words["extensions"], stones, strict=False):
        about = {"new_due": new_due, "reason": said["reason"], "was_due": stone.due, "today": scene.today}
        extension = ask_extension(stone, by=scene.reporter(stone.pledge), **about)
        reviewer = User.objects.get(username="demo-reviewer")
        if "grant" in said:
            grant_extension(extension, by=reviewer, answer=said["grant"], today=scene.today)
        if "refuse" in said:
            refuse_extension(extension, by=reviewer, answer=said["refuse"])
        scene.tally.add(Extension, "created")


def _to_put_off(scene: Scene) -> Iterator[tuple[Milestone, date]]:
    """Milestones that may be put off today, each with a later day."""
    for line in scene.free(lambda line: line.verdict.light != Light.DONE):
        stones = Milestone.objects.filter(pledge=line.pledge, due__gte=scene.today).order_by("due")
        for stone in stones.select_related("pledge__campaign", "pledge__department")[:1]:
            deadline = deadline_of(stone, today=scene.today)
            if not deadline.obstacle(today=scene.today):
                yield stone, min(stone.due + MORE_TIME, deadline.latest)


def _close(scene: Scene) -> None:
    """One pledge struck off the list, and one that was taken back onto it."""
    reviewer = User.objects.get(username="demo-reviewer")
    rested = {
        line.pledge.pk
        for line in scene.lines
        if line.reading
        and line.reading.as_of < scene.today - AT_REST
        and line.trajectory.basis not in Basis.rates
    }
    ripe = ripe_in(scene.campaign, reviewer, day=scene.today).filter(pk__in=rested)
    for said, pledge in zip(scene.words["closings"], ripe, strict=False):
        close_pledge(pledge, by=reviewer, words=said["words"], today=scene.today)
        if "reopen" in said:
            reopen_pledge(pledge, by=reviewer, reason=said["reopen"])
        scene.tally.add(Closing, "created")


def _direct(scene: Scene) -> None:
    """A leader's word that waits, one that is answered, one that is closed."""
    leader = User.objects.get(username="demo-leader")
    scene.used.clear()  # what is hindered or late is what a leader writes about
    troubled = chain(scene.free(_is_in_trouble), scene.free(goes_on))
    for said, line in zip(scene.words["directives"], troubled, strict=False):
        pledge, day = line.pledge, scene.today + TO_ANSWER
        directive = direct(pledge, by=leader, words=said["words"], answer_by=day, today=scene.today)
        if "answer" in said:
            answer_directive(directive, by=scene.reporter(pledge), answer=said["answer"])
        if said.get("closed"):
            close_directive(directive, by=leader, saw_answer=True)
        scene.tally.add(Directive, "created")
