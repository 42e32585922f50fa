"""What people typed never breaks a line it stands on."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.typed import INVISIBLE, clean_lines, one_line


@pytest.mark.parametrize(
    "typed, line",
    [
        ("新增 3 家", "新增 3 家"),
        ("  a \t b\r\nBcc: x@y.z\r\n", "a b Bcc: x@y.z"),
        ("a\x00b\x0bc\x85d\u2028e\u2029f", "a b c d e f"),
        ("a\u202eb\u200bc\ufeffd\ud800e", "a b c d e"),
        ("\u3000全角\u3000空格\N{NO-BREAK SPACE}", "全角 空格"),
        ("", ""),
    ],
)
def test_text_is_one_line_without_anything_invisible(typed, line):
    assert one_line(typed) == line


@given(st.text())
def test_nothing_invisible_is_left_of_any_text(typed):
    line = one_line(typed)

    assert [sign for sign in line if unicodedata.category(sign) in INVISIBLE] == []
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def test_lines_are_kept_and_empty_ones_left_out():
    assert clean_lines("一、口径不对。\r\n\r\n 二、附\x0b证明。\n\u202e") == "一、口径不对。\n二、附\n证明。"
