"""What people typed, made fit for a header, a subject or a line of text. Pure."""

import unicodedata

INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's general categories of control and format characters, lone surrogates, and separators of lines."""


def one_line(text: str) -> str:
    """The text on one line; whatever cannot be seen is a blank, several blanks are one."""
    seen = (" " if unicodedata.category(sign) in INVISIBLE else sign for sign in text)
    return " ".join("".join(seen).split())


def clean_lines(text: str) -> str:
    """The same with its lines kept, empty ones left out."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)
