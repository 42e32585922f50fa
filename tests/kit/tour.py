"""A walk through every door, by everybody, with what is typed rightly and wrongly; what came back is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from pledges.actions.facts import load_facts
from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.reports import accept_report, return_report
from pledges.choices import Light, ReportState, Role
from pledges.models import (
    CalendarFeed,
    Campaign,
    Department,
    Directive,
    Pledge,
    ProgressReport,
    SavedView,
    SheetUpload,
    Standing,
    User,
)
from pledges.queries.mailbox import letters_in
from pledges.queries.reports import newest_id
from tests.cast import PledgeFactory, person
from tests.kit.hindering import hinder
from tests.kit.tour_course import extend_and_close

TODAY = date(2026, 9, 20)
CAMPAIGN, OFFICE = "wujin-2026-rehearsal", "jinrong"
REHEARSAL = f"/campaigns/{CAMPAIGN}/"
DAYS = ("2025-12-31", "2026-01-01", "2026-06-30", f"{TODAY}", "2027-02-01")
PASSWORD, NEW_PASSWORD = "correct-horse-9", "something-else-10"

ASKED, SOME_DAY, LONG = "没有这样的事", "someday", "长" * 1001
LETTER, ADDRESS = "催办", "a@example.com"
TYPED_UNIT, ANOTHER = "12万", "另"
TYPED = (ASKED, SOME_DAY, LONG, LETTER, ADDRESS, TYPED_UNIT, ANOTHER)
"""What comes back on a page because somebody typed it."""

QUESTIONS = [
    {"q": ASKED}, {"q": ASKED, "stretch": "1"}, {"light": [*Light], "due": "2026-12"}, {"basis": "?"},
    {"due_within": 30, "counted": 0}, {"overdue": 0, "department": OFFICE}, {"stretch": 0, "page": 2},
]  # fmt: skip
NUMBERS = [
    "", "x", "12万", "1_000", "1e5", "约5", "5-6", "+3", "￥5", "5%", "十", "٣", "1,23", "007", ".5", "1 2", "-1", "9" * 15,
    "0.12345", "0.5",
]  # fmt: skip
WRONG_DAYS = ["", "x", "20260101", "2026-02-30", "1999-01-01", "2025-12-31", "2026-12-01", "2026-01-15"]


@dataclass
class Visitor:
    """Somebody with a browser, and what was read: the address, what came back."""

    client: Client
    pages: list[tuple[str, str]] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)

    def get(self, address: str, **query) -> None:
        self._keep(address, query, self.client.get(address, query, follow=True))

    def post(self, address: str, **data) -> None:
        self._keep(address, data, self.client.post(address, data, follow=True))

    def _keep(self, address: str, data: dict, answer) -> None:
        self.seen |= {resolve(address).url_name, answer.status_code}
        self.seen |= {resolve(urlsplit(to).path).url_name for to, _status in answer.redirect_chain}
        self.pages.append((f"{address} {data}", answer.content.decode()))


def load_city() -> None:
    """The rehearsal as bin/run loads it, with a statistic that is not published yet."""
    load_orders(2022)
    load_rehearsal(today=TODAY)
    load_facts()
    where = {
        "campaign": Campaign.objects.get(code=CAMPAIGN),
        "department": Department.objects.get(code=OFFICE),
    }
    PledgeFactory(**where, statistic=True, stones=[(date(2026, 9, 15), 10)])
    # What a server does by itself within a minute; the tour does not wait for it.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def one_of_each() -> list[Pledge]:
    """A pledge for every reason, with and without a number."""
    rows = Standing.objects.on(TODAY).filter(pledge__campaign__code=CAMPAIGN).select_related("pledge")
    return list(
        {(row.reason, row.pledge.is_deliverable, row.pledge.stretch): row.pledge for row in rows}.values()
    )


def looking(*days: str) -> Callable[[Visitor], None]:
    """What everybody may look at."""

    def walk(visitor: Visitor) -> None:
        for day in days:
            for page in ("", "pledges/", f"departments/{OFFICE}/"):
                visitor.get(f"{REHEARSAL}{page}", on=day)
        for page in (f"{REHEARSAL}rules/", f"{REHEARSAL}article/", "/campaigns/wujin-2022/", "/work/", "/"):
            visitor.get(page)
        for query in QUESTIONS:
            visitor.get(f"{REHEARSAL}pledges/", **query)

    return walk


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


def walk_as_reviewer(visitor: Visitor) -> None:
    """Everything in the queue is opened; of the first two somebody else disposes first."""
    other = person("second", "赵", Role.REVIEWER)
    waiting = list(
        ProgressReport.objects.filter(state=ReportState.SUBMITTED).select_related("pledge").order_by("pk")
    )
    for report in waiting:
        visitor.get(f"/review/{report.pk}/")
    for reason in ("", LONG):
        visitor.post(f"/reports/{waiting[0].pk}/return/", reason=reason)
    accept_report(waiting[0], reviewer=other, today=TODAY)
    visitor.post(f"/reports/{waiting[0].pk}/return/", reason=LONG[:9])
    return_report(waiting[1], reviewer=other, reason=LONG[:9])
    visitor.post(f"/reports/{waiting[1].pk}/accept/")
    visitor.post(f"/reports/{waiting[2].pk}/return/", reason=LONG[:9], next=waiting[3].pk)
    for report in waiting[3:]:
        visitor.post(f"/reports/{report.pk}/accept/")
    visitor.get("/review/")
    visitor.get(f"/pledges/{waiting[2].pledge.code}/report/")


def walk_as_leader(visitor: Visitor) -> None:
    for address in ("/review/", "/password/", "/pledges/nothing/", "/mailbox/"):
        visitor.get(address)
    for pledge in one_of_each():
        for day in DAYS[1:]:
            visitor.get(f"/pledges/{pledge.code}/", on=day)
    for new in ("x", "1234567890", "password123"):
        visitor.post("/password/", old_password="?", new_password1=new, new_password2=new)
    visitor.post("/password/", old_password=PASSWORD, new_password1=NEW_PASSWORD, new_password2="?")
    visitor.post("/password/", old_password=PASSWORD, new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD)
    visitor.post("/sign-out/")


def urge(visitor: Visitor) -> None:
    """One pledge with words that are too long and right ones, then again; a list that is too long, and one that is not."""
    address = f"{REHEARSAL}nudge/"
    for words in (LONG, "", LONG[:9]):
        visitor.post(address, codes=["r2026-14-02"], words=words)
    visitor.post(address, codes=[f"x{number}" for number in range(101)])
    for form in ({"codes": []}, {"codes": ["?"]}):
        visitor.post(address, **form)
    for query in ({"pledge": "r2026-14-02"}, {}, {"department": OFFICE}, {"light": "red"}, {"q": ASKED}):
        visitor.get(address, **query)
    department = Department.objects.exclude(code=OFFICE)[0]
    codes = Pledge.objects.filter(campaign__code=CAMPAIGN, department=department).values_list(
        "code", flat=True
    )
    visitor.post(address, codes=[*codes, "r2026-14-02"], words="")
    visitor.get("/campaigns/wujin-2022/nudge/")
    visitor.get("/pledges/2022-02-13/")
    visitor.get("/pledges/r2026-14-02/")


def direct(visitor: Visitor) -> None:
    """A directive typed wrongly and rightly, answered by the office's reporter, closed too early and in time."""
    pledge = Pledge.objects.get(code="r2026-14-02")
    address, day = f"/pledges/{pledge.code}/direct/", f"{TODAY}"
    for words, by in (("", ""), (LONG, "2026-02-30"), (LONG[:9], "2020-01-01"), (LONG[:9], "2099-01-01")):
        visitor.post(address, words=words, answer_by=by)
    for by in (day, day, "2026-09-21"):
        visitor.post(address, words=LONG[:9], answer_by=by)
    late = Directive.objects.get()
    Directive.objects.filter(pk=late.pk).update(answer_by=date(2026, 9, 1))
    clerk = Visitor(visitor.client.__class__(), visitor.pages, visitor.seen)
    clerk.client.cookies["language"] = visitor.client.cookies["language"].value
    clerk.client.force_login(User.objects.get(username="lin"))
    clerk.get("/work/")
    visitor.get(f"{REHEARSAL}directives/")
    for text in ("", LONG, LONG[:9], ASKED):
        clerk.post(f"/directives/{late.pk}/answer/", answer=text)
    clerk.get(f"/directives/{late.pk}/answer/")
    visitor.get(f"/pledges/{pledge.code}/")
    for seen in ("", "1"):
        visitor.post(f"/directives/{late.pk}/close/", answered=seen)
    visitor.post(address, words=ASKED, answer_by=day)
    visitor.post(f"/directives/{Directive.objects.latest('pk').pk}/close/")
    for query in ({"stage": "closed"}, {"stage": "overdue"}, {"department": OFFICE}, {"department": ASKED}):
        visitor.get(f"{REHEARSAL}directives/", **query)
    for page in ("/campaigns/wujin-2022/directives/", "/pledges/2022-01-26/", "/articles/top-hundred-2024/"):
        visitor.get(page)


def settle(visitor: Visitor) -> None:
    """One's own wishes about letters, a calendar made and revoked, a view saved and deleted, the ledger, the wall."""
    for form in (
        {"send_hour": "99", "paused_until": "2020-01-01", "language": "?"},
        {"send_hour": "8", "paused_until": "2099-01-01", "language": "zh-hans"},
        {"send_hour": "9", "paused_until": "", "language": "zh-hans"},
    ):
        visitor.post("/me/letters/", **form)
    visitor.post("/me/letters/feeds/", department="")
    visitor.post(f"/me/letters/feeds/{CalendarFeed.objects.latest('pk').pk}/revoke/")
    for view in ({}, {"name": LETTER, "page": "list", "query": "light=red"}):
        visitor.post(f"{REHEARSAL}views/", **view)
    visitor.get(f"{REHEARSAL}pledges/")
    visitor.post(f"{REHEARSAL}views/{SavedView.objects.latest('pk').pk}/delete/")
    for query in ({}, {"show": "lines"}, {"state": "failed"}, {"day": SOME_DAY}, {"q": ASKED}):
        visitor.get(f"{REHEARSAL}letters/", **query)
    visitor.get(f"{REHEARSAL}wall/")


def walk_as_administrator(visitor: Visitor, letters: Path) -> None:
    visitor.get("/mailbox/")
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=letters)
    EmailMessage(LETTER, LETTER, to=[ADDRESS], connection=backend).send()
    visitor.get("/mailbox/")
    visitor.get(f"/mailbox/{letters_in(letters)[0].name}/")
    visitor.get("/admin/")
    for model, room in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        visitor.get(address)
        if model._meta.app_label != "pledges":
            continue  # Django names its permissions in English only
        if model is not User and (row := model._default_manager.first()):
            visitor.get(f"{address}{row.pk}/change/")
        if type(room).has_add_permission is admin.ModelAdmin.has_add_permission:
            visitor.get(f"{address}add/")
            if not room.inlines:
                visitor.post(f"{address}add/")


def walk_as_nobody(visitor: Visitor) -> None:
    visitor.get("/sign-in/")
    visitor.post("/sign-in/")
    for _again in range(6):
        visitor.post("/sign-in/", username="li", password="wrong")


def browser(language: str, user: User | None = None, **more) -> Client:
    client = Client(**more)
    client.cookies["language"] = language
    if user:
        client.force_login(user)
    return client


def whole_tour(language: str, letters: Path) -> Visitor:
    """Everything that anybody reads, in one language, with the doors and the answers that were seen."""
    whole = Visitor(Client())
    reporter = person("lin", "李", Role.REPORTER, Department.objects.get(code=OFFICE))
    boss = User.objects.create_superuser("boss", "boss@example.com", PASSWORD, name="王")
    walks = {
        reporter: [walk_as_reporter, looking(f"{TODAY}")],
        person("chen", "陈", Role.REVIEWER): [
            walk_as_reviewer,
            partial(extend_and_close, campaign=CAMPAIGN, clerk="lin", pledge="r2026-14-02"),
            looking(f"{TODAY}"),
        ],
        person("li", "林", Role.LEADER): [
            looking(*DAYS, SOME_DAY),
            urge,
            direct,
            partial(hinder, today=TODAY),
            settle,
            walk_as_leader,
        ],
        boss: [partial(walk_as_administrator, letters=letters), looking(f"{TODAY}")],
    }
    for user, steps in walks.items():
        visitor = Visitor(browser(language, user), whole.pages, whole.seen)
        for step in steps:
            step(visitor)
    walk_as_nobody(Visitor(browser(language), whole.pages, whole.seen))
    Visitor(browser(language, boss, enforce_csrf_checks=True), whole.pages, whole.seen).post("/password/")
    return whole
