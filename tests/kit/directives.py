"""A leader's word on a pledge, left on a Monday with a day to answer."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from pledges.actions.directives import direct
from pledges.queries.directives import sheaf_of

MONDAY = date(2022, 7, 4)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def leave(pledge, by, words="请抓紧", answer_by=MONDAY + WEEK):
    return direct(pledge, by=by, words=words, answer_by=answer_by, today=MONDAY)


@pytest.fixture
def directive(pledge, li):
    return leave(pledge, by=li)


def stages(pledge, day=MONDAY):
    sheaf = sheaf_of(pledge, day=day)
    return [slip.stage for slip in [*sheaf.open, *sheaf.closed]]


def create(pledge):
    return reverse("directive-create", args=[pledge.code])


def answer(directive):
    return reverse("directive-answer", args=[directive.pk])


def close(directive):
    return reverse("directive-close", args=[directive.pk])


def everything(campaign, query=""):
    return f"{reverse('directive-list', args=[campaign.code])}?{query}"


def ids_on(page):
    return re.findall(r'id="directive-(\d+)"', page.content.decode())
