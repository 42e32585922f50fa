"""What a zip file says about itself, read from its directory at the end. Nothing is ever unpacked. Pure."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

END = b"PK\x05\x06"
ENTRY = b"PK\x01\x02"
END_FORM = struct.Struct("<4s4H2LH")
ENTRY_FORM = struct.Struct("<4s6H3L5H2L")
LONGEST_COMMENT = 0xFFFF
ENCRYPTED = 1

MOST_PARTS = 5_000
LARGEST_DIRECTORY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the directory: its name as lower-case ASCII, what it claims to unpack to."""

    name: str
    unpacked: int
    is_encrypted: bool


@dataclass(frozen=True, slots=True)
class End:
    """The record at the end of a zip: where its directory lies."""

    at: int
    parts: int
    length: int
    start: int


class ArchiveFault(ValueError):  # noqa: N818 - the house calls what a person got wrong a fault
    """Not a whole zip file, or one whose directory is too long to be looked at."""


def end_of_archive(content: BinaryIO, size: int) -> End | None:
    """The record that makes a file a zip, whatever its beginning says. None where there is none."""
    start = max(0, size - END_FORM.size - LONGEST_COMMENT)
    content.seek(start)
    tail = content.read()
    at = tail.rfind(END)
    while at >= 0:
        if len(tail) - at >= END_FORM.size:
            _sign, _disk, _first, _here, parts, length, offset, comment = END_FORM.unpack_from(tail, at)
            if at + END_FORM.size + comment == len(tail):
                return End(start + at, parts, length, offset)
        at = tail.rfind(END, 0, at)
    return None


def parts_of(content: BinaryIO, size: int) -> list[Part]:
    """The directory of a zip that begins with its first byte and ends with its last. Raises ArchiveFault."""
    end = end_of_archive(content, size)
    if end is None or end.start + end.length != end.at:
        raise ArchiveFault("broken")
    if end.parts > MOST_PARTS or end.length > LARGEST_DIRECTORY:
        raise ArchiveFault("bomb")
    content.seek(end.start)
    return _entries(content.read(end.length), end.parts)


def _entries(directory: bytes, count: int) -> list[Part]:
    parts, at = [], 0
    while at + ENTRY_FORM.size <= len(directory):
        fields = ENTRY_FORM.unpack_from(directory, at)
        name_at = at + ENTRY_FORM.size
        name, extra, comment = fields[10:13]
        if fields[0] != ENTRY:
            break
        words = directory[name_at : name_at + name].decode("ascii", "replace").lower().replace("\\", "/")
        parts.append(Part(words, fields[9], bool(fields[3] & ENCRYPTED)))
        at = name_at + name + extra + comment
    if at != len(directory) or len(parts) != count:
        raise ArchiveFault("broken")
    return parts
