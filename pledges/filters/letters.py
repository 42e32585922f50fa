"""The filters of the ledger: letters, and the lines they told."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pledges.choices import Dropped, LetterState, Occasion, ReminderState
from pledges.filters.sifted import LONGEST_SEARCH, Sifted
from pledges.models import Department
from pledges.models.outbox import LetterQuerySet, ReminderQuerySet
from pledges.queries.ledger import UNTOLD_STATES

HIGHEST_KEY = 10**15
TROUBLE, UNTOLD = "trouble", "untold"


class LedgerFilter(Sifted):
    """What letters and their lines are asked for alike. `department` is that of the pledge."""

    q = filters.CharFilter(method="search", max_length=LONGEST_SEARCH, label=_("Keyword"))
    department = filters.ChoiceFilter(field_name="pledge__department__code", label=_("Department"))
    occasion = filters.ChoiceFilter(choices=Occasion.choices, label=_("Occasion"))
    person = filters.CharFilter(
        field_name="recipient__username", max_length=LONGEST_SEARCH, label=_("Recipient")
    )

    def __init__(self, data: QueryDict, queryset: Any, *, departments: list[Department]) -> None:
        super().__init__(data, queryset)
        self.filters["department"].extra["choices"] = [(each.code, each.name) for each in departments]
        self.sift(data)

    def search(self, queryset: Any, _name: str, text: str) -> Any:
        for word in text.split():
            queryset = queryset.filter(self.found_by(word))
        return queryset

    def found_by(self, word: str) -> Q:
        """Where a word is looked for: the person, the pledge, its department."""
        fields = ("recipient__name", "label", "pledge__department__name")
        return Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR)

    def words(self) -> dict[str, str]:
        """The filters that are set, in words, by name."""
        said = {}
        for name, value in self.chosen.items():
            labels = {str(key): str(words) for key, words in self.filters[name].extra.get("choices", ())}
            shown = {"field": self.filters[name].label, "value": labels.get(str(value), str(value))}
            said[name] = gettext("%(field)s: %(value)s") % shown
        return said


class LetterFilter(LedgerFilter):
    """Filters over the letters of a campaign; what is asked about lines must hold for one and the same line."""

    day = filters.DateFilter(field_name="day", label=_("Day"))
    department = filters.ChoiceFilter(method="leave", label=_("Department"))
    occasion = filters.ChoiceFilter(method="leave", choices=Occasion.choices, label=_("Occasion"))
    states = [(TROUBLE, _("In trouble")), *LetterState.choices]
    state = filters.ChoiceFilter(method="in_state", choices=states, label=_("State"))

    def __init__(
        self,
        data: QueryDict,
        queryset: LetterQuerySet,
        *,
        departments: list[Department],
        lines: ReminderQuerySet,
        trouble: Q,
    ) -> None:
        self.lines, self.trouble = lines.filter(letter=OuterRef("pk")).order_by(), trouble
        super().__init__(data, queryset, departments=departments)

    def filter_queryset(self, queryset: LetterQuerySet) -> LetterQuerySet:
        found = super().filter_queryset(queryset)
        asked = {"department": "pledge__department__code", "occasion": "occasion"}
        about = {field: self.chosen[name] for name, field in asked.items() if name in self.chosen}
        return found.filter(Exists(self.lines.filter(**about))) if about else found

    def found_by(self, word: str) -> Q:
        named = Q(recipient__name__icontains=word) | Q(subject__icontains=word)
        return named | Q(Exists(self.lines.filter(super().found_by(word))))

    def in_state(self, queryset: LetterQuerySet, _name: str, state: str) -> LetterQuerySet:
        return queryset.filter(self.trouble if state == TROUBLE else Q(state=state))

    def leave(self, queryset: LetterQuerySet, _name: str, _value: str) -> LetterQuerySet:
        """Decided together, in `filter_queryset`."""
        return queryset


class LineFilter(LedgerFilter):
    """Filters over the reminders about a campaign: each line that was told, waits, or was not needed."""

    day = filters.DateFilter(field_name="letter_on", label=_("Day"))
    fates = [(UNTOLD, _("Not told")), *ReminderState.choices]
    fate = filters.ChoiceFilter(method="of_fate", choices=fates, label=_("What became of it"))
    why = filters.ChoiceFilter(field_name="dropped", choices=Dropped.choices, label=_("Why not"))
    pledge = filters.CharFilter(field_name="pledge__code", max_length=LONGEST_SEARCH, label=_("Pledge"))
    letter = filters.NumberFilter(
        field_name="letter", min_value=1, max_value=HIGHEST_KEY, decimal_places=0, label=_("Letter")
    )

    def of_fate(self, queryset: ReminderQuerySet, _name: str, fate: str) -> ReminderQuerySet:
        return queryset.filter(state__in=UNTOLD_STATES if fate == UNTOLD else [fate])
