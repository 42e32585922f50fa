"""A walk through every door, by everybody, with what is typed rightly and wrongly; what came back is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.contrib import admin
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import resolve, reverse

from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.actions.reports import accept_report, return_report
from pledges.choices import Light, ReportState, Role
from pledges.models import Campaign, Department, Pledge, ProgressReport, Standing, User
from pledges.queries.mailbox import letters_in
from pledges.queries.reports import newest_id
from tests.cast import PledgeFactory, person

TODAY = date(2026, 9, 20)
CAMPAIGN, OFFICE = "wujin-2026-rehearsal", "jinrong"
REHEARSAL = f"/campaigns/{CAMPAIGN}/"
DAYS = ("2025-12-31", "2026-01-01", "2026-06-30", f"{TODAY}", "2027-02-01")
PASSWORD, NEW_PASSWORD = "correct-horse-9", "something-else-10"

ASKED, SOME_DAY, LONG = "没有这样的事", "someday", "长" * 1001
LETTER, ADDRESS = "催办", "a@example.com"
TYPED = (ASKED, SOME_DAY, LONG, LETTER, ADDRESS)
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
        self.seen |= {resolve(to.partition("?")[0]).url_name for to, _status in answer.redirect_chain}
        self.pages.append((f"{address} {data}", answer.content.decode()))


def load_city() -> None:
    """The rehearsal as bin/run loads it, with a statistic that is not published yet."""
    load_orders(2022)
    load_rehearsal(today=TODAY)
    where = {
        "campaign": Campaign.objects.get(code=CAMPAIGN),
        "department": Department.objects.get(code=OFFICE),
    }
    PledgeFactory(**where, statistic=True, stones=[(date(2026, 9, 15), 10)])


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
    visitor.get(f"/pledges/{Pledge.objects.exclude(department__code=OFFICE)[0].code}/")


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
        person("chen", "陈", Role.REVIEWER): [walk_as_reviewer, looking(f"{TODAY}")],
        person("li", "林", Role.LEADER): [looking(*DAYS, SOME_DAY), walk_as_leader],
        boss: [partial(walk_as_administrator, letters=letters), looking(f"{TODAY}")],
    }
    for user, steps in walks.items():
        visitor = Visitor(browser(language, user), whole.pages, whole.seen)
        for step in steps:
            step(visitor)
    walk_as_nobody(Visitor(browser(language), whole.pages, whole.seen))
    Visitor(browser(language, boss, enforce_csrf_checks=True), whole.pages, whole.seen).post("/password/")
    return whole
