"""The list as .xlsx: when it begins, how long it takes, how much memory. Floor: openpyxl writing the same values.

It begins when the browser has something to save; the rows themselves follow as soon as some of them are pressed together.
"""

from io import BytesIO
from math import inf

from openpyxl import Workbook, load_workbook

from bench.kit import Bench, Figure, page, peak_mb, timed

BEGINS_MS, MEGABYTES = 1_000, 200
FIRST_ROWS = 4 * 1024
"""So many bytes, and the first rows have arrived."""


def measure(bench: Bench) -> None:
    client = bench.client()
    address = f"/campaigns/{bench.campaign.code}/pledges/?on={bench.day}&format=xlsx"
    page(client, address.replace("&format=xlsx", ""))  # warm
    before, found = peak_mb(), {}

    def begin() -> None:
        answer = client.get(address)
        pieces = iter(answer.streaming_content) if answer.streaming else iter([answer.content])
        found["first"], found["rest"] = next(pieces), pieces

    begins = timed(begin)
    content = bytearray(found["first"])

    def go_on(until: float) -> None:
        while len(content) < until and (piece := next(found["rest"], b"")):
            content.extend(piece)

    shows = begins + timed(lambda: go_on(FIRST_ROWS))
    took = shows + timed(lambda: go_on(inf))
    memory = peak_mb()
    rows = list(load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True))
    floor = timed(lambda: _by_hand(rows))
    bench.add(Figure("the sheet begins after", begins, most=BEGINS_MS, size=len(content)))
    bench.add(Figure("the first rows arrive after", shows))
    bench.add(Figure(f"the whole sheet, {len(rows):,} lines", took, floor=floor))
    bench.add(Figure("largest memory", memory, "MB", most=MEGABYTES, remark=f"{before:.0f} MB before it"))


def _by_hand(rows: list) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(BytesIO())
