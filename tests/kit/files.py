"""Small files of every kind that is taken, and of some that are not."""

import hashlib
import io
import struct
import zipfile
import zlib
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from pledges.models import Evidence, ProgressReport
from pledges.models.evidence import evidence_storage

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(*names: str, method: int = zipfile.ZIP_STORED, text: bytes = b"<x/>") -> bytes:
    """A zip with some parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name in names:
            archive.writestr(name, text)
    return content.getvalue()


def docx(*more: str) -> bytes:
    return packed("[Content_Types].xml", "word/document.xml", *more)


def xlsx(*more: str) -> bytes:
    return packed("[Content_Types].xml", "xl/workbook.xml", *more)


def ofd(*more: str) -> bytes:
    return packed("OFD.xml", "Doc_0/Document.xml", *more)


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture whose header says how large it is; the rest may be anything."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    head = struct.pack(">2LBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def jpg(width: int = 2, height: int = 2, *, before: bytes = b"") -> bytes:
    """A picture with a JFIF segment, whatever stands `before` its frame, and its frame."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return start + before + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def sent(name: str = "名单.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def a_file(report: ProgressReport, name: str = "名单.pdf", content: bytes = PDF, **more) -> Evidence:
    """A file that lies on the disk and belongs to a report."""
    path = evidence_storage().save(f"00/{uuid4().hex}", ContentFile(content))
    return Evidence.objects.create(
        report=report,
        form_key=report.key,
        file=path,
        name=name,
        kind=name.rpartition(".")[2],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=report.author,
        **more,
    )
