"""The filters of the list of pledges: all in the address, so that every number can open exactly what it counts.

What an address asks for and nobody knows is left out and named; it never breaks the page.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal

import django_filters as filters
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from pledges.choices import Basis, Change, Light
from pledges.filters.sifted import LONGEST_SEARCH, Sifted
from pledges.models import Campaign, Department, Milestone, Theme
from pledges.models.plans import PledgeQuerySet, once_among
from pledges.queries.changes import changed_as, meetings_of, usual_than
from pledges.queries.closings import ripe_among, with_closing
from pledges.queries.listing import has_milestone
from pledges.queries.sums import PASSED_UNMET
from pledges.queries.themes import themes_in
from pledges.rules.days import DayFault, parse_day
from pledges.rules.reporting import LATE_REPORTING
from pledges.wording import day_words

YES, NO = "1", "0"
YES_OR_NO = [(YES, _("yes")), (NO, _("no"))]
CLOSED, RIPE, NOT_CLOSED = "closed", "ripe", "open"
CLOSING = [(CLOSED, _("closed")), (RIPE, _("can be closed")), (NOT_CLOSED, _("not closed"))]
SEARCHED = ("title", "quote", "number", "department__name")
LONGEST_WAIT = 366


def month_words(month: tuple[int, int], campaign: Campaign) -> str:
    """A month of a campaign; with its year where the campaign has several."""
    one_year = campaign.starts_on.year == campaign.ends_on.year == month[0]
    return date_format(date(*month, 1), pgettext("a month of one year", "F") if one_year else gettext("F Y"))


def months_of(campaign: Campaign) -> list[tuple[str, str]]:
    """The months in which something may be due, by their key: to the last one a deadline can be put off to."""
    first, last = campaign.starts_on, campaign.ends_on + LATE_REPORTING
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    months = [(number // 12, number % 12 + 1) for number in numbers]
    return [(f"{month[0]}-{month[1]:02}", month_words(month, campaign)) for month in months]


def months_offered(campaign: Campaign, held: Collection[str]) -> list[tuple[str, str]]:
    """The months of a campaign, and those after it in which something is due."""
    own = f"{campaign.ends_on:%Y-%m}"
    return [(month, words) for month, words in months_of(campaign) if month <= own or month in held]


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month written as 2022-05."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def earlier_day(asked: str, *, campaign: Campaign, day: date) -> date | None:
    """A typed day to compare with: before the day that is looked at, and not before anything had a light."""
    try:
        than = parse_day(asked)
    except DayFault:
        return None
    return max(than, campaign.starts_on) if max(than, campaign.starts_on) < day else None


class PledgeFilter(Sifted):
    """Filters over the pledges of a campaign that are joined to their standing of a day."""

    q = filters.CharFilter(method="search", max_length=LONGEST_SEARCH, label=_("Keyword"))
    department = filters.ChoiceFilter(field_name="department__code", label=_("Department"))
    theme = filters.ChoiceFilter(field_name="theme__code", label=_("Theme"))
    basis = filters.ChoiceFilter(choices=Basis.choices, label=_("Kind of number"))
    due = filters.ChoiceFilter(method="due_in_month", label=_("Due"))
    due_within = filters.NumberFilter(
        method="due_soon", label=_("Due within … days"), min_value=0, max_value=LONGEST_WAIT, decimal_places=0
    )
    light = filters.MultipleChoiceFilter(method="with_lights", choices=Light.choices, label=_("Light"))
    overdue = filters.ChoiceFilter(method="passed_unmet", choices=YES_OR_NO, label=_("Overdue"))
    stretch = filters.ChoiceFilter(method="is_stretch", choices=YES_OR_NO, label=_("Stretch goal"))
    closing = filters.ChoiceFilter(method="at_closing", choices=CLOSING, label=_("Closing"))
    extended = filters.ChoiceFilter(method="put_off", choices=YES_OR_NO, label=_("Put off"))
    changed = filters.ChoiceFilter(method="went_through", choices=Change.choices, label=_("Change"))
    than = filters.CharFilter(method="leave", max_length=20, label=_("Compared with"))
    counted = filters.ChoiceFilter(method="leave", choices=YES_OR_NO, label=_("Shared pledges once"))

    def __init__(
        self,
        data: QueryDict,
        queryset: PledgeQuerySet,
        *,
        seen: PledgeQuerySet,
        campaign: Campaign,
        departments: list[Department],
        day: date,
        themes: list[Theme] | None = None,
    ) -> None:
        self.themes = themes_in(campaign, seen) if themes is None else themes
        self.seen, self.campaign, self.departments, self.day = seen, campaign, departments, day
        super().__init__(data, queryset)
        self.filters["department"].extra["choices"] = [(each.code, each.name) for each in departments]
        self.filters["theme"].extra["choices"] = [(each.code, each.name) for each in self.themes]
        self.filters["due"].extra["choices"] = months_of(campaign)
        self.sift(data)
        self.than = self._earlier_day()

    def _earlier_day(self) -> date | None:
        """The asked day to compare with; one that cannot be compared with is left out and named."""
        asked = self.data.get("than", "").strip()
        if not asked:
            return None
        if than := earlier_day(asked, campaign=self.campaign, day=self.day):
            return than
        self.unknown.append((str(self.filters["than"].label), asked))
        self.data.pop("than")
        return None

    def filter_queryset(self, queryset: PledgeQuerySet) -> PledgeQuerySet:
        return super().filter_queryset(queryset).filter(self.once)

    @property
    def once(self) -> Q:
        """Which of the pledges count: a shared one where it was printed first, or all."""
        return once_among(self.seen) if self.counts_once else Q()

    @property
    def counts_once(self) -> bool:
        """Shared pledges once, unless one department is looked at or the address says otherwise."""
        chosen = self.chosen
        return chosen.get("counted", NO if chosen.get("department") else YES) == YES

    def search(self, queryset: PledgeQuerySet, _name: str, text: str) -> PledgeQuerySet:
        """Every word must be found somewhere; blanks part words, the Chinese blank too."""
        for word in text.split():
            queryset = queryset.filter(
                Q(*[(f"{field}__icontains", word) for field in SEARCHED], _connector=Q.OR)
            )
        return queryset

    def due_in_month(self, queryset: PledgeQuerySet, _name: str, month: str) -> PledgeQuerySet:
        first, last = month_days(month)
        return queryset.filter(has_milestone(first=first, last=last))

    def due_soon(self, queryset: PledgeQuerySet, _name: str, days: Decimal) -> PledgeQuerySet:
        return queryset.filter(has_milestone(first=self.day, last=self.day + timedelta(days=int(days))))

    def with_lights(self, queryset: PledgeQuerySet, _name: str, lights: list[str]) -> PledgeQuerySet:
        # The light comes with the standing of the day, which the type checker cannot see.
        return queryset.filter(Q(light__in=lights)) if lights else queryset

    def passed_unmet(self, queryset: PledgeQuerySet, _name: str, answer: str) -> PledgeQuerySet:
        passed = Q(light_reason__in=PASSED_UNMET)
        return queryset.filter(passed if answer == YES else ~passed)

    def is_stretch(self, queryset: PledgeQuerySet, _name: str, answer: str) -> PledgeQuerySet:
        return queryset.filter(stretch=answer == YES)

    def at_closing(self, queryset: PledgeQuerySet, _name: str, stage: str) -> PledgeQuerySet:
        if stage == RIPE:
            return ripe_among(queryset, day=self.day)
        return with_closing(queryset, day=self.day).filter(closed=stage == CLOSED)

    def put_off(self, queryset: PledgeQuerySet, _name: str, answer: str) -> PledgeQuerySet:
        found = Milestone.objects.filter(pledge=OuterRef("pk"), original_due__isnull=False)
        return queryset.filter(Exists(found) if answer == YES else ~Exists(found))

    def went_through(self, queryset: PledgeQuerySet, _name: str, change: str) -> PledgeQuerySet:
        than = self.than or usual_than(self.campaign, meetings_of(self.campaign, day=self.day), day=self.day)
        return changed_as(queryset, Change(change), than=than) if than else queryset.none()

    def leave(self, queryset: PledgeQuerySet, _name: str, _answer: str) -> PledgeQuerySet:
        """`counted` goes with the department, in `filter_queryset`; `than` with the change."""
        return queryset

    def words(self) -> dict[str, str]:
        """The filters that are set, in words, by name."""
        sayings = self._sayings()
        return {name: sayings[name](value) for name, value in self.chosen.items()}

    def _sayings(self) -> dict:
        months, bases = dict(self.filters["due"].extra["choices"]), dict(Basis.choices)
        names = {each.code: each.name for each in self.departments}
        return {
            "q": lambda text: gettext("“%(text)s”") % {"text": text},
            "department": names.__getitem__,
            "theme": {each.code: each.name for each in self.themes}.__getitem__,
            "basis": lambda basis: str(bases[basis]),
            "due": lambda month: gettext("due %(month)s") % {"month": months[month]},
            "due_within": _within_words,
            "light": lambda lights: pgettext("list", ", ").join(str(Light(light).label) for light in lights),
            "overdue": lambda yes: gettext("overdue") if yes == YES else gettext("not overdue"),
            "stretch": lambda yes: gettext("stretch goals") if yes == YES else gettext("no stretch goals"),
            "closing": lambda stage: str(dict(CLOSING)[stage]),
            "extended": lambda yes: gettext("put off") if yes == YES else gettext("never put off"),
            "changed": lambda change: str(Change(change).label),
            "than": lambda _day: gettext("compared with %(day)s") % {"day": day_words(self.than or self.day)},
            "counted": lambda yes: gettext("shared once") if yes == YES else gettext("shared in each"),
        }  # fmt: skip

    @property
    def in_each(self) -> PledgeQuerySet:
        """What is found with shared pledges in each of their departments."""
        self.form.is_valid()
        return super().filter_queryset(self.queryset)

    def without(self, name: str) -> PledgeQuerySet:
        """What would be found if one filter were not set."""
        data = self.data.copy()
        data.pop(name, None)
        return self._asked(data)

    def only(self, name: str) -> PledgeQuerySet:
        """What would be found if one filter alone were set."""
        data = QueryDict(mutable=True)
        data.setlist(name, self.data.getlist(name))
        return self._asked(data)

    def _asked(self, data: QueryDict) -> PledgeQuerySet:
        again = type(self)(
            data,
            self.queryset,
            seen=self.seen,
            campaign=self.campaign,
            departments=self.departments,
            day=self.day,
            themes=self.themes,
        )
        return again.qs

    def found_without(self) -> Iterator[tuple[str, int]]:
        """The filters whose removal finds something, with how much."""
        for name in self.chosen:
            if found := self.without(name).count():
                yield name, found

    def found_alone(self) -> Iterator[tuple[str, int]]:
        """The filters that find something by themselves, with how much."""
        for name in self.chosen:
            if found := self.only(name).count():
                yield name, found


def _within_words(days: Decimal) -> str:
    return ngettext("due within %(days)d day", "due within %(days)d days", int(days)) % {"days": int(days)}
