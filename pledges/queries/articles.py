"""The printed page of a campaign, each promise in its light. The stored text is shown whole and unchanged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pledges.choices import Light, Reason
from pledges.models import Campaign, Department, Milestone, Pledge, SourceArticle, User
from pledges.queries.board import Counts, departments_on, in_campaign, with_light
from pledges.rules.newsprint import Block, Row, blocks_of, rows_of, runs, shown_offsets


@dataclass(frozen=True, slots=True)
class Mark:
    """The own words of one milestone of a pledge that a person may see."""

    pledge: Pledge
    milestone: Milestone

    @property
    def light(self) -> Light:
        """The light of the whole pledge on the day of the page."""
        return Light(self.pledge.light)  # type: ignore[attr-defined]  # annotated by with_light

    @property
    def reason(self) -> Reason:
        """Why, in a word."""
        return Reason(self.pledge.light_reason)  # type: ignore[attr-defined]  # as above

    @property
    def is_late(self) -> bool:
        """Done, but after the deadline: a symbol of its own."""
        return self.reason == Reason.MET_LATE


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of printed words; with a mark where they are a promise."""

    words: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Section:
    """What one department promised; without counts where a person may not see them."""

    department: Department
    heading: str
    counts: Counts | None
    paragraphs: list[list[Piece]]


@dataclass(frozen=True)
class Print:
    """Marks over a stored text: gives its words back, parted where a mark begins or ends."""

    text: str
    marks: tuple[Mark, ...]

    def words(self, row: Row) -> str:
        """The words of a row without the setter's blanks."""
        return "".join(self.text[offset] for offset in shown_offsets(self.text, row.start, row.end))

    def pieces(self, rows: tuple[Row, ...]) -> list[Piece]:
        """The words of a paragraph; a promise that runs over a line's end is one piece."""
        offsets = [offset for row in rows for offset in shown_offsets(self.text, row.start, row.end)]
        return [Piece(words, mark) for mark, words in runs(self.text, offsets, self._mark_at.get)]

    @cached_property
    def _mark_at(self) -> dict[int, Mark]:
        return {offset: mark for mark in self.marks for offset in _places(mark.milestone)}


def _places(stone: Milestone) -> range:
    if stone.mark_start is None or stone.mark_end is None:
        return range(0)
    return range(stone.mark_start, stone.mark_end)


@dataclass(frozen=True)
class Page:
    """The article of a campaign on a day, as one person may see it."""

    article: SourceArticle
    printed: Print
    departments: dict[str, Department]
    counts: dict[int, Counts]

    @cached_property
    def _blocks(self) -> list[Block]:
        return blocks_of(rows_of(self.article.text), self.departments)

    @cached_property
    def _front(self) -> tuple[Row, ...]:
        opening = [block for block in self._blocks[:1] if block.heading is None]
        return tuple(row for block in opening for body in block.paragraphs for row in body)

    @property
    def title(self) -> str:
        """The printed headline."""
        return "".join(self.printed.words(row) for row in self._front if self._is_title(row))

    @property
    def subtitle(self) -> str:
        """The line under the headline, with its printed dash."""
        return "".join(self.printed.words(row) for row in self._front if self._is_subtitle(row))

    @property
    def lead(self) -> list[Piece]:
        """What is printed before the first department."""
        return self.printed.pieces(
            tuple(row for row in self._front if not self._is_title(row) and not self._is_subtitle(row))
        )

    @property
    def ending(self) -> str:
        """A last line that leads on to another page, in brackets."""
        row = self._last_row
        return self.printed.words(row) if row else ""

    @cached_property
    def _last_row(self) -> Row | None:
        last = self._blocks[-1].paragraphs[-1] if self._blocks and self._blocks[-1].paragraphs else ()
        bracketed = len(last) == 1 and last[0].words.startswith("（") and last[0].words.endswith("）")
        return last[0] if bracketed and self._blocks[-1].heading else None

    @property
    def sections(self) -> Iterator[Section]:
        """The departments in printed order."""
        for block in self._blocks:
            if block.heading is not None:
                department = self.departments[block.heading.words]
                bodies = [body for body in block.paragraphs if body != (self._last_row,)]
                yield Section(
                    department,
                    block.heading.words,
                    self.counts.get(department.pk),
                    [self.printed.pieces(body) for body in bodies],
                )

    @property
    def total(self) -> int:
        """Pledges underlined on this page, a shared one in each of its departments."""
        return len({mark.pledge.pk for mark in self.printed.marks})

    def _is_title(self, row: Row) -> bool:
        return row.words == self.article.title

    def _is_subtitle(self, row: Row) -> bool:
        return bool(self.article.subtitle) and row.words.strip("—") == self.article.subtitle


def marks_of(pledges: list[Pledge]) -> tuple[Mark, ...]:
    """The own words of each pledge; its light and milestones should be fetched already."""
    return tuple(Mark(pledge, stone) for pledge in pledges for stone in pledge.milestones.all())


def page_of(campaign: Campaign, user: User, *, day: date) -> Page | None:
    """The printed page of a campaign, None where none is kept; what a person may not see is plain text."""
    article = campaign.article
    if article is None or not article.text:
        return None
    visible = in_campaign(campaign, user)
    lit = with_light(visible, day=day).prefetch_related("milestones")
    departments = Department.objects.filter(pledges__campaign=campaign).distinct()
    return Page(
        article=article,
        printed=Print(article.text, marks_of(list(lit))),
        departments={department.name: department for department in departments},
        counts={row.department.pk: row.counts for row in departments_on(visible, day=day)},
    )
