"""Form fields for what people type: a number in a unit, and a day.

The rules in `rules.numbers` and `rules.days` find the fault; here it gets its sentence.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pledges.rules.days import FIRST_YEAR, LAST_YEAR, DayCode, DayFault, parse_day
from pledges.rules.numbers import PLACES, NumberCode, NumberFault, format_number, parse_number

NUMBER_MESSAGES = {
    NumberCode.EMPTY: _("Write a number."),
    NumberCode.NOT_A_NUMBER: _("This is not a number. Write digits only, such as 1234.5."),
    NumberCode.TOO_BIG: _("This number is too big: at most 14 digits before the point."),
    NumberCode.TOO_MANY_PLACES: _("Too many decimals: at most %(places)s."),
    NumberCode.INVISIBLE: _("There are invisible characters in this number. Type it anew."),
    NumberCode.UNDERSCORE: _("Leave out the underscore."),
    NumberCode.EXPONENT: _("Write the number out in full, without an exponent."),
    NumberCode.RANGE: _("Write one number, not a range."),
    NumberCode.APPROX: _("Write the exact number, without “about” or “more than”."),
    NumberCode.PLUS: _("Leave out the plus sign."),
    NumberCode.CURRENCY_INSIDE: _("Leave out the currency sign; the unit stands on the right."),
    NumberCode.PERCENT_INSIDE: _("Leave out the percent sign; the unit stands on the right."),
    NumberCode.CHINESE_NUMERAL: _("Write the number in digits, such as 123."),
    NumberCode.OTHER_DIGITS: _("Use only the digits 0 to 9; superscripts and fractions are not read."),
    NumberCode.GROUPING: _("Commas may only stand at every third digit, as in 12,345."),
    NumberCode.LEADING_ZERO: _("A number does not begin with an idle zero."),
    NumberCode.POINT: _("Write digits on both sides of the decimal point, as in 0.5."),
    NumberCode.BLANK_INSIDE: _("Leave out the blanks inside the number."),
    NumberCode.UNIT_INSIDE: _("Write only the number; the unit stands on the right."),
}

# Where the rule knows the text to write instead, the sentence says it.
UNIT_HINT = _("Write %(suggestion)s; the unit stands on the right.")
HINTS = {
    NumberCode.APPROX: _("Only exact numbers are kept. If it is exactly this, write %(suggestion)s."),
    NumberCode.CURRENCY_INSIDE: UNIT_HINT,
    NumberCode.PERCENT_INSIDE: UNIT_HINT,
    NumberCode.UNIT_INSIDE: UNIT_HINT,
}
PLAIN_HINT = _("Write %(suggestion)s.")

# In a sheet no unit stands on the right; it is named instead, where there is one.
SHEET_HINT = _("Write %(suggestion)s; it is counted in %(unit)s.")
SHEET_MESSAGES = {
    NumberCode.CURRENCY_INSIDE: _("Leave out the currency sign; it is counted in %(unit)s."),
    NumberCode.PERCENT_INSIDE: _("Leave out the percent sign; it is counted in %(unit)s."),
    NumberCode.UNIT_INSIDE: _("Write only the number; it is counted in %(unit)s."),
}
SHEET_MESSAGES_BARE = {
    NumberCode.CURRENCY_INSIDE: _("Leave out the currency sign."),
    NumberCode.PERCENT_INSIDE: _("Leave out the percent sign."),
    NumberCode.UNIT_INSIDE: _("Write only the number."),
}
HINT_SUFFIX = "_hint"

# Django's own words in Chinese speak of an empty text.
NO_NULL = {"null_characters_not_allowed": _("There are invisible characters in this text. Type it anew.")}

DAY_MESSAGES = {
    DayCode.EMPTY: _("Write a day."),
    DayCode.NOT_A_DAY: _("This is not a day. Write it as 2026-06-30."),
    DayCode.BARE_NUMBER: _("This is a bare number, not a day. Write it as 2026-06-30."),
    DayCode.NO_SUCH_DAY: _("There is no such day in the calendar."),
    DayCode.OUT_OF_RANGE: _("The year must lie between 2000 and 2100."),
}


class NumberField(forms.Field):
    """A number in the unit that stands to its right. What was typed stays in the box as it was typed."""

    widget = forms.TextInput
    default_error_messages = {
        **{code.value: message for code, message in NUMBER_MESSAGES.items()},
        **{code.value + HINT_SUFFIX: HINTS.get(code, PLAIN_HINT) for code in NumberCode},
        "min_value": _("Write %(limit)s or more."),
        "max_value": _("Write %(limit)s or less."),
    }

    def __init__(
        self,
        *,
        unit: str = "",
        places: int = PLACES,
        min_value: Decimal | None = None,
        max_value: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        self.unit, self.places = unit, places
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The number, or None where nothing was typed: empty and zero are different things."""
        try:
            return parse_number("" if value is None else str(value), unit=self.unit, places=self.places)
        except NumberFault as fault:
            if fault.code == NumberCode.EMPTY:
                return None
            raise self._explained(fault) from None

    def _explained(self, fault: NumberFault) -> ValidationError:
        key = fault.code.value + (HINT_SUFFIX if fault.suggestion else "")
        params = {"suggestion": fault.suggestion, "places": self.places, "unit": self.unit}
        return ValidationError(self.error_messages[key], code=fault.code.value, params=params)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self._beyond("min_value", self.min_value)
        if self.max_value is not None and value > self.max_value:
            raise self._beyond("max_value", self.max_value)

    def _beyond(self, code: str, limit: Decimal) -> ValidationError:
        params = {"limit": format_number(Decimal(limit)), "unit": self.unit}
        return ValidationError(self.error_messages[code], code=code, params=params)

    def prepare_value(self, value: Any) -> Any:
        """A stored number without idle zeros; typed text untouched."""
        return format_number(value).replace(",", "") if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Not type=number: it would hide what was typed wherever the browser cannot read it.
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


def sheet_messages(unit: str) -> dict[str, Any]:
    """What is said of a figure in a cell."""
    said = SHEET_MESSAGES if unit else SHEET_MESSAGES_BARE
    hint = SHEET_HINT if unit else PLAIN_HINT
    hints = {code.value + HINT_SUFFIX: hint for code in SHEET_MESSAGES}
    return {
        "required": NUMBER_MESSAGES[NumberCode.EMPTY],
        **{c.value: each for c, each in said.items()},
        **hints,
    }


class DayInput(forms.DateInput):
    """The browser's calendar; a plain box again where it would blank out what was typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", shown):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """A day, picked in the calendar or typed the way officials write it."""

    widget = DayInput
    default_error_messages = {code.value: message for code, message in DAY_MESSAGES.items()}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return self._parsed(str(value))

    def _parsed(self, text: str) -> date | None:
        try:
            return parse_day(text)
        except DayFault as fault:
            if fault.code == DayCode.EMPTY:
                return None
            raise ValidationError(self.error_messages[fault.code.value], code=fault.code.value) from None

    def prepare_value(self, value: Any) -> Any:
        """A readable day in ISO, which the calendar shows; anything else as it was typed."""
        if not isinstance(value, str):
            return value
        try:
            return parse_day(value).isoformat()
        except DayFault:
            return value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        limits = {"min": f"{FIRST_YEAR}-01-01", "max": f"{LAST_YEAR}-12-31"}
        return {**super().widget_attrs(widget), **limits}
