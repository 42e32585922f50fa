"""Numbers as people type them. Pure: no Django, no settings.

`Decimal(text)` takes `1_000`, `٣` and `1e5`, and Unicode's NFKC turns `10²` into 102. So what may stand
for a digit is listed, and the rest refused by its kind, with the text to write instead where that is certain.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import partial

PLACES = 4
MAX_WHOLE_DIGITS = 14
MAX_DIAGNOSED = 64  # longer text is no slip of the hand, and not worth the search for one
LONG_EXPONENT = 3  # 1E+1000000 would be written out as a million zeros

# Room for every text we diagnose: a hint rounded at the default 28 digits would be a wrong hint.
EXACT = Context(prec=MAX_DIAGNOSED + 110, rounding=ROUND_HALF_UP)

TYPED = {0xFF10 + digit: str(digit) for digit in range(10)} | str.maketrans("．，－−\u00a0\u3000", ".,--  ")
BLANKS = " \t\r\n"
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?")


# Every way in which typed text fails to be a number; each value is its name in small letters.
NumberCode = StrEnum(
    "NumberCode",
    "EMPTY NOT_A_NUMBER TOO_BIG TOO_MANY_PLACES INVISIBLE UNDERSCORE EXPONENT RANGE APPROX PLUS "
    "CURRENCY_INSIDE PERCENT_INSIDE CHINESE_NUMERAL OTHER_DIGITS GROUPING LEADING_ZERO POINT "
    "BLANK_INSIDE UNIT_INSIDE",
)


class NumberFault(ValueError):  # noqa: N818 - the house calls what a person got wrong a fault
    """The text is no number we take. `suggestion` is the text to write instead, where that is certain."""

    def __init__(self, code: NumberCode, suggestion: str = "") -> None:
        super().__init__(code, suggestion)
        self.code = code
        self.suggestion = suggestion


def parse_number(text: str, *, unit: str = "", places: int = PLACES) -> Decimal:
    """The number that was typed, digit for digit, or the fault that explains why not."""
    plain = text.translate(TYPED).strip(BLANKS)
    if not plain:
        raise NumberFault(NumberCode.EMPTY)
    if NUMBER.fullmatch(plain):
        return _value(plain.replace(",", ""), places)
    raise _diagnosed(_Typed(plain, unit, places))


def quantise(value: Decimal, places: int = PLACES) -> Decimal:
    """Rounded half up, as officials round, so that both databases store the same digits."""
    rounded = _finite(value).quantize(Decimal(1).scaleb(-places), context=EXACT)
    return rounded or rounded.copy_abs()


def format_number(value: Decimal) -> str:
    """Plain digits: no exponent, no idle zeros, a comma at every thousand."""
    text = f"{_finite(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError(value)
    return value


def _value(plain: str, places: int) -> Decimal:
    whole, _, part = plain.partition(".")
    if len(whole.lstrip("-")) > MAX_WHOLE_DIGITS:
        raise NumberFault(NumberCode.TOO_BIG)
    if len(part) > places:
        needed = part.rstrip("0")
        # Idle zeros may go; rounding a reported figure is the clerk's decision, never ours.
        shorter = f"{whole}.{needed}".rstrip(".") if len(needed) <= places else ""
        raise NumberFault(NumberCode.TOO_MANY_PLACES, shorter)
    value = Decimal(plain)
    return value or value.copy_abs()


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stood in the field, cleaned of outer blanks, and what the field is for."""

    text: str
    unit: str
    places: int

    def if_accepted(self, candidate: str) -> str:
        """The candidate, or what would be suggested for it: a hint must itself be accepted."""
        try:
            parse_number(candidate, unit=self.unit, places=self.places)
        except NumberFault as fault:
            return fault.suggestion
        return candidate.translate(TYPED).strip(BLANKS).replace(",", "")


def _diagnosed(typed: _Typed) -> NumberFault:
    if len(typed.text) <= MAX_DIAGNOSED:
        for code, kind in KINDS.items():
            suggestion = kind(typed)
            if suggestion is not None:
                return NumberFault(code, suggestion)
    return NumberFault(NumberCode.NOT_A_NUMBER)


def _invisible(typed: _Typed) -> str | None:
    seen = "".join(sign for sign in typed.text if unicodedata.category(sign) != "Cf")
    return None if seen == typed.text else typed.if_accepted(seen)


def _separated_by(separators: str, typed: _Typed) -> str | None:
    """Digits parted by something else than commas: certain only where commas could stand there."""
    if not re.fullmatch(rf"[0-9.,{separators}-]*[0-9][0-9.,{separators}-]*", typed.text):
        return None
    if not re.search(rf"[{separators}]", typed.text):
        return None
    grouped = re.sub(rf"[{separators}]", ",", typed.text)
    return typed.if_accepted(grouped)


def _exponent(typed: _Typed) -> str | None:
    found = re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?([0-9]+)", typed.text)
    if not found:
        return None
    return typed.if_accepted(format_number(Decimal(typed.text))) if len(found[1]) < LONG_EXPONENT else ""


def _range(typed: _Typed) -> str | None:
    return "" if re.search(r"[0-9%％十百千万亿]\s*[-~～–—至到]+\s*[0-9]", typed.text) else None


BEFORE = re.compile(
    "大约|大概|约|将近|接近|近|超过|超|逾|突破|不少于|不低于|不超过|不足|不到|至少|至多|最多"
    "|大于|小于|高于|低于|>=|<=|[≥≤≧≦><＞＜≈~～]"  # noqa: RUF001 - as officials type them
)
AFTER = re.compile(r"(?:左右|上下|以上|以下|以内|余|多|\+|＋)$")
WITHIN = re.compile(r"(?<=[0-9十百千万亿])[余多](?=[^0-9.,]+$)")


def _approx(typed: _Typed) -> str | None:
    opening = BEFORE.match(typed.text)
    core = WITHIN.sub("", AFTER.sub("", typed.text[opening.end() if opening else 0 :]))
    if core == typed.text or not re.search(f"[0-9{NUMERALS}]", core):
        return None
    return typed.if_accepted(core)


def _plus(typed: _Typed) -> str | None:
    return typed.if_accepted(typed.text[1:]) if re.match("[+＋][ 0-9]", typed.text) else None


CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "\uff04": "美元", "€": "欧元"}


def _currency_inside(typed: _Typed) -> str | None:
    money = CURRENCIES.get(typed.text[0])
    if money is None:
        return None
    amount = typed.text[1:].strip(BLANKS)
    return _in_unit(typed, amount if amount.endswith(money) else amount + money)


PERCENTS = {"%": "%", "％": "%", "‰": "‰"}


def _percent_inside(typed: _Typed) -> str | None:
    sign = PERCENTS.get(typed.text[-1])
    if sign is None:
        return None
    # 12% of what? Only a field that is itself in percent tells.
    return typed.if_accepted(typed.text[:-1]) if sign == PERCENTS.get(typed.unit) else ""


SPOKEN = "零一二三四五六七八九"
SAME_WORD = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零二一二三四五六七八九十百千万亿")
NUMERALS = "〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖十百千万亿拾佰仟萬億"
SIZES = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}


def _chinese_numeral(typed: _Typed) -> str | None:
    text = typed.text.removesuffix(typed.unit).strip(BLANKS)
    if not re.fullmatch(f"[{NUMERALS}点负]+", text):
        return None
    words = text.translate(SAME_WORD)
    if set(words) <= set(SPOKEN):
        return typed.if_accepted("".join(str(SPOKEN.index(word)) for word in words))
    number = _counted(words)
    # Reading back must give the same words: 三百二 may be 320 or 302, so it gets no suggestion.
    if words not in {_spoken(number), re.sub("^一十", "十", _spoken(number))}:
        return ""
    shift = _scale(typed.unit)[0] if set(words) & {"万", "亿"} else 0
    return typed.if_accepted(format_number(Decimal(number).scaleb(-shift, EXACT)))


def _counted(words: str) -> int:
    total = section = digit = 0
    for word in words:
        if word in SPOKEN:
            digit = SPOKEN.index(word)
        elif word == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif word == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        else:
            section, digit = section + (digit or 1) * 10 ** SIZES.get(word, 0), 0
    return total + section + digit


def _spoken(number: int) -> str:
    for sign, power in SIZES.items():
        head, rest = divmod(number, 10**power)
        if head:
            gap = "零" if 0 < rest < 10 ** (power - 1) else ""
            return _spoken(head) + sign + gap + (_spoken(rest) if rest else "")
    return SPOKEN[number]


def _other_digits(typed: _Typed) -> str | None:
    strange = [sign for sign in re.sub("[0-9]", "", typed.text) if unicodedata.category(sign)[0] == "N"]
    if not strange:
        return None
    if any(unicodedata.category(sign) != "Nd" for sign in strange):
        return ""  # ² and ½ are no digits of a number: 10² is not 102
    return typed.if_accepted("".join(str(unicodedata.decimal(sign, sign)) for sign in typed.text))


def _grouping(typed: _Typed) -> str | None:
    return "" if re.fullmatch(r"-?[0-9.,]*[0-9][0-9.,]*", typed.text) and "," in typed.text else None


def _leading_zero(typed: _Typed) -> str | None:
    found = re.fullmatch(r"(-?)0+([0-9]+(?:\.[0-9]+)?)", typed.text)
    return typed.if_accepted(found[1] + found[2]) if found else None


def _point(typed: _Typed) -> str | None:
    found = re.fullmatch(r"(-?)([0-9]*)[.。｡]([0-9]*)", typed.text)
    if not found or not found[2] + found[3]:
        return None
    return typed.if_accepted(f"{found[1]}{found[2] or 0}.{found[3]}".rstrip("."))


def _unit_inside(typed: _Typed) -> str | None:
    found = re.fullmatch(r"-?[0-9][0-9.,]*\s*(\D+)", typed.text)
    if not found or any(unicodedata.category(sign) not in {"Lo", "Lu", "Ll", "So"} for sign in found[1]):
        return None
    return _in_unit(typed, typed.text)


def _in_unit(typed: _Typed, amount: str) -> str:
    """The amount counted in the field's own unit: 9600万元 is 0.96 where the unit is 亿元."""
    found = re.fullmatch(rf"({NUMBER.pattern})\s*(\D+)", amount)
    if not found:
        return ""
    number, suffix = Decimal(found[1].replace(",", "")), found[2]
    (scale, base), (own_scale, own_base) = _scale(suffix), _scale(typed.unit)
    if typed.unit.startswith(suffix):
        return typed.if_accepted(format_number(number))
    is_other = typed.unit and base not in {"", own_base}
    if is_other or re.search(f"[{NUMERALS}]", base) or re.search("[%％‰]|百分点", typed.unit):
        return ""
    return typed.if_accepted(format_number(number.scaleb(scale - own_scale, EXACT)))


def _scale(unit: str) -> tuple[int, str]:
    """The power of ten in front of a unit, and the unit itself. 千瓦 and 百分点 are whole words."""
    signs = "".join(re.findall("^[十百千]?万?亿?", unit))
    if not set(signs) & {"万", "亿"} and signs != unit:
        return 0, unit
    return sum(SIZES[sign] for sign in signs), unit.removeprefix(signs)


# The order matters: the nearest explanation comes first.
# A kind answers None where the text is not of its kind, else the suggestion ("" for none).
KINDS: dict[NumberCode, Callable[[_Typed], str | None]] = {
    NumberCode.INVISIBLE: _invisible,
    NumberCode.UNDERSCORE: partial(_separated_by, "_"),
    NumberCode.EXPONENT: _exponent,
    NumberCode.RANGE: _range,
    NumberCode.APPROX: _approx,
    NumberCode.PLUS: _plus,
    NumberCode.CURRENCY_INSIDE: _currency_inside,
    NumberCode.PERCENT_INSIDE: _percent_inside,
    NumberCode.CHINESE_NUMERAL: _chinese_numeral,
    NumberCode.OTHER_DIGITS: _other_digits,
    NumberCode.GROUPING: _grouping,
    NumberCode.LEADING_ZERO: _leading_zero,
    NumberCode.POINT: _point,
    NumberCode.BLANK_INSIDE: partial(_separated_by, BLANKS),
    NumberCode.UNIT_INSIDE: _unit_inside,
}
