"""What counts as a typed number, what is refused by which name, and what is suggested instead."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pledges.rules.numbers import (
    TYPED,
    NumberCode,
    NumberFault,
    format_number,
    parse_number,
    quantise,
)

UNITS = ["", "家", "万元", "亿元", "万次", "%", "千瓦", "百分点"]
ACCEPTED = {
    "１２３": "123",
    "１２３．５": "123.5",
    "１２，３４５": "12345",
    "－5": "-5",
    "−5": "-5",
    "\u00a012\u3000": "12",
    " 12\t\r\n": "12",
    "12,345": "12345",
    "-1,234,567.8901": "-1234567.8901",
    "999": "999",
    "1000": "1000",
    "0": "0",
    "-0": "0",
    "-0.00": "0.00",
    "0.0001": "0.0001",
    "9" * 14: "9" * 14,
    "99,999,999,999,999.9999": "99999999999999.9999",
}
REFUSED = [
    # typed, unit, code, suggestion
    ("", "", "empty", ""),
    (" \u00a0\u3000\n", "", "empty", ""),
    ("NaN", "", "not_a_number", ""),
    ("-Infinity", "", "not_a_number", ""),
    ("0x1F", "", "not_a_number", ""),
    ("--5", "", "not_a_number", ""),
    ("-", "", "not_a_number", ""),
    (".", "", "not_a_number", ""),
    ("5<b>", "", "not_a_number", ""),
    ("近", "", "not_a_number", ""),
    ("\x00", "", "not_a_number", ""),
    ("\ud800", "", "not_a_number", ""),
    ("约" + "1" * 64, "", "not_a_number", ""),
    ("约" + "1" * 63, "", "approx", ""),
    ("1" * 15, "", "too_big", ""),
    ("-" + "1" * 15, "", "too_big", ""),
    ("1" * 1_000_000, "", "too_big", ""),
    ("x" * 1_000_000, "", "not_a_number", ""),
    ("1.00005", "", "too_many_places", ""),
    ("1.20000", "", "too_many_places", "1.2"),
    ("1,200.00000", "", "too_many_places", "1200"),
    ("1\u200b2", "", "invisible", "12"),
    ("1_000", "", "underscore", "1000"),
    ("1_00", "", "underscore", ""),
    ("1e5", "", "exponent", "100000"),
    ("0.1e1", "", "exponent", "1"),
    ("1e10", "", "exponent", "10000000000"),
    ("1e99", "", "exponent", ""),
    ("1e400", "", "exponent", ""),
    ("1E+1000000", "", "exponent", ""),
    ("100-120", "家", "range", ""),
    ("3至5", "家", "range", ""),
    ("约100", "家", "approx", "100"),
    ("≥5", "家", "approx", "5"),
    ("约12万", "家", "approx", "120000"),
    ("100余", "家", "approx", "100"),
    ("100多家", "家", "approx", "100"),
    ("1余2", "", "not_a_number", ""),
    ("近百", "家", "approx", ""),
    ("+5", "", "plus", "5"),
    ("＋ 5", "", "plus", "5"),
    ("¥12", "元", "currency_inside", "12"),
    ("¥12", "家", "currency_inside", ""),
    ("￥12万", "万元", "currency_inside", "12"),
    ("¥12元", "元", "currency_inside", "12"),
    ("$3,000", "万美元", "currency_inside", "0.3"),
    ("¥", "元", "currency_inside", ""),
    ("12%", "%", "percent_inside", "12"),
    ("１２％", "%", "percent_inside", "12"),
    ("12%", "家", "percent_inside", ""),
    ("12‰", "%", "percent_inside", ""),
    ("一百二十三", "家", "chinese_numeral", "123"),
    ("一百二十三家", "家", "chinese_numeral", "123"),
    ("\u3007", "", "chinese_numeral", "0"),
    ("二〇二二", "", "chinese_numeral", "2022"),
    ("十二", "", "chinese_numeral", "12"),
    ("一百一十", "", "chinese_numeral", "110"),
    ("两万零五", "", "chinese_numeral", "20005"),
    ("一亿二千万", "", "chinese_numeral", "120000000"),
    ("十二万", "万元", "chinese_numeral", "12"),
    ("十二", "万元", "chinese_numeral", "12"),
    ("三百二", "", "chinese_numeral", ""),
    ("百", "", "chinese_numeral", ""),
    ("三点五", "", "chinese_numeral", ""),
    ("10²", "", "other_digits", ""),
    ("①②", "", "other_digits", ""),
    ("½", "", "other_digits", ""),
    ("\U0001d7cf\U0001d7d0", "", "other_digits", "12"),
    ("٣", "", "other_digits", "3"),
    ("๓", "", "other_digits", "3"),
    ("1,2,3", "", "grouping", ""),
    ("12,34", "", "grouping", ""),
    ("1，2345", "", "grouping", ""),
    ("1234,567", "", "grouping", ""),
    ("007", "", "leading_zero", "7"),
    ("00", "", "leading_zero", "0"),
    (".5", "", "point", "0.5"),
    ("5.", "", "point", "5"),
    ("12。5", "", "point", "12.5"),
    ("12 345", "", "blank_inside", "12345"),
    ("1 2", "", "blank_inside", ""),
    ("12万", "家", "unit_inside", "120000"),
    ("12万", "万元", "unit_inside", "12"),
    ("12万", "万次", "unit_inside", "12"),
    ("12万", "%", "unit_inside", ""),
    ("9.6亿", "亿元", "unit_inside", "9.6"),
    ("9600万元", "亿元", "unit_inside", "0.96"),
    ("2,500,000次", "万次", "unit_inside", "250"),
    ("12 个", "个", "unit_inside", "12"),
    ("12 个", "", "unit_inside", "12"),
    ("12个", "万元", "unit_inside", ""),
    ("5千", "家", "unit_inside", "5000"),
    ("12平方", "平方米", "unit_inside", "12"),
    ("5千瓦", "千瓦", "unit_inside", "5"),
    ("12㎡", "", "unit_inside", "12"),
    ("1二", "", "unit_inside", ""),
    ("1,2万", "家", "unit_inside", ""),
    ("0." + "9" * 40 + "万", "万元", "unit_inside", ""),
]


def fault_of(text, **kwargs):
    with pytest.raises(NumberFault) as caught:
        parse_number(text, **kwargs)
    return caught.value.code, caught.value.suggestion


@pytest.mark.parametrize("typed", ACCEPTED)
def test_a_number_is_read_digit_for_digit(typed):
    assert str(parse_number(typed)) == ACCEPTED[typed]


@pytest.mark.parametrize(
    "typed, unit, code, suggestion", REFUSED, ids=[f"{r[0][:12]!a}-{r[1]!a}" for r in REFUSED]
)
def test_what_is_no_number_is_refused_by_its_kind(typed, unit, code, suggestion):
    assert fault_of(typed, unit=unit) == (code, suggestion)


def test_every_kind_of_fault_has_its_example():
    assert {code for _typed, _unit, code, _suggestion in REFUSED} == {code.value for code in NumberCode}


@pytest.mark.parametrize(
    "typed, places, outcome",
    [
        ("12", 0, "12"),
        ("12.0", 0, ("too_many_places", "12")),
        ("12.5", 0, ("too_many_places", "")),
        ("1.005", 2, ("too_many_places", "")),
        ("1.00", 2, "1.00"),
        ("1.2345", 4, "1.2345"),
    ],
)
def test_a_field_decides_how_many_decimals_it_takes(typed, places, outcome):
    if isinstance(outcome, str):
        assert str(parse_number(typed, places=places)) == outcome
    else:
        assert fault_of(typed, places=places) == outcome


ALPHABET = st.sampled_from(
    "0123456789０１９.．,，-－−+_eE %％‰万亿千百十元家约≥余多一二〇两²½①٣𝟏¥$ \u00a0\u3000\u200b。至"
)
TEXTS = (
    st.text()
    | st.text(ALPHABET, max_size=14)
    | st.from_regex(r"\A-?[0-9０-９]{1,9}([,，.．][0-9]{1,5}){0,3}\Z")
)


def digits_of(text):
    return "".join(sign for sign in text if unicodedata.category(sign)[0] == "N")


@given(TEXTS, st.sampled_from(UNITS))
@example("10²", "")
@example("①②", "")
@example("007", "")
def test_no_accepted_text_has_other_digits_than_its_number(text, unit):
    try:
        value = parse_number(text, unit=unit)
    except NumberFault:
        return
    assert digits_of(text.translate(TYPED)) == digits_of(f"{value:f}")


@given(TEXTS, st.sampled_from(UNITS), st.integers(0, 6))
def test_every_suggestion_is_itself_accepted(text, unit, places):
    try:
        parse_number(text, unit=unit, places=places)
    except NumberFault as fault:
        if fault.suggestion:
            parse_number(fault.suggestion, unit=unit, places=places)


NUMBERS = st.decimals(-(10**14) + 1, 10**14 - 1, places=4)


@given(NUMBERS)
def test_a_printed_number_is_read_back_as_the_same(value):
    assert parse_number(format_number(value)) == value


@given(st.integers(0, 10**12))
def test_a_spoken_number_is_suggested_in_digits(number):
    from pledges.rules.numbers import _spoken  # noqa: PLC0415 - the inverse is private on purpose

    assert fault_of(_spoken(number)) == ("chinese_numeral", str(number))


@pytest.mark.parametrize(
    "value, places, expected",
    [
        ("1.005", 2, "1.01"),
        ("1.004999", 2, "1.00"),
        ("-1.005", 2, "-1.01"),
        ("0.00005", 4, "0.0001"),
        ("-0.00004", 4, "0.0000"),
        ("7", 4, "7.0000"),
        ("2.5", 0, "3"),
        ("99999999999999999999999999.99995", 4, "100000000000000000000000000.0000"),
    ],
)
def test_half_is_rounded_up_and_away_from_zero(value, places, expected):
    assert str(quantise(Decimal(value), places)) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        ("999", "999"),
        ("1000", "1,000"),
        ("-1234567.8900", "-1,234,567.89"),
        ("1E+3", "1,000"),
        ("1E-4", "0.0001"),
        ("100", "100"),
        ("100.00", "100"),
        ("-0.00", "0"),
        ("-0", "0"),
    ],
)
def test_a_number_is_printed_plain(value, expected):
    assert format_number(Decimal(value)) == expected


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("rule", [quantise, format_number])
def test_what_is_not_finite_is_a_bug_of_ours(rule, value):
    with pytest.raises(ValueError, match=value):
        rule(Decimal(value))
