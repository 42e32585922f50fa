"""Which files may stand behind a report, and under what name they are shown. Pure.

The name says what a file should be, its bytes say what it is; where the two disagree it is refused.
Nothing is unpacked, decoded or run.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO

from pledges.rules.archives import ArchiveFault, Part, end_of_archive, parts_of
from pledges.rules.pictures import JPEG_HEAD, PNG_HEAD, jpeg_pixels, png_pixels

MOST_FILES = 10
"""So many files a report may have."""

MOST_PIXELS = 120_000_000
"""More than the largest camera of a telephone; a bomb has billions."""

MOST_UNPACKED = 512 * 1024 * 1024
LONGEST_NAME = 80
"""Characters; in Chinese that is 240 bytes, and a disk takes 255."""

MEGABYTE = 1024 * 1024


class Kind(StrEnum):
    """What is taken: papers, tables, pictures."""

    PDF = "pdf"
    OFD = "ofd"
    DOCX = "docx"
    XLSX = "xlsx"
    JPG = "jpg"
    PNG = "png"


KINDS = {kind.value: kind for kind in Kind} | {"jpeg": Kind.JPG}
OLD_OFFICE = frozenset({"doc", "xls", "ppt", "wps", "et", "dps", "rtf"})
WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm"})
OTHER_PICTURES = frozenset({"heic", "heif", "webp", "bmp", "tif", "tiff", "gif"})

ARCHIVE, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADS = {
    Kind.PDF: b"%PDF-",
    Kind.OFD: ARCHIVE,
    Kind.DOCX: ARCHIVE,
    Kind.XLSX: ARCHIVE,
    Kind.JPG: JPEG_HEAD,
    Kind.PNG: PNG_HEAD,
}
TAILS = {Kind.PDF: b"%%EOF", Kind.PNG: b"IEND"}
"""What stands near the end of a whole file. A picture from a telephone may have a film behind it, so JPEG has none."""

HEART = {Kind.OFD: "ofd.xml", Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
PROGRAMS = (
    *(
        "vbaproject.bin",
        ".exe",
        ".dll",
        ".scr",
        ".com",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".js",
        ".jar",
        ".msi",
    ),
    *(".hta", ".lnk"),
)
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
NEAR = 4096
"""So many bytes at either end are read."""


class FileFault(ValueError):  # noqa: N818 - the house calls what a person got wrong a fault
    """A file that is not taken: which rule, with which values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def kind_of(name: str, content: BinaryIO, size: int, *, most: int) -> Kind:
    """What a file is, by its name and by its bytes. `most` is the largest size taken. Raises FileFault."""
    if not size:
        raise FileFault("empty")
    if size > most:
        raise too_big(size, most=most)
    kind = _promised(name)
    content.seek(0)
    _check_head(kind, content.read(NEAR))
    if HEADS[kind] == ARCHIVE:
        _check_archive(kind, content, size)
    else:
        _check_plain(kind, content, size)
    return kind


def too_big(size: int, *, most: int) -> FileFault:
    """The fault of a file larger than is taken."""
    return FileFault("too_big", size=in_megabytes(size), most=in_megabytes(most))


def in_megabytes(size: int) -> Decimal:
    """Bytes as megabytes with one decimal, for sentences."""
    return (Decimal(size) / MEGABYTE).quantize(Decimal("0.1"))


def extension_of(name: str) -> str:
    """What stands behind the last point, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _promised(name: str) -> Kind:
    extension = extension_of(shown_name(name))
    if extension in KINDS:
        return KINDS[extension]
    for code, names in (
        ("old_office", OLD_OFFICE),
        ("macros", WITH_MACROS),
        ("other_picture", OTHER_PICTURES),
    ):
        if extension in names:
            raise FileFault(code)
    raise FileFault("unknown_kind", extension=extension)


def _check_head(kind: Kind, head: bytes) -> None:
    if head.startswith(HEADS[kind]):
        return
    if head.startswith(OLE) and HEADS[kind] == ARCHIVE:
        # Office keeps a document with a password in the old container; so does an old one renamed.
        raise FileFault("locked")
    raise FileFault("other_kind", kind=kind.value)


def _check_plain(kind: Kind, content: BinaryIO, size: int) -> None:
    """Papers and pictures: nothing else at either end, and no more pixels than a screen can bear."""
    content.seek(0)
    if MARKUP.search(content.read(NEAR)) or end_of_archive(content, size):
        raise FileFault("two_kinds")
    content.seek(max(0, size - NEAR))
    if TAILS.get(kind, b"") not in content.read():
        raise FileFault("broken")
    if kind in PIXELS:
        pixels = PIXELS[kind](content)
        if pixels is None:
            raise FileFault("broken")
        if pixels > MOST_PIXELS:
            raise FileFault("pixels", most=MOST_PIXELS // 1_000_000)


PIXELS = {Kind.JPG: jpeg_pixels, Kind.PNG: png_pixels}


def _check_archive(kind: Kind, content: BinaryIO, size: int) -> None:
    """Documents are zip files: judged by the directory alone."""
    try:
        parts = parts_of(content, size)
    except ArchiveFault as fault:
        raise FileFault(str(fault)) from fault
    names = [part.name for part in parts]
    if any(part.is_encrypted for part in parts):
        raise FileFault("locked")
    if any(name.endswith(PROGRAMS) for name in names):
        raise FileFault("macros")
    if HEART[kind] not in names:
        raise FileFault("other_kind", kind=kind.value)
    if _is_bomb(parts):
        raise FileFault("bomb")


def _is_bomb(parts: Sequence[Part]) -> bool:
    return sum(part.unpacked for part in parts) > MOST_UNPACKED


RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
FORBIDDEN = re.compile(r'[<>:"|?*]')
LONGEST_EXTENSION = 10
NAMELESS = "file"


def shown_name(name: str) -> str:
    """A name as it may be shown and saved anywhere: no folders, nothing invisible, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Controls, marks that turn the direction of writing, halves of characters, line ends.
    plain = "".join(" " if unicodedata.category(char) in {"Zl", "Zp"} else char for char in last)
    plain = "".join(char for char in plain if not unicodedata.category(char).startswith("C"))
    plain = " ".join(FORBIDDEN.sub("_", plain).split()).strip(" .")
    stem, point, extension = plain.rpartition(".")
    if not point or len(extension) > LONGEST_EXTENSION:
        stem, point, extension = plain, "", ""
    if stem.partition(".")[0].strip().lower() in RESERVED:
        stem = f"_{stem}"
    room = LONGEST_NAME - len(point) - len(extension)
    return f"{stem[:room].rstrip() or NAMELESS}{point}{extension}"
