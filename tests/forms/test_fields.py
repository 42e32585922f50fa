"""What the fields take, say and show again."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from pledges.forms.fields import DAY_MESSAGES, NUMBER_MESSAGES, DayField, NumberField
from pledges.rules.days import DayCode
from pledges.rules.numbers import NumberCode
from tests.rules.test_days import REFUSED as NO_DAYS
from tests.rules.test_numbers import REFUSED as NO_NUMBERS


class Sample(forms.Form):
    value = NumberField(unit="万元", places=2, min_value=Decimal(0), max_value=Decimal(1000), required=False)
    day = DayField(required=False)


def sample(value="", day=""):
    return Sample({"value": value, "day": day})


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_every_fault_has_its_sentence():
    assert set(NUMBER_MESSAGES) == set(NumberCode)
    assert set(DAY_MESSAGES) == set(DayCode)


@pytest.mark.parametrize(
    "typed, value",
    [("1,000", Decimal(1000)), ("０．５", Decimal("0.5")), ("0", Decimal(0)), ("", None), (" \u3000", None)],
)
def test_a_number_is_cleaned_and_empty_is_not_zero(typed, value):
    form = sample(typed)

    assert (form.is_valid(), form.cleaned_data["value"]) == (True, value)


@pytest.mark.parametrize(
    "typed, code, message",
    [
        ("12万", "unit_inside", "Write 12; the unit stands on the right."),
        ("12家", "unit_inside", "Write only the number; the unit stands on the right."),
        ("约100", "approx", "Only exact numbers are kept. If it is exactly this, write 100."),
        ("007", "leading_zero", "Write 7."),
        ("1.005", "too_many_places", "Too many decimals: at most 2."),
        ("1.500", "too_many_places", "Write 1.5."),
        ("-0.01", "min_value", "Write 0 or more."),
        ("1000.01", "max_value", "Write 1,000 or less."),
    ],
)
def test_a_refusal_says_what_to_write(typed, code, message):
    form = sample(typed)

    assert form.errors.as_data()["value"][0].code == code
    assert form.errors["value"] == [message]


@pytest.mark.parametrize(
    "typed, unit, code, suggestion", [row for row in NO_NUMBERS if row[2] != "empty" and len(row[0]) < 99]
)
def test_every_refusal_of_the_rule_reaches_the_person(typed, unit, code, suggestion):
    with pytest.raises(forms.ValidationError) as caught:
        NumberField(unit=unit).clean(typed)

    assert caught.value.code == code
    assert (suggestion in caught.value.messages[0], "%(" in caught.value.messages[0]) == (True, False)


def test_a_required_field_asks_for_its_value():
    for field in (NumberField(), DayField()):
        with pytest.raises(forms.ValidationError) as caught:
            field.clean(" \u3000")
        assert caught.value.code == "required"


@pytest.mark.parametrize("limit", ["min_value", "max_value"])
def test_the_limit_itself_is_allowed(limit):
    assert NumberField(**{limit: Decimal(5)}).clean("5") == Decimal(5)


def test_what_was_typed_stays_in_the_box():
    html = str(sample("<12万>")["value"])

    assert 'value="&lt;12万&gt;"' in html
    assert ('type="text"' in html, 'inputmode="decimal"' in html) == (True, True)


@pytest.mark.parametrize(
    "stored, shown", [(Decimal("1234.5000"), "1234.5"), (Decimal("1E+3"), "1000"), (None, None)]
)
def test_a_stored_number_is_shown_without_idle_zeros(stored, shown):
    assert NumberField().prepare_value(stored) == shown


def test_the_same_number_written_otherwise_is_no_change():
    assert NumberField().has_changed(Decimal("1000.0000"), "1,000") is False
    assert NumberField().has_changed(None, "0") is True
    assert DayField().has_changed(date(2026, 6, 30), "2026年6月30日") is False


@pytest.mark.parametrize(
    "given, day",
    [
        ("2026年6月30日", date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 59), date(2026, 6, 30)),  # noqa: DTZ001 - only its day is asked
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_a_day_is_cleaned(given, day):
    assert DayField(required=False).clean(given) == day


@pytest.mark.parametrize("typed, code", [row for row in NO_DAYS if row[1] != "empty"])
def test_every_refused_day_says_why(typed, code):
    form = sample(day=typed)

    assert form.errors.as_data()["day"][0].code == code
    assert form.errors["day"] == [str(DAY_MESSAGES[code])]


@pytest.mark.parametrize(
    "typed, kind, shown",
    [
        ("2026-06-30", "date", "2026-06-30"),
        ("２０２６年６月３０日", "date", "2026-06-30"),
        ("2026-02-29", "date", "2026-02-29"),
        ("tomorrow", "text", "tomorrow"),
    ],
)
def test_a_typed_day_is_shown_again(typed, kind, shown):
    html = str(sample(day=typed)["day"])

    assert (f'type="{kind}"' in html, f'value="{shown}"' in html) == (True, True)


def test_a_stored_day_is_shown_in_the_calendar_with_its_limits():
    html = str(Sample(initial={"day": date(2026, 6, 30)})["day"])

    assert [
        part in html for part in ('type="date"', 'value="2026-06-30"', 'min="2000-01-01"', 'max="2100-12-31"')
    ] == [True] * 4
