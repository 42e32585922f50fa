"""Blockers for tests: put in the way, and where their pages are."""

from datetime import date, timedelta

from django.urls import reverse

from pledges.actions.blockers import raise_blocker

MONDAY = date(2022, 7, 4)
DAY = timedelta(days=1)
WORK = "/work/"


def stand(pledge, by, *, weakness="用地指标不足", days=7, department=None):
    due, department = MONDAY + days * DAY, department or pledge.department
    return raise_blocker(
        pledge, by=by, weakness=weakness, remedy="报省厅追加", due=due, department=department, today=MONDAY
    )


def create(pledge):
    return reverse("blocker-create", args=[pledge.code])


def remove(blocker):
    return reverse("blocker-remove", args=[blocker.pk])


def lists(campaign, query="", name="blocker-list"):
    return f"{reverse(name, args=[campaign.code])}?{query}"


def typed(**fields):
    line = {"weakness": "用地指标不足", "remedy": "报省厅追加", "due": "2022-07-20", "department": "jinrong"}
    return line | fields


def words_of(page):
    return page.content.decode()
