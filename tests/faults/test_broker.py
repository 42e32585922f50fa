"""A broker that is stopped, swallows everything, or has forgotten all: only the bell is missing."""

import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from celery.app.task import Task
from django.core.signals import request_started
from django.urls import reverse
from django.utils.timezone import localdate
from kombu.exceptions import OperationalError
from redis import Redis

from pledges import tasks
from pledges.choices import LetterState, ReportState
from pledges.models import Letter, Pledge, ProgressReport
from pledges.queries.reports import newest_id
from tests.cast import CampaignFactory, PledgeFactory
from tests.kit.processes import ROOT, free_port
from tests.kit.proxy import swallowing_door
from tests.kit.senders import product_environment
from tests.kit.smtp import post_office
from ykplan.celery import app

BROKER_PATIENCE_S = 0.5


@contextmanager
def stopped(_redis):
    yield f"redis://127.0.0.1:{free_port()}/0"


@contextmanager
def swallowing(_redis):
    with swallowing_door() as door:
        yield f"redis://127.0.0.1:{door.port}/0"


@contextmanager
def emptied(redis):
    with Redis.from_url(redis.url) as client:
        client.flushall()
    yield redis.broker_url


BROKERS = [stopped, swallowing, emptied]


@pytest.fixture(params=BROKERS, ids=lambda broker: broker.__name__)
def broker_url(request, redis_server):
    with request.param(redis_server) as url:
        yield url


@contextmanager
def bell_at(url):
    """The product's own celery, in this process, with another broker."""
    patience = {"socket_timeout": BROKER_PATIENCE_S, "socket_connect_timeout": BROKER_PATIENCE_S}
    told = {"broker_url": url, "broker_transport_options": patience, "task_publish_retry": False}
    usual = {name: app.conf[name] for name in told}
    app.conf.update(told)
    forget_connections()
    try:
        yield
    finally:
        app.conf.update(usual)
        forget_connections()


def forget_connections() -> None:
    if app.amqp._producer_pool is not None:
        app.amqp._producer_pool.force_close_all()
        app.amqp._producer_pool = None
    if app._pool is not None:
        app._pool.force_close_all()
        app._pool = None


@pytest.fixture
def nothing_rings(monkeypatch):
    """A request that asks for the broker is a fault, whoever answers."""
    calls = []
    monkeypatch.setattr(app, "send_task", lambda *_a, **_k: calls.append("send_task"))
    monkeypatch.setattr(Task, "apply_async", lambda *_a, **_k: calls.append("apply_async"))
    monkeypatch.setattr(app, "connection_for_write", lambda *_a, **_k: calls.append("connection"))
    yield calls
    assert calls == []


@pytest.fixture
def pledge(campaign_of_today, finance):
    return PledgeFactory(campaign=campaign_of_today, department=finance)


@pytest.fixture
def campaign_of_today(db):
    today = localdate()
    return CampaignFactory(starts_on=today - timedelta(days=100), ends_on=today + timedelta(days=100))


def typed(pledge, value):
    return {
        "value": value, "entry": "total", "as_of": localdate().isoformat(), "note": "",
        "key": str(uuid4()), "seen": str(newest_id(pledge)),
    }  # fmt: skip


@pytest.fixture
def knocks(monkeypatch):
    """The doors this process knocked at; what nobody asks nobody has to wait for."""
    found, connect = [], socket.socket.connect

    def knock(self, address):
        found.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", knock)
    return found


def work_through(client, pledge: Pledge, lin, chen) -> list[int]:
    """A clerk looks and reports, a reviewer returns, the clerk reports again, the reviewer accepts."""
    report_create, done = reverse("report-create", args=[pledge.code]), []
    for value, answer_name, words in (
        ("5", "report-return", {"reason": "数字不对"}),
        ("6", "report-accept", {}),
    ):
        client.force_login(lin)
        pages = (reverse("work"), pledge.get_absolute_url(), report_create)
        done += [client.get(page) for page in pages]
        done.append(client.post(report_create, typed(pledge, value)))
        client.force_login(chen)
        done.append(client.get(reverse("review-queue")))
        newest = ProgressReport.objects.latest("id")
        done.append(client.post(reverse(answer_name, args=[newest.pk]), words))
    return [answer.status_code for answer in done]


def test_pages_and_reports_do_not_notice(broker_url, knocks, client, pledge, lin, chen):
    with bell_at(broker_url):
        done = work_through(client, pledge, lin, chen)

    assert (set(done), knocks) == ({200, 302}, [])
    assert sorted(ProgressReport.objects.values_list("state", flat=True)) == [
        ReportState.ACCEPTED,
        ReportState.RETURNED,
    ]


def test_no_page_and_no_report_asks_for_the_broker(nothing_rings, client, pledge, lin, chen):
    done = work_through(client, pledge, lin, chen)

    assert set(done) == {200, 302}


def test_page_that_rings_itself_would_wait_for_a_broker_that_swallows(client, db, knocks):
    """Why no request rings: the page waits as long as the socket does."""

    def ring(**_kwargs):
        with pytest.raises(OperationalError):
            tasks.tick.delay()

    with swallowing_door() as door, bell_at(f"redis://127.0.0.1:{door.port}/0"):
        request_started.connect(ring)
        try:
            client.get(reverse("sign-in"))
        finally:
            request_started.disconnect(ring)

        assert door.visits > 0
        assert ("127.0.0.1", door.port) in knocks


def tick(mail_port: int, broker_url: str) -> subprocess.CompletedProcess:
    environment = product_environment(mail_port=mail_port, broker_url=broker_url)
    return subprocess.run(
        [sys.executable, "manage.py", "tick"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_tick_by_hand_sends_everything(broker_url, people_of_today):
    with post_office() as post:
        done = [tick(post.port, broker_url) for _twice in range(2)]

    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    assert sorted(post.recipients) == sorted(person.email for person in people_of_today)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}


def test_bell_alone_would_send_nothing(broker_url, people_of_today):
    """Why there is a second way: what is only rung through the broker is not done."""
    with post_office() as post, bell_at(broker_url), suppress(OperationalError):
        tasks.tick.delay()

    assert post.letters == []
    assert not Letter.objects.exists()
