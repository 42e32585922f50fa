"""Values that nobody in their right mind types, by kind; a seeded die throws them."""

from random import Random
from urllib.parse import quote_plus

MARK = "<fuzz onload=1>"
"""Never a piece of markup of ours: where it stands in a page as it is, somebody else's markup is live."""

TEXTS = (
    *("", " ", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\x1b[31m", "\u202e\u0661\u0662", "\u200b", "\ufeff", "\ufffe", "\U0010ffff", "🀄👩‍👩‍👧", "é" * 50),
    *(MARK, f"\"'>{MARK}", f"</textarea></title>{MARK}", "{{ 7|add:7 }}{% debug %}", "%s%(x)s%n%", "' OR 1=1 --", '"; DROP TABLE x; --'),
    *("%", "_", "\\", "*", "(", "[", "?", "+", "$^", "../../etc/passwd", "//evil.example", "https://evil.example/", "javascript:alert(7)"),
    *("=1+1", "+1", "@x", "None", "null", "true", "[]", "{}", '{"a":1}', "红", "xlsx", "csv", "x" * 5000, "企" * 3000, "a\n" * 500),
)  # fmt: skip
NUMBERS = (
    *("-1", "0", "-0", "1", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 30, f"-{'9' * 30}", "9" * 5000),
    *("1e5", "1e400", "-1e400", "1E+20", "NaN", "sNaN", "Infinity", "-inf", "0x10", "1_000", "1.005", ".5", "5.", "0.000000001"),
    *("１２３", "٣", "²", "½", "十二"),
)  # fmt: skip
DAYS = (
    *("2022-06-30", "2022-02-30", "2024-02-29", "2023-02-29", "2100-02-29", "0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01"),
    *("2022-13", "2022-W53-7", "20220630", "2022-06-30T25:61", "1986-05-04T02:30", "-0001-01-01", "2022/6/30", "2022-6-3", "今天", "2022-06-30\0"),
)  # fmt: skip
KEYS = (
    "0" * 32,
    "00000000-0000-0000-0000-000000000000",
    "x" * 36,
    "{00000000-0000-0000-0000-000000000000}",
    "urn:uuid:0",
)
RAW = (
    b"%FF%FE",
    b"%ED%A0%80",
    b"%C0%AF",
    b"%",
    b"%zz",
    b"%u1234",
    b"\xff\xfe",
    b"%F0%9F",
    b"+%00+",
    b"&&==&",
    b";a=b",
)
"""What no encoder would send."""

LARGE = 1_000_000
PLANES = (
    (0x20, 0x7E),
    (0x4E00, 0x9FFF),
    (0x590, 0x6FF),
    (0x300, 0x36F),
    (0x2000, 0x206F),
    (0x1F300, 0x1FAFF),
    (0, 0x1F),
    (0xE000, 0x10FFFF),
)


def text_of(chance: Random) -> str:
    low, high = chance.choice(PLANES)
    return "".join(chr(chance.randint(low, high)) for _each in range(chance.randint(1, 40)))


def value_of(chance: Random) -> bytes:
    """One value as it stands in a form that was sent: encoded, or past every encoder."""
    pot = chance.random()
    if pot < 0.08:
        return chance.choice(RAW)
    if pot < 0.085:
        return (chance.choice("x企\0") * LARGE).encode()[:LARGE].replace(b"\0", b"%00")
    kinds = (TEXTS, NUMBERS, DAYS, KEYS, None)
    kind = chance.choices(kinds, (4, 2, 2, 1, 2))[0]
    return quote_plus(chance.choice(kind) if kind else text_of(chance)).encode()


def plain_of(chance: Random) -> bytes:
    """The same for a body or a header that nobody encodes."""
    pot = chance.choice((TEXTS, NUMBERS, DAYS, KEYS))
    return chance.choice(pot).encode("utf-8", "surrogatepass")


def token_of(chance: Random) -> str:
    """For a header: one line, bytes as a server hands them over."""
    return plain_of(chance).decode("latin-1").replace("\r", "").replace("\n", "").replace("\0", "")
