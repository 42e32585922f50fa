"""The filters of the list: all in the address, so that every number can open exactly what it counts.

What an address asks for and nobody knows is left out and named; it never breaks the page.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import django_filters as filters
from django.db.models import Q
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from pledges.choices import Basis, Light
from pledges.models import Campaign, Department
from pledges.models.plans import PledgeQuerySet
from pledges.queries.listing import PASSED_UNMET, has_milestone

YES, NO = "1", "0"
YES_OR_NO = [(YES, _("yes")), (NO, _("no"))]
SEARCHED = ("title", "quote", "number", "department__name")
LONGEST_SEARCH = 100
LONGEST_WAIT = 366
SHOWN = 30
"""So many characters of a value nobody knows are repeated on the page."""


def months_of(campaign: Campaign) -> list[tuple[str, str]]:
    """The months of a campaign, by their first day."""
    first, last = campaign.starts_on, campaign.ends_on
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [date(month // 12, month % 12 + 1, 1) for month in months]
    words = pgettext("a month of one year", "F") if first.year == last.year else gettext("F Y")
    return [(f"{day:%Y-%m}", date_format(day, words)) for day in days]


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month written as 2022-05."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class PledgeFilter(filters.FilterSet):
    """Filters over the pledges of a campaign that are joined to their standing of a day."""

    q = filters.CharFilter(method="search", max_length=LONGEST_SEARCH, label=_("Keyword"))
    department = filters.ChoiceFilter(field_name="department__code", label=_("Department"))
    basis = filters.ChoiceFilter(choices=Basis.choices, label=_("Kind of number"))
    due = filters.ChoiceFilter(method="due_in_month", label=_("Due"))
    due_within = filters.NumberFilter(
        method="due_soon", label=_("Due within … days"), min_value=0, max_value=LONGEST_WAIT, decimal_places=0
    )
    light = filters.MultipleChoiceFilter(method="with_lights", choices=Light.choices, label=_("Light"))
    overdue = filters.ChoiceFilter(method="passed_unmet", choices=YES_OR_NO, label=_("Overdue"))
    stretch = filters.ChoiceFilter(method="is_stretch", choices=YES_OR_NO, label=_("Stretch goal"))
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
    ) -> None:
        self.seen, self.campaign, self.departments, self.day = seen, campaign, departments, day
        super().__init__(data, queryset)
        self.filters["department"].extra["choices"] = [(each.code, each.name) for each in departments]
        self.filters["due"].extra["choices"] = months_of(campaign)
        self.unknown: list[tuple[str, str]] = []
        self.data = self._sifted(data)

    def _sifted(self, data: QueryDict) -> QueryDict:
        """The data without choices that nobody knows; those are remembered, to be named on the page."""
        sifted = data.copy()
        for name, each in self.filters.items():
            if choices := each.extra.get("choices"):
                known = {value for value, _label in choices}
                values = [value for value in data.getlist(name) if value]
                self.unknown += [(str(each.label), value) for value in values if value not in known]
                sifted.setlist(name, [value for value in values if value in known])
        return sifted

    def filter_queryset(self, queryset: PledgeQuerySet) -> PledgeQuerySet:
        found = super().filter_queryset(queryset)
        return found.counted(among=self.seen) if self.counts_once else found

    @property
    def counts_once(self) -> bool:
        """Shared pledges once, unless one department is looked at or the address says otherwise."""
        chosen = self.chosen
        return chosen.get("counted", NO if chosen.get("department") else YES) == YES

    @property
    def chosen(self) -> dict:
        """The filters that are set, with their cleaned values."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        return {name: value for name, value in cleaned.items() if value not in (None, "", [])}

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

    def leave(self, queryset: PledgeQuerySet, _name: str, _answer: str) -> PledgeQuerySet:
        """`counted` is decided together with the department, in `filter_queryset`."""
        return queryset

    def left_out(self) -> list[str]:
        """One sentence for everything the address asked for that cannot be used."""
        wrong = [(str(self.filters[name].label), self.data.get(name, "")) for name in self.form.errors]
        sentence = gettext("“%(value)s” cannot be used for “%(field)s” and was left out.")
        left_out = [*self.unknown, *wrong]
        return [
            sentence % {"value": value[:SHOWN].replace("\0", ""), "field": field} for field, value in left_out
        ]

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
            "basis": lambda basis: str(bases[basis]),
            "due": lambda month: gettext("due %(month)s") % {"month": months[month]},
            "due_within": _within_words,
            "light": lambda lights: pgettext("list", ", ").join(str(Light(light).label) for light in lights),
            "overdue": lambda yes: gettext("overdue") if yes == YES else gettext("not overdue"),
            "stretch": lambda yes: gettext("stretch goals") if yes == YES else gettext("no stretch goals"),
            "counted": lambda yes: gettext("shared once") if yes == YES else gettext("shared in each"),
        }  # fmt: skip

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
