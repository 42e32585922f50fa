"""The stage of a rehearsal: who acts, on which day, and the pledges that nothing was done to yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pledges.actions.rows import Tally
from pledges.choices import Light
from pledges.models import Campaign, Pledge, User
from pledges.queries.facts import Line
from pledges.rules.papers import paper_of

Words = dict[str, Any]


@dataclass(slots=True)
class Scene:
    """The rehearsal on the day of its load: who acts, and the pledges that nothing was done to yet."""

    campaign: Campaign
    today: date
    words: Words
    lines: list[Line]
    tally: Tally
    used: set[int] = field(default_factory=set)

    def free(self, fits: Callable[[Line], bool]) -> Iterator[Line]:
        """Pledges of a kind with their lights, those of the department whose people sign in first; each is given once."""
        for line in self.lines:
            if line.pledge.book_id not in self.used and fits(line):
                self.used.add(line.pledge.book_id)
                yield line

    def reporter(self, pledge: Pledge) -> User:
        return User.objects.get(username=f"demo-{pledge.department.code}")


def goes_on(line: Line) -> bool:
    """Whether something was done, and something is left to do."""
    return bool(line.verdict.actual) and line.verdict.light != Light.DONE


def paper_about(scene: Scene, pledge: Pledge, as_of: date) -> SimpleUploadedFile:
    """A file that says what it is."""
    said = {"number": pledge.number, "title": pledge.title, "day": as_of}
    content = paper_of(line.format(**said) for line in scene.words["paper"])
    return SimpleUploadedFile(scene.words["file"].format(**said), content)
