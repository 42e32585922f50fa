"""How large a picture is, read from its header. Nothing is ever decoded. Pure."""

import struct
from typing import BinaryIO

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
JPEG_HEAD = b"\xff\xd8\xff"
PNG_SIZE = struct.Struct(">4s2L")
JPEG_SIZE = struct.Struct(">xHH")
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers that begin a picture and tell its size."""

ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without contents."""

MOST_MARKERS = 1_000


def png_pixels(content: BinaryIO) -> int | None:
    """Width times height; None where the header is no header."""
    content.seek(len(PNG_HEAD) + 4)
    head = content.read(PNG_SIZE.size)
    if len(head) < PNG_SIZE.size:
        return None
    name, width, height = PNG_SIZE.unpack(head)
    return width * height or None if name == b"IHDR" else None


def jpeg_pixels(content: BinaryIO) -> int | None:
    """Width times height of the first frame; None where there is none."""
    content.seek(2)
    for _step in range(MOST_MARKERS):
        marker = _next_marker(content)
        if marker is None:
            return None
        if marker in ALONE:
            continue
        length = int.from_bytes(content.read(2))
        if marker in FRAMES:
            return _frame_pixels(content.read(JPEG_SIZE.size))
        content.seek(max(length - 2, 0), 1)
    return None


def _next_marker(content: BinaryIO) -> int | None:
    """The number behind the next 0xFF; None where something else stands there."""
    if content.read(1) != b"\xff":
        return None
    byte = content.read(1)
    while byte == b"\xff":  # any number of them may stand before a marker
        byte = content.read(1)
    return byte[0] if byte else None


def _frame_pixels(frame: bytes) -> int | None:
    if len(frame) < JPEG_SIZE.size:
        return None
    height, width = JPEG_SIZE.unpack(frame)
    return width * height or None
