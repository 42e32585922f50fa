"""One of everything there is, all under the same key, and who may ask for it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.timezone import localdate

from pledges.actions.feeds import make_feed, note_reading
from pledges.choices import LetterState
from pledges.exports.filling import HEADS
from pledges.models import Blocker, Directive, Extension, SavedView, SheetUpload, SourceArticle
from tests.cast import ReportFactory
from tests.kit.files import a_file
from tests.kit.letters import a_letter
from tests.kit.paper import a_briefing

ROLES = ("visitor", "reporter", "elsewhere", "head", "reviewer", "leader", "superuser")


def client_of(person, **kwargs) -> Client:
    client = Client(**kwargs)
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def people(lin, wu, sun, chen, li, boss):
    return dict(zip(ROLES, (None, lin, wu, sun, chen, li, boss), strict=True))


@pytest.fixture
def report(campaign, finance, pledge, lin, li):
    """A report that waits. One of everything else stands there, too, under the same key."""
    report = ReportFactory(pledge=pledge, author=lin)
    a_letter(lin, LetterState.FAILED, pk=report.pk)
    a_file(report, pk=report.pk)
    a_briefing(campaign, by=li)
    SourceArticle.objects.create(code="page-2020", title="盘点", text="新增3家。")
    same, today = {"pk": report.pk}, localdate()
    Directive.objects.create(**same, pledge=pledge, by=li, words="请抓紧", answer_by=today)
    in_the_way = {"weakness": "x", "remedy": "x", "due": today, "department": finance}
    Blocker.objects.create(**same, pledge=pledge, raised_by=lin, **in_the_way)
    SavedView.objects.create(**same, owner=lin, campaign=campaign, name="x", query="show=list&light=red")
    return report


@pytest.fixture
def extension(report, pledge, lin):
    stone = pledge.milestones.get()
    days = {"was_due": stone.due, "new_due": date(2023, 1, 31)}
    return Extension.objects.create(pk=report.pk, milestone=stone, reason="x", asked_by=lin, **days)


@pytest.fixture
def sheet(report, pledge, campaign, lin):
    row = {"line": 2, "cells": dict.fromkeys(HEADS, "") | {"pledge": pledge.code}, "faults": {}}
    whose = {"pk": report.pk, "owner": lin, "campaign": campaign}
    return SheetUpload.objects.create(**whose, name="x.csv", key=report.key, rows=[row])


@pytest.fixture
def mailbox(settings, tmp_path):
    """The embedded mode, with a letter in the mailbox."""
    settings.EMBEDDED, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    (tmp_path / "one.log").write_text("Subject: x\nContent-Type: text/html\n\n<p>x</p>", encoding="utf-8")
    return "one-0"


@pytest.fixture
def feed(lin):
    """A calendar and its token; the first reading of a day is noted."""
    made = make_feed(lin)
    note_reading(made[0], today=localdate())
    return made


@pytest.fixture
def address_of(campaign, finance, pledge, report, extension, sheet, mailbox, feed):
    """The address of every name, for things that are there."""
    values = {
        "campaign": campaign.code,
        "department": finance.code,
        "code": pledge.code,
        "pk": report.pk,
        "number": 1,
        "milestone": extension.milestone_id,
        "name": mailbox,
        "feed": feed[0].pk,
        "token": feed[1],
        "article": "page-2020",
    }

    def address(name: str) -> str:
        if name == "admin":
            return reverse("admin:index")
        wanted = next(params for _, params in get_resolver().reverse_dict.getlist(name)[0][0])
        return reverse(name, kwargs={key: values[key] for key in wanted})

    return address
