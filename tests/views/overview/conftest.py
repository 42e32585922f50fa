"""A plan with all lights on 1 July, and the pages that count it."""

from datetime import date

import pytest
from django.urls import reverse

from pledges.actions.standings import rebuild_standings
from pledges.choices import Basis
from pledges.models import Pledge, Theme
from tests.cast import PledgeFactory, accepted

MAY_31, JUNE_30 = date(2022, 5, 31), date(2022, 6, 30)


@pytest.fixture
def plan(campaign, finance, elsewhere, lin, chen) -> dict[str, Pledge]:
    """All five lights on 1 July, a stretch goal, a series, one pledge that two departments share."""

    def made(department, **facts) -> Pledge:
        return PledgeFactory(campaign=campaign, department=department, **facts)

    plan = {
        "red": made(finance, stones=[(JUNE_30, 10), (date(2022, 7, 20), 20)]),
        "yellow": made(finance, basis=Basis.DELIVERABLE, unit="", stones=[(date(2022, 7, 10), None)]),
        "green": made(finance),
        "done": made(finance, stones=[(JUNE_30, 40)]),
        "grey": made(finance),
        "stretch": made(elsewhere, stretch=True, stones=[(JUNE_30, 10)]),
        "early": made(elsewhere, stones=[(date(2022, 1, 10), 5)]),
    }
    accepted(plan["green"], as_of=JUNE_30, value=50, reviewer=chen, author=lin)
    accepted(plan["done"], as_of=MAY_31, value=40, reviewer=chen, author=lin)
    plan["shared"] = made(elsewhere, shared_with=plan["green"], stones=[(date(2022, 7, 15), 100)])
    rebuild_standings(Pledge.objects.all())
    heaps = [Theme.objects.create(campaign=campaign, code=code, name=code) for code in ("people", "works")]
    for name, theme in (("red", 0), ("yellow", 1), ("green", 1), ("shared", 1), ("stretch", 0)):
        Pledge.objects.filter(pk=plan[name].pk).update(theme=heaps[theme])
    return plan


@pytest.fixture
def pages(campaign, finance, elsewhere):
    """The addresses of the overview and of both departments."""
    return {
        "overview": reverse("overview", args=[campaign.code]),
        "finance": reverse("department-detail", args=[campaign.code, finance.code]),
        "elsewhere": reverse("department-detail", args=[campaign.code, elsewhere.code]),
    }
