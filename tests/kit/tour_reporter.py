"""The part of the walk that reports: by form and by sheet, rightly and wrongly."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from pledges.models import Pledge, ProgressReport, SheetUpload
from pledges.queries.reports import newest_id
from tests.kit.visitor import CAMPAIGN, DAYS, LONG, OFFICE, REHEARSAL, TODAY, TYPED_UNIT, Visitor

NUMBERS = [
    "", "x", "12万", "1_000", "1e5", "约5", "5-6", "+3", "￥5", "5%", "十", "٣", "1,23", "007", ".5", "1 2", "-1", "9" * 15,
    "0.12345", "0.5",
]  # fmt: skip
WRONG_DAYS = ["", "x", "20260101", "2026-02-30", "1999-01-01", "2025-12-31", "2026-12-01", "2026-01-15"]


def walk_as_reporter(visitor: Visitor) -> None:
    for day in DAYS:
        visitor.get("/work/", on=day)
    mine = Pledge.objects.filter(campaign__code=CAMPAIGN, department__code=OFFICE)
    for pledge in mine:
        visitor.get(f"/pledges/{pledge.code}/")
        visitor.get(f"/pledges/{pledge.code}/report/")
    type_wrongly(visitor, next(pledge for pledge in mine if pledge.reports.exists()))
    report_and_withdraw(visitor, Pledge.objects.get(code="r2026-14-01"))
    send_sheets(visitor, Pledge.objects.get(code="r2026-14-01"))
    visitor.get(f"/pledges/{Pledge.objects.exclude(department__code=OFFICE)[0].code}/")


def send_sheets(visitor: Visitor, pledge: Pledge) -> None:
    """A sheet that is none, one with a fault, one that is new, taken twice and sent again."""
    address = f"{REHEARSAL}sheet/"
    head = "pledge,as_of,value,note"
    lines = [head, f"{pledge.code},{TODAY},{TYPED_UNIT},", "x,2026-01-01,5,", f"{pledge.code},,,"]
    good = f"{head}\n{pledge.code},{TODAY},0,说明".encode()
    for name, content in (("a.pdf", b"%PDF"), ("a.csv", "\n".join(lines).encode()), ("a.csv", good)):
        visitor.post(address, key=str(uuid4()), sheet=SimpleUploadedFile(name, content))
    newest = SheetUpload.objects.latest("id")
    for _twice in range(2):
        visitor.post(f"/sheets/{newest.pk}/take/")
    visitor.post(address, key=str(uuid4()), sheet=SimpleUploadedFile("a.csv", good))
    visitor.get(address)
    visitor.get("/campaigns/wujin-2022/sheet/")


def type_wrongly(visitor: Visitor, pledge: Pledge) -> None:
    address = f"/pledges/{pledge.code}/report/"
    form = {"entry": "total", "as_of": str(TODAY), "seen": newest_id(pledge), "key": str(uuid4()), "note": ""}
    for value in NUMBERS:
        visitor.post(f"{address}preview/", **form | {"value": value})
    for day in WRONG_DAYS:
        visitor.post(address, **form | {"value": "-1", "as_of": day})
    for wrong in (
        {"note": LONG * 2},
        {"entry": "?"},
        {"seen": "1"},
        {"seen": "?"},
        {"key": "?"},
        {"entry": "period"},
    ):
        visitor.post(address, **form | {"value": "0.01"} | wrong)


def report_and_withdraw(visitor: Visitor, pledge: Pledge) -> None:
    """Sent, sent again with other contents, taken back twice."""
    address = f"/pledges/{pledge.code}/report/"
    form = {
        "as_of": str(TODAY),
        "key": str(uuid4()),
        "seen": newest_id(pledge),
        "note": "说明",
        "entry": "total",
    }
    visitor.post(address, value="1", **form)
    visitor.post(address, value="0", **form)
    visitor.get(address)
    visitor.get("/work/")
    newest = ProgressReport.objects.filter(pledge=pledge).latest("id")
    for _twice in range(2):
        visitor.post(f"/reports/{newest.pk}/withdraw/")
