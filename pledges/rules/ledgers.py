"""The names behind a count (台账): which seven firms? Reading a pasted list, and comparing names. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pledges.choices import Basis
from pledges.rules.trajectory import Trajectory
from pledges.rules.typed import one_line

MOST_NAMES = 500
"""Longer lists are an attachment: nobody compares them by eye."""

NAME_LENGTH = 120

COUNTED = Basis.from_zero - {Basis.NET_NEW}
"""Kinds of number that count things one by one. A net increase has no list: what left has a name, too."""

PARTINGS = (
    re.compile(r"\t"),
    re.compile(r"[，；;]|(?<=[\u4e00-\u9fff）]),|,(?=[\u4e00-\u9fff（])"),
    re.compile("、"),
)
"""What stands between two names of one line. A western comma parts only Chinese names: 'Acme Co., Ltd.' is one."""

NUMBERING = re.compile(
    r"(?:[(（【\[]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）】\]]"
    r"|(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[、．)）]"
    r"|\d{1,3}\s*\.(?!\d)"
    r"|\d{1,3}\s*\t"
    r"|[\u2460-\u2473\u2474-\u2487]"
    r"|[•·●■◆*\-–—])[^\S\t]*"
)
"""'1.' '（1）' '一、' '①' '•' before a name. 1.5万吨 and 3号厂房 are no numbering."""


def takes_ledger(trajectory: Trajectory) -> bool:
    """Whether a figure can be spelled out in names: a running total of whole things, not too many of them."""
    goals = [stone.value for stone in trajectory.milestones]
    starts_at_zero = trajectory.start is None or trajectory.start.value == 0
    return (
        trajectory.whole
        and starts_at_zero
        and trajectory.basis in COUNTED
        and max(map(abs, goals)) <= MOST_NAMES
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names of a pasted text, in its order: one a line, or parted by marks; numbering and bullets are gone."""
    pieces = text.splitlines()
    for parting in PARTINGS:
        pieces = [_bare(cell) for piece in pieces for cell in parting.split(_bare(piece))]
    names = (_bare(one_line(piece)).rstrip("。 ") for piece in pieces)
    return tuple(name for name in names if key_of(name))


def text_of(names: Iterable[str]) -> str:
    """Names as a text that reads as the same names."""
    return "\n".join(names)


def _bare(text: str) -> str:
    """Without the numbering at its beginning, however often it was numbered."""
    bare = text.lstrip()
    while found := NUMBERING.match(bare):
        bare = bare[found.end() :].lstrip()
    return bare


def key_of(name: str) -> str:
    """The name for comparing: one width, one case, nothing but letters and figures.

    Words for the form of a company stay: 有限公司 and 股份有限公司 are two firms. Folding may bring
    forth signs that fold again, so it goes on until nothing changes.
    """
    key, before = name, None
    while key != before:
        before, key = key, _folded(key)
    return key


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")[:NAME_LENGTH]


def said_twice(names: Iterable[str]) -> list[str]:
    """Names that stand in a list more than once, in their first spelling."""
    names = list(names)
    times = Counter(map(key_of, names))
    first = {key_of(name): name for name in reversed(names)}
    return [first[key] for key, number in times.items() if number > 1]


def too_long(names: Iterable[str]) -> list[str]:
    """Names that cannot be stored."""
    return [name for name in names if len(name) > NAME_LENGTH]


@dataclass(frozen=True, slots=True)
class Change:
    """What a list has that the one before had not, and what it lacks."""

    new: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()


def change_between(before: Mapping[str, str], names: Mapping[str, str]) -> Change:
    """Two lists compared, each as names by key. `new` are keys, `gone` the names as they stood."""
    return Change(frozenset(names.keys() - before.keys()), tuple(_missing(before, names)))


def _missing(before: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    return (name for key, name in before.items() if key not in names)


def by_key(names: Iterable[str]) -> dict[str, str]:
    """Names by what they are compared by."""
    return {key_of(name): name for name in names}
