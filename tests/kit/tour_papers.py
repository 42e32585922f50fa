"""The part of the walk that reads what stands behind the figures: files, histories, the sheet to fill in, the audit."""

from datetime import date
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from pledges.models import Evidence, User
from pledges.rules.papers import paper_of
from tests.kit.visitor import ASKED, OFFICE, REHEARSAL, SOME_DAY, TODAY, Visitor

FILE = "台账.pdf"


def bring_files(visitor: Visitor, *, pledge: str) -> None:
    """A file uploaded before the rest is typed, ticked in a new form, taken back, and one that is none."""
    address = f"/pledges/{pledge}/report/"
    form = {"as_of": str(TODAY), "seen": "0", "entry": "total", "note": "", "value": ""}
    visitor.post(address, **form, key=str(uuid4()), upload="1", evidence=_paper(FILE))
    visitor.get(address)
    newest = Evidence.objects.latest("pk")
    key = str(uuid4())
    for more in ({"again": [str(newest.pk)]}, {"again": ["999999"]}, {"evidence": _paper("a.exe")}):
        visitor.post(address, **form | {"key": key} | more)
    visitor.get(f"/evidence/{newest.pk}/")
    visitor.post(f"{REHEARSAL}sheet/download/")


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, paper_of([name]))


def look_behind(visitor: Visitor, *, pledge: str) -> None:
    """Which reports bring a file, and what was done to a pledge."""
    for query in (
        {},
        {"file": "1"},
        {"file": "0"},
        {"department": OFFICE},
        {"on": "2026-01-01", "file": "1"},
    ):
        visitor.get(f"{REHEARSAL}evidence/", **query)
    for page in (
        f"/pledges/{pledge}/history/",
        "/pledges/2022-01-26/history/",
        "/campaigns/wujin-2022/evidence/",
    ):
        visitor.get(page)


def audit(visitor: Visitor) -> None:
    """The audit, by somebody who was given the right by name; before, it is refused."""
    visitor.get("/audit/")
    auditor = User.objects.get(pk=visitor.client.session["_auth_user_id"])
    auditor.groups.add(Group.objects.get(permissions__codename="view_auditevent"))
    for query in ({}, {"who": ASKED}, {"since": SOME_DAY}, {"since": f"{date(2026, 9, 1)}"}, {"page": "2"}):
        visitor.get("/audit/", **query)
