"""What all filters do alike: what an address asks for and nobody knows is left out and named."""

import django_filters as filters
from django.http import QueryDict
from django.utils.translation import gettext

LONGEST_SEARCH = 100
SHOWN = 30
"""So many characters of a value nobody knows are repeated on the page."""


class Sifted(filters.FilterSet):
    """Filters that leave out, and name, what the address asks for and nobody knows."""

    def sift(self, data: QueryDict) -> None:
        """Keep the choices that are known; the others are remembered, to be named on the page."""
        self.unknown: list[tuple[str, str]] = []
        sifted = data.copy()
        for name, each in self.filters.items():
            if choices := each.extra.get("choices"):
                known = {value for value, _label in choices}
                values = [value for value in data.getlist(name) if value]
                self.unknown += [(str(each.label), value) for value in values if value not in known]
                sifted.setlist(name, [value for value in values if value in known])
        self.data = sifted

    @property
    def chosen(self) -> dict:
        """The filters that are set, with their cleaned values."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        return {name: value for name, value in cleaned.items() if value not in (None, "", [])}

    def left_out(self) -> list[str]:
        """One sentence for everything the address asked for that cannot be used."""
        wrong = [(str(self.filters[name].label), self.data.get(name, "")) for name in self.form.errors]
        sentence = gettext("“%(value)s” cannot be used for “%(field)s” and was left out.")
        shown = [(field, value[:SHOWN].replace("\0", "")) for field, value in (*self.unknown, *wrong)]
        return [sentence % {"value": value, "field": field} for field, value in shown]
