"""Every page in both languages, as four people see it: no word of the other one but the data's own."""

import re
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import resolve, reverse

from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.reports import accept_report, return_report
from pledges.choices import Light, Reason, ReportState, Role
from pledges.models import Department, Pledge, ProgressReport, Standing, User
from pledges.queries.reports import newest_id
from pledges.urls import urlpatterns
from tests.cast import person
from tests.kit.words import CJK, DATA, Eraser, read, stored_words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 20)
CAMPAIGN, OFFICE = "wujin-2026-rehearsal", "jinrong"
REHEARSAL = f"/campaigns/{CAMPAIGN}/"
NOT_PAGES = {"healthz", "sign-out"}
"""An answer for machines, and a door without a page."""

ALLOWED = {"csv", "xlsx", "on", "load_orders"}
"""What has no other name in Chinese: kinds of files, a command."""

TYPED_WRONG = ["", "abc", "12万", "1_000", "1e5", "约5", "5-6", "+3", "￥5", "5%", "十", "٣", "1,23", "007", ".5", "1 2", "-1", "9" * 15, "1.23456789", "0.5", "99999999"]
DAYS_WRONG = ["", "x", "20260101", "2026-02-30", "1999-01-01", "2025-12-31", "2026-12-01", "2026-01-15"]


@dataclass
class Visitor:
    """Somebody with a browser, and what was read."""

    client: Client
    pages: list[tuple[str, int, str]] = field(default_factory=list)

    def get(self, address: str, **query) -> str:
        return self._keep(f"{address} {query or ''}", self.client.get(address, query, follow=True))

    def post(self, address: str, data: dict | None = None) -> str:
        return self._keep(f"{address} {data or ''}", self.client.post(address, data or {}, follow=True))

    def _keep(self, what: str, answer) -> str:
        html = answer.content.decode()
        self.pages.append((what.strip(), answer.status_code, html))
        return html


@pytest.fixture
def city(settings, tmp_path):
    """The rehearsal as bin/run loads it, on a day of it."""
    settings.STATE_DIR, settings.EMBEDDED, settings.EMAIL_FILE_PATH = tmp_path, True, str(tmp_path / "mail")
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=True):
        load_orders(2022)
        load_rehearsal(today=TODAY)
        yield


@pytest.fixture
def visitor_of():
    def enter(user: User | None, language: str, **more) -> Visitor:
        client = Client(**more)
        client.cookies["language"] = language
        if user:
            client.force_login(user)
        return Visitor(client)

    return enter


def one_of_each() -> list[Pledge]:
    """A pledge for every reason, with and without a number."""
    found = {}
    for standing in Standing.objects.on(TODAY).filter(pledge__campaign__code=CAMPAIGN).select_related("pledge"):
        found.setdefault((standing.reason, standing.pledge.is_deliverable, standing.pledge.stretch), standing.pledge)
    return list(found.values())


def walk_campaign(visitor: Visitor) -> None:
    """What everybody may look at."""
    for day in ("2025-12-31", "2026-01-01", "2026-06-30", "2026-09-20", "2027-02-01", "someday"):
        visitor.get(REHEARSAL, on=day)
        visitor.get(f"{REHEARSAL}pledges/", on=day)
        visitor.get(f"{REHEARSAL}article/", on=day)
        visitor.get(f"{REHEARSAL}departments/{OFFICE}/", on=day)
    visitor.get(f"{REHEARSAL}rules/")
    visitor.get("/campaigns/wujin-2022/")
    for query in ({"q": "没有这样的事"}, {"q": "没有", "stretch": "1"}, {"light": [*Light], "due": "2026-12"}, {"basis": "?"}):
        visitor.get(f"{REHEARSAL}pledges/", **query)
    for query in ({"due_within": 30, "counted": 0}, {"overdue": 0, "department": OFFICE}, {"stretch": 0, "page": 2}):
        visitor.get(f"{REHEARSAL}pledges/", **query)


def walk_as_reporter(visitor: Visitor) -> None:
    walk_campaign(visitor)
    for day in ("2026-01-01", "2026-06-30", "2026-09-20", "2027-02-01"):
        visitor.get("/work/", on=day)
    visitor.get("/")
    for pledge in Pledge.objects.filter(campaign__code=CAMPAIGN, department__code=OFFICE):
        address = f"/pledges/{pledge.code}/"
        visitor.get(address)
        visitor.get(f"{address}report/")
        _type_wrongly(visitor, pledge, f"{address}report/")
    _report_and_withdraw(visitor)
    stranger = Pledge.objects.exclude(department__code=OFFICE).filter(campaign__code=CAMPAIGN)[0]
    visitor.get(f"/pledges/{stranger.code}/")


def _type_wrongly(visitor: Visitor, pledge: Pledge, address: str) -> None:
    form = {"entry": "total", "as_of": str(TODAY), "seen": newest_id(pledge), "key": str(uuid4()), "note": ""}
    for value in TYPED_WRONG:
        visitor.post(f"{address}preview/", form | {"value": value})
    for day in DAYS_WRONG:
        visitor.post(address, form | {"value": "-1", "as_of": day})
    for wrong in ({"note": "长" * 2001}, {"entry": "?"}, {"seen": "1"}, {"seen": "?"}, {"key": "?"}, {"entry": "period"}):
        visitor.post(address, form | {"value": "0.01"} | wrong)


def _report_and_withdraw(visitor: Visitor) -> None:
    """Sent, sent again with other contents, taken back twice."""
    pledge = Pledge.objects.get(code="r2026-14-01")
    form = {"value": "1", "as_of": str(TODAY), "key": str(uuid4()), "seen": newest_id(pledge), "note": "说明", "entry": "total"}
    visitor.post(f"/pledges/{pledge.code}/report/", form)
    visitor.post(f"/pledges/{pledge.code}/report/", form | {"value": "0"})
    visitor.get(f"/pledges/{pledge.code}/report/")
    visitor.get("/work/")
    newest = ProgressReport.objects.filter(pledge=pledge).latest("id")
    for _twice in range(2):
        visitor.post(f"/reports/{newest.pk}/withdraw/")


def walk_as_reviewer(visitor: Visitor, other: User) -> None:
    walk_campaign(visitor)
    visitor.get("/")
    visitor.get("/work/")
    waiting = list(ProgressReport.objects.filter(state=ReportState.SUBMITTED).order_by("pk"))
    for report in waiting:
        visitor.get(f"/review/{report.pk}/")
        visitor.get(f"/pledges/{report.pledge.code}/")
    visitor.post(f"/reports/{waiting[0].pk}/return/", {"reason": ""})
    visitor.post(f"/reports/{waiting[0].pk}/return/", {"reason": "长" * 1001})
    accept_report(waiting[0], reviewer=other, today=TODAY)
    visitor.post(f"/reports/{waiting[0].pk}/return/", {"reason": "口径不对"})
    return_report(waiting[1], reviewer=other, reason="口径不对")
    visitor.post(f"/reports/{waiting[1].pk}/accept/")
    visitor.post(f"/reports/{waiting[2].pk}/return/", {"reason": "口径不对", "next": waiting[3].pk})
    for report in waiting[3:]:
        visitor.post(f"/reports/{report.pk}/accept/")
    visitor.get("/review/")
    visitor.get(f"/pledges/{waiting[2].pledge.code}/report/")


def walk_as_leader(visitor: Visitor) -> None:
    walk_campaign(visitor)
    for address in ("/", "/work/", "/review/", "/password/", "/pledges/nothing/", "/mailbox/"):
        visitor.get(address)
    for pledge in one_of_each():
        for day in ("2026-03-31", "2026-09-20", "2027-02-01"):
            visitor.get(f"/pledges/{pledge.code}/", on=day)
    for new in ("x", "1234567890", "password123", "correct-horse-10"):
        visitor.post("/password/", {"old_password": "?", "new_password1": new, "new_password2": new + "?"})
    new = {"new_password1": "something-else-10", "new_password2": "something-else-10"}
    visitor.post("/password/", {"old_password": "correct-horse-9"} | new)


def walk_as_administrator(visitor: Visitor, folder) -> None:
    walk_campaign(visitor)
    visitor.get("/mailbox/")
    folder.mkdir(exist_ok=True)
    (folder / "1.log").write_text("Subject: 催办\nTo: a@example.com\nDate: Sun, 20 Sep 2026 08:00:00 +0800\n\n正文\n", encoding="utf-8")
    visitor.get("/mailbox/")
    visitor.get("/mailbox/1-0/")
    visitor.get("/admin/")
    for model, rooms in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        visitor.get(address)
        if rooms.has_add_permission(visitor.client.get(address).wsgi_request):
            visitor.get(f"{address}add/")
            visitor.post(f"{address}add/")
        if (row := model._default_manager.first()) and model is not User:
            visitor.get(f"{address}{row.pk}/change/")


def walk_as_nobody(visitor: Visitor) -> None:
    visitor.get("/sign-in/")
    for _again in range(6):
        visitor.post("/sign-in/", {"username": "chen", "password": "wrong"})
    visitor.post("/sign-in/", {})


@pytest.fixture
def tour(city, visitor_of, settings):
    """All pages that anybody reads, in one language."""

    def walk(language: str) -> list[tuple[str, int, str]]:
        people = {role: person(f"the-{role}", "李", role, _office(role)) for role in Role}
        second = person("the-second", "赵", Role.REVIEWER)
        boss = User.objects.create_superuser("boss", "boss@example.com", "correct-horse-9", name="王")
        crowd = {each: visitor_of(user, language) for each, user in people.items()}
        walk_as_reporter(crowd[Role.REPORTER])
        walk_as_reviewer(crowd[Role.REVIEWER], second)
        walk_as_leader(crowd[Role.LEADER])
        crowd["boss"] = visitor_of(boss, language)
        walk_as_administrator(crowd["boss"], settings.STATE_DIR / "mail")
        crowd["nobody"] = visitor_of(None, language)
        walk_as_nobody(crowd["nobody"])
        crowd["stale"] = visitor_of(boss, language, enforce_csrf_checks=True)
        crowd["stale"].post("/password/")
        return [page for visitor in crowd.values() for page in visitor.pages]

    return walk


def _office(role: Role) -> Department | None:
    return Department.objects.get(code=OFFICE) if role == Role.REPORTER else None


def test_every_page_in_chinese_has_no_word_of_english(tour):
    pages = tour("zh-hans")
    eraser = Eraser(stored_words())
    found = {}
    for what, _status, html in pages:
        for line in eraser.without_data(read(html)).split("\n"):
            words = set(re.findall("[A-Za-z_]{2,}", line)) - ALLOWED
            if words:
                found.setdefault(line, what)
    assert found == {}
