"""A part of the tour: what stands in the way, typed wrongly and rightly, looked at and removed."""

from datetime import date

from pledges.models import Blocker, Department, User

REHEARSAL, PLEDGE = "/campaigns/wujin-2026-rehearsal/", "/pledges/r2026-14-01/"
ASKED, LONG = "没有这样的事", "长" * 1001
QUERIES = (
    {}, {"stage": "open"}, {"stage": "overdue"}, {"stage": "removed"}, {"department": "jinrong"}, {"of": ASKED},
    {"department": "jinrong", "of": "jinrong"},
)  # fmt: skip


def hinder(visitor, *, today: date) -> None:
    """By a leader, who raises; an administrator removes, too late and in time."""
    address, other = f"{PLEDGE}blocker/", Department.objects.exclude(code="jinrong")[0]
    visitor.get(address)
    for day, code, words in (("", "", ""), ("2020-01-01", "?", LONG), (f"{today}", "jinrong", LONG[:9])):
        visitor.post(address, weakness=words, remedy=words, due=day, department=code)
    visitor.post(address, weakness=LONG[:9], remedy=ASKED, due=f"{today}", department="jinrong")
    visitor.post(address, weakness=ASKED, remedy=ASKED, due=f"{today}", department=other.code)
    late, second = Blocker.objects.order_by("pk")
    Blocker.objects.filter(pk=late.pk).update(due=date(2026, 9, 1))
    _look(visitor)
    helper = visitor.__class__(visitor.client.__class__(), visitor.pages, visitor.seen)
    helper.client.cookies["language"] = visitor.client.cookies["language"].value
    helper.client.force_login(User.objects.get(username="lin"))
    helper.get("/work/")
    for words in ("", LONG, LONG[:9], ASKED):
        helper.post(f"/blockers/{late.pk}/remove/", outcome=words)
    helper.get(f"/blockers/{late.pk}/remove/")
    helper.get(f"/blockers/{second.pk}/remove/")
    _look(visitor)


def _look(visitor) -> None:
    for query in QUERIES:
        visitor.get(f"{REHEARSAL}blockers/", **query)
        visitor.get(f"{REHEARSAL}blockers/paper/", **query)
    for page in (
        PLEDGE,
        f"{REHEARSAL}departments/jinrong/",
        "/campaigns/wujin-2022/blockers/",
        f"{REHEARSAL}briefings/draft/",
    ):
        visitor.get(page)
