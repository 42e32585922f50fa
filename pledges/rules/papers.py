"""A page of words as a PDF: the made-up evidence of a rehearsal. Pure."""

from collections.abc import Iterable

SIZE, LEADING = 20, 36
LEFT, TOP = 72, 740

FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts ["
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
    b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor "
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)
"""No font is carried along: every reader of PDF has one for simplified Chinese."""

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
HEAD = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    PAGE + b"/Resources << /Font << /F1 4 0 R >> >> >>",
    FONT,
)


def paper_of(lines: Iterable[str]) -> bytes:
    """One page with a line of words below the other."""
    shown = [f"<{line.encode('utf-16-be').hex()}> Tj T*".encode() for line in lines]
    text = b"\n".join([b"BT /F1 %d Tf %d TL %d %d Td" % (SIZE, LEADING, LEFT, TOP), *shown, b"ET"])
    return _written([*HEAD, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)])


def _written(objects: list[bytes]) -> bytes:
    """The objects one after the other, and the table of where each begins."""
    page, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table, size = len(page), len(objects) + 1
    page += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    return bytes(page + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table))
