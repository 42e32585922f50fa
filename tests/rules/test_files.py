"""Which files are taken, and under what name they are shown."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.archives import MOST_PARTS
from pledges.rules.files import LONGEST_NAME, FileFault, Kind, extension_of, kind_of, shown_name
from tests.kit.files import OLE, PDF, docx, jpg, ofd, packed, png, xlsx

MOST = 1024 * 1024


def taken(name: str, content: bytes, most: int = MOST) -> str:
    """The kind, or the code of the fault."""
    try:
        return kind_of(name, io.BytesIO(content), len(content), most=most)
    except FileFault as fault:
        return fault.code


@pytest.mark.parametrize(
    "name, content, kind",
    [
        ("a.pdf", PDF, Kind.PDF),
        ("A.PDF", PDF, Kind.PDF),
        ("a.docx", docx(), Kind.DOCX),
        ("a.xlsx", xlsx(), Kind.XLSX),
        ("a.ofd", ofd(), Kind.OFD),
        ("a.png", png(), Kind.PNG),
        ("a.jpg", jpg(), Kind.JPG),
        ("a.jpeg", jpg(), Kind.JPG),
        ("a.jpg", jpg(before=b"\xff" * 9 + b"\xfe\x00\x02\xff\xd0"), Kind.JPG),
        ("照片.jpg", jpg(12_000, 9_000) + b"a film behind it", Kind.JPG),
    ],
)
def test_what_is_taken(name, content, kind):
    assert taken(name, content) == kind


GIFAR = PDF + packed("evil.class")
PHP = b"%PDF-1.7 <?php system($_GET['x']) ?> %%EOF"
TRUNCATED_FRAME = b"\xff\xd8\xff\xc0\x00\x11\x08"


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", PDF + b" " * MOST, "too_big"),
        ("a", PDF, "unknown_kind"),
        ("a.html", b"<html>", "unknown_kind"),
        ("a.pdf.html", PDF, "unknown_kind"),
        ("a.svg", b"<svg/>", "unknown_kind"),
        ("a.exe", b"MZ", "unknown_kind"),
        ("a.zip", docx(), "unknown_kind"),
        (".htaccess", b"x", "unknown_kind"),
        ("a.doc", OLE, "old_office"),
        ("a.wps", OLE, "old_office"),
        ("a.xlsm", xlsx("xl/vbaProject.bin"), "macros"),
        ("a.heic", b"x", "other_picture"),
        ("a.pdf", b"<html><script>alert(7)</script>", "other_kind"),
        ("a.pdf", b"\n" + PDF, "other_kind"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "other_kind"),
        ("a.jpg", b"alert(7)", "other_kind"),
        ("a.jpg", png(), "other_kind"),
        ("a.png", b"GIF89a/*\n*/=1;alert(7)", "other_kind"),
        ("a.docx", xlsx(), "other_kind"),
        ("a.xlsx", ofd(), "other_kind"),
        ("a.docx", PDF, "other_kind"),
        ("a.docx", OLE, "locked"),
        ("a.pdf", OLE, "other_kind"),
        ("a.docx", docx("word/vbaProject.bin"), "macros"),
        ("a.xlsx", xlsx("xl/embeddings/Setup.EXE"), "macros"),
        ("a.pdf", GIFAR, "two_kinds"),
        ("a.pdf", PHP, "two_kinds"),
        ("a.jpg", jpg(before=b"\xff\xfe\x00\x0a<script>"), "two_kinds"),
        ("a.png", png() + docx(), "two_kinds"),
        ("a.pdf", PDF[:-7], "broken"),
        ("a.png", png()[:-12], "broken"),
        ("a.png", png(0, 5), "broken"),
        ("a.png", png().replace(b"IHDR", b"XHDR"), "broken"),
        ("a.png", b"\x89PNG\r\n\x1a\nIEND", "broken"),
        ("a.jpg", b"\xff\xd8\xff", "broken"),
        ("a.jpg", b"\xff\xd8\xff\xd8" * 3 + b"no marker", "broken"),
        ("a.jpg", TRUNCATED_FRAME, "broken"),
        ("a.jpg", jpg(0, 5), "broken"),
        ("a.jpg", b"\xff\xd8" + b"\xff\xd0" * 1001, "broken"),
        ("a.docx", docx()[:-30], "broken"),
        ("a.docx", docx() + b"behind", "broken"),
        ("a.docx", b"PK\x03\x04" + docx(), "broken"),
        ("a.docx", b"PK\x03\x04" + b"PK\x05\x06", "broken"),
        ("a.png", png(50_000, 50_000), "pixels"),
        ("a.jpg", jpg(50_000, 50_000), "pixels"),
        ("a.docx", packed(*(f"{n}" for n in range(MOST_PARTS + 1))), "bomb"),
    ],
)  # fmt: skip
def test_what_is_refused(name, content, code):
    assert taken(name, content) == code


def directory_edited(content: bytes, at: int, form: str, value: int) -> bytes:
    """A zip whose first entry of the directory says something else."""
    edited = bytearray(content)
    struct.pack_into(form, edited, content.index(b"PK\x01\x02") + at, value)
    return bytes(edited)


@pytest.mark.parametrize(
    "at, form, value, code",
    [
        (8, "<H", 1, "locked"),
        (24, "<L", 600 * 1024 * 1024, "bomb"),
        (0, "<L", 0, "broken"),
        (28, "<H", 500, "broken"),
        (30, "<H", 40_000, "broken"),
    ],
)
def test_a_directory_is_read_and_believed_only_where_it_holds_together(at, form, value, code):
    assert taken("a.docx", directory_edited(docx(), at, form, value)) == code


def test_the_directory_has_as_many_parts_as_it_says():
    content = bytearray(docx())
    struct.pack_into("<H", content, len(content) - 12, 1)

    assert taken("a.docx", bytes(content)) == "broken"


def test_a_long_directory_is_not_read():
    content = packed("word/document.xml", *(f"{n}{'长' * 800}" for n in range(1000)))

    assert taken("a.docx", content, most=len(content)) == "bomb"


def test_a_comment_that_looks_like_an_end_is_none():
    content = docx()
    comment = b"PK\x05\x06" + b"x" * 30
    whole = content[:-2] + struct.pack("<H", len(comment)) + comment

    assert taken("a.docx", whole) == Kind.DOCX


def test_a_bomb_of_a_thousand_to_one_is_never_unpacked():
    bomb = packed("word/document.xml", method=8, text=b"\0" * (600 * 1024 * 1024 // 100))
    declared = directory_edited(bomb, 24, "<L", 600 * 1024 * 1024)

    assert (len(bomb) < 20_000, taken("a.docx", declared)) == (True, "bomb")


@pytest.mark.parametrize(
    "name, shown",
    [
        ("企业名单（17 家）.xlsx", "企业名单（17 家）.xlsx"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("C:\\a", "a"),
        ("..", "file"),
        ("", "file"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("表\u202efdp.exe", "表fdp.exe"),
        ("a\u2028b\u200b.pdf", "a b.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("nul", "_nul"),
        (".htaccess", "htaccess"),
        ("<img onerror=x>.png", "_img onerror=x_.png"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 78),
        (" . .pdf", "pdf"),
    ],
)  # fmt: skip
def test_names_are_made_plain(name, shown):
    assert shown_name(name) == shown


@given(st.text())
def test_a_shown_name_can_be_saved_anywhere_and_is_shown_the_same_again(name):
    shown = shown_name(name)

    assert 0 < len(shown) <= LONGEST_NAME
    assert not set(shown) & set('\\/:*?"<>|\0\r\n\t\u202e')
    assert shown == shown_name(shown)


@given(st.sampled_from(["a.pdf", "a.docx", "a.jpg", "a.png"]), st.binary(max_size=200))
def test_any_bytes_have_an_answer(name, content):
    heads = {"a.pdf": b"%PDF-", "a.docx": b"PK\x03\x04", "a.jpg": b"\xff\xd8\xff", "a.png": png()[:8]}

    assert isinstance(taken(name, heads[name] + content), str)


def test_the_extension_is_what_stands_behind_the_last_point():
    assert [extension_of(name) for name in ("a.b.PDF", "a", "")] == ["pdf", "", ""]
