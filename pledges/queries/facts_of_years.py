"""What other pages of the paper print about the metric of a pledge, and the pages themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import groupby
from operator import or_

from django.db.models import Prefetch, Q

from pledges.models import Campaign, Fact, Pledge, SourceArticle, User
from pledges.rules.newsprint import Row, paragraphs_of, rows_of, runs, shown_offsets

MORE_ITSELF = frozenset("余多")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure, with how it was read apart from what another one says differently."""

    fact: Fact

    @property
    def comparator(self) -> str:
        """Strictly more, or at least; empty where the printed unit says so itself (亿余元)."""
        return "" if set(self.fact.unit) & MORE_ITSELF else self.fact.comparator

    @property
    def how_read(self) -> str:
        return self.fact.remark.partition("\n")[0]

    @property
    def differs(self) -> list[str]:
        """One sentence for each figure that disagrees; the other figure carries the same sentence."""
        return [words for words in self.fact.remark.split("\n")[1:] if words]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two printed figures that do not say the same, in words. There is no verdict."""

    words: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class OtherYears:
    """The figures of a metric by year, oldest first, and where they disagree."""

    figures: list[Figure]

    @property
    def years(self) -> list[tuple[int, list[Figure]]]:
        grouped = groupby(self.figures, key=lambda figure: figure.fact.year)
        return [(year, list(figures)) for year, figures in grouped]

    @property
    def differences(self) -> list[Difference]:
        return differences_among(self.figures)


def differences_among(figures: Iterable[Figure]) -> list[Difference]:
    """Each disagreement once, with both figures, wherever they are printed. One query where there is any."""
    said = list(dict.fromkeys(words for figure in figures for words in figure.differs))
    if not said:
        return []
    carries = reduce(or_, (Q(remark__contains=words) for words in said))
    facts = Fact.objects.filter(carries).select_related("article").order_by("article", "span_start", "pk")
    both = [Figure(fact) for fact in facts]
    return [Difference(words, [figure for figure in both if words in figure.differs]) for words in said]


def other_years_of(pledge: Pledge) -> OtherYears:
    """The printed figures of the metric of a pledge. One query."""
    facts = (
        Fact.objects.filter(pledges=pledge)
        .select_related("article")
        .order_by("year", "article", "span_start", "pk")
    )
    return OtherYears([Figure(fact) for fact in facts])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of printed words; `figures` are those that were read from it, `first` those that begin here."""

    words: str
    figures: tuple[Figure, ...]
    first: tuple[Figure, ...]


@dataclass(frozen=True)
class SourcePage:
    """A printed page with the sentences from which figures were read."""

    article: SourceArticle
    figures: list[Figure]

    @cached_property
    def _read_at(self) -> dict[int, tuple[Figure, ...]]:
        """The figures read from each printed character."""
        found: dict[int, tuple[Figure, ...]] = {}
        for figure in self.figures:
            for offset in range(figure.fact.span_start, figure.fact.span_end):
                found[offset] = (*found.get(offset, ()), figure)
        return found

    @property
    def paragraphs(self) -> Iterator[list[Stretch]]:
        """The printed page, paragraph by paragraph."""
        begun = set[int]()
        for rows in paragraphs_of(rows_of(self.article.text)):
            yield [self._stretch(words, figures, begun) for figures, words in self._runs(rows)]

    def _runs(self, rows: tuple[Row, ...]) -> list[tuple[tuple[Figure, ...], str]]:
        text = self.article.text
        offsets = [offset for row in rows for offset in shown_offsets(text, row.start, row.end)]
        return runs(text, offsets, lambda offset: self._read_at.get(offset, ()))

    def _stretch(self, words: str, figures: tuple[Figure, ...], begun: set[int]) -> Stretch:
        first = tuple(figure for figure in figures if figure.fact.pk not in begun)
        begun.update(figure.fact.pk for figure in first)
        return Stretch(words, figures, first)

    @property
    def differences(self) -> list[Difference]:
        """Where figures of this page are disagreed with, here or on another page."""
        return differences_among(self.figures)


def source_page(article: SourceArticle, user: User) -> SourcePage:
    """A page with its figures, each with the pledges of the same metric that a person may see. Three queries."""
    shown = Pledge.objects.visible_to(user).filter(campaign__in=Campaign.objects.shown())
    pledges = Prefetch("pledges", shown.select_related("campaign").order_by("campaign", "number"))
    facts = article.facts.prefetch_related(pledges).order_by("span_start", "pk")
    return SourcePage(article, [Figure(fact) for fact in facts])
