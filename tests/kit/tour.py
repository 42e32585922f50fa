"""A walk through every door, by everybody, with what is typed rightly and wrongly; what came back is kept."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from django.contrib import admin
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import Client
from django.urls import reverse

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
    Standing,
    User,
)
from pledges.queries.mailbox import letters_in
from tests.cast import PledgeFactory, person
from tests.kit.hindering import hinder
from tests.kit.tour_course import extend_and_close
from tests.kit.tour_papers import audit, bring_files, look_behind
from tests.kit.tour_reporter import walk_as_reporter
from tests.kit.visitor import (
    ADDRESS,
    ASKED,
    CAMPAIGN,
    DAYS,
    LETTER,
    LONG,
    NEW_PASSWORD,
    OFFICE,
    PASSWORD,
    REHEARSAL,
    SOME_DAY,
    TODAY,
    Visitor,
)

QUESTIONS = [
    {"q": ASKED}, {"q": ASKED, "stretch": "1"}, {"light": [*Light], "due": "2026-12"}, {"basis": "?"},
    {"due_within": 30, "counted": 0}, {"overdue": 0, "department": OFFICE}, {"stretch": 0, "page": 2},
]  # fmt: skip


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
        # Where the server is just at it itself, it need not be done twice.
        cursor.execute("ANALYZE (SKIP_LOCKED)" if connection.vendor == "postgresql" else "ANALYZE")


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
    visitor.post("/sign-out/everywhere/")
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
        reporter: [
            walk_as_reporter,
            partial(bring_files, pledge="r2026-14-03"),
            looking(f"{TODAY}"),
        ],
        person("chen", "陈", Role.REVIEWER): [
            walk_as_reviewer,
            partial(extend_and_close, campaign=CAMPAIGN, clerk="lin", pledge="r2026-14-02"),
            partial(look_behind, pledge="r2026-14-02"),
            looking(f"{TODAY}"),
        ],
        person("shen", "审"): [audit],
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
