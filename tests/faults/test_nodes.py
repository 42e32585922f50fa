"""Two web nodes, three workers and one beat on one database and one broker: whoever answers, it is one product."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import RemoteDisconnected
from threading import Event

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import Role
from pledges.models import AuditEvent, Evidence, ProgressReport, User
from tests.cast import CampaignFactory, PledgeFactory, person
from tests.kit.files import PDF, sent
from tests.kit.nodes import NOBODY_THERE, Door, Node, Proxy, two_nodes
from tests.kit.processes import wait_until
from tests.kit.ringing import bells, celery, every_letter_came_once, rounds
from tests.kit.senders import product_environment
from tests.kit.served import TOKEN, Answer, report, session_of
from tests.kit.smtp import post_office

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.no_cover,
    pytest.mark.xdist_group("nodes"),  # started once, for all of them
]

CLERKS, DAYS = 4, 280
PASSWORD = "correct-horse-9"


@pytest.fixture(scope="module")
def post():
    with post_office(gap_s=0.02) as office:
        yield office


@pytest.fixture(scope="module")
def env(django_db_setup, django_db_blocker, redis_server, post):
    with django_db_blocker.unblock():
        return product_environment(mail_port=post.port, broker_url=redis_server.broker_url)


@pytest.fixture(scope="module")
def both(env):
    with two_nodes(env) as nodes:
        yield nodes


@pytest.fixture
def campaign(transactional_db):
    today = localdate()
    year = {"starts_on": today - timedelta(days=300), "ends_on": today + timedelta(days=65)}
    return CampaignFactory(code="wujin", **year)


@pytest.fixture
def desks(campaign, finance):
    """Clerks, each with the form of a pledge of their own, and with a session."""
    clerks = [person(f"c{number}", f"第{number}人", Role.REPORTER, finance) for number in range(CLERKS)]
    User.objects.update(send_hour=23)  # nobody writes to them
    stones = [(campaign.ends_on, 100_000)]
    pledges = PledgeFactory.create_batch(CLERKS, campaign=campaign, department=finance, stones=stones)
    forms = [reverse("report-create", args=[pledge.code]) for pledge in pledges]
    return list(zip(forms, map(session_of, clerks), strict=True))


def taken() -> list[tuple[str, str]]:
    """The form and the day of every report there is; the audit knows of each."""
    rows = ProgressReport.objects.select_related("pledge")
    told = AuditEvent.objects.filter(action="report.submit").values_list("object_id", flat=True)
    assert sorted(told) == sorted(str(row.pk) for row in rows)
    return sorted((reverse("report-create", args=[row.pledge.code]), row.as_of.isoformat()) for row in rows)


def filled_in(door: Door, desk: tuple[str, str]) -> dict[str, str]:
    """Today's figure, on the form as it is now."""
    form, session = desk
    hidden = {name: it for name, it in door.get(form, session).fields.items() if name in {"key", "seen"}}
    return hidden | {"value": "500", "entry": "total", "as_of": f"{localdate()}", "note": "", "confirmed": ""}


# Nothing sticks to a node -------------------------------------------------------------------


def signed_in(lin, first: Door, second: Door) -> str:
    """The door's form is fetched from one node and sent to the other."""
    password = PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6, iterations=1000)
    User.objects.filter(pk=lin.pk).update(password=password)
    form = first.get("/sign-in/").fields
    answer = second.post("/sign-in/", "", form | {"username": lin.username, "password": PASSWORD})
    assert answer.status == 302
    return answer.begun


def upload(door: Door, desk: tuple[str, str], fields: dict[str, str]) -> str:
    """Only the file; the form stays open. Returns where the file is."""
    form, session = desk
    words = fields | {"csrfmiddlewaretoken": TOKEN, "upload": "1", "evidence": sent("名单.pdf")}
    assert door.ask("POST", form, session, encode_multipart(BOUNDARY, words), MULTIPART_CONTENT).status == 200
    return reverse("evidence", args=[Evidence.objects.get().pk])


def test_whoever_is_served_by_one_node_goes_on_at_the_other(both, campaign, finance, lin):
    a, b = (node.door for node in both)
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 100_000)])
    desk = form, session = reverse("report-create", args=[pledge.code]), signed_in(lin, a, b)
    fields = filled_in(a, desk)

    file = upload(a, desk, fields)

    assert file in b.get(form, session).text
    assert b.get(file, session).text == PDF.decode()
    assert b.post(form, session, fields).status == 302
    assert file in a.get(pledge.get_absolute_url(), session).text
    assert taken() == [(form, f"{localdate()}")]
    assert a.post(reverse("sign-out-everywhere"), session, {}).status == 302
    assert [door.get("/work/", session).status for door in (a, b)] == [302, 302]


def test_wrong_passwords_are_counted_over_all_nodes(both, lin):
    wrong = {"username": lin.username, "password": "x"}

    answers = [node.door.post("/sign-in/", "", wrong).status for node in both * 3]

    assert answers == [200, 200, 200, 200, 429, 429]


# A node is stopped --------------------------------------------------------------------------


@contextmanager
def taken_and_not_answered(
    node: Node, desk: tuple[str, str], fields: dict[str, str]
) -> Iterator[Future[Answer]]:
    """A report has been taken by a node, which is about to say so. It says so afterwards, if it can."""
    hold, held = (node.folder.parent / name for name in ("hold", "held"))
    hold.touch()
    with ThreadPoolExecutor(1) as pool:
        try:
            answer = pool.submit(node.door.post, *desk, fields)
            wait_until(held.exists, within=60, what="a report that is taken")
            yield answer
        finally:
            hold.unlink()
            held.unlink()


@pytest.fixture
def a(both):
    """The first node; whatever a test does to it, it is there again afterwards."""
    yield both[0]
    both[0].kill()
    both[0].start()
    both[0].wait()


@pytest.fixture
def b(both):
    return both[1]


def test_node_that_is_asked_to_stop_takes_nothing_more_and_answers_what_it_has_taken(a, b, desks):
    fields = filled_in(a.door, desks[0])
    with taken_and_not_answered(a, desks[0], fields) as answer:
        a.ask_to_stop()
        wait_until(lambda: not a.door.socket.exists(), within=60, what="a door that is shut")
        with pytest.raises(NOBODY_THERE):
            a.door.get("/sign-in/")
        assert b.door.get("/work/", desks[1][1]).status == 200

    assert (answer.result(60).status, a.process.wait(60)) == (302, 0)
    assert taken() == [(desks[0][0], f"{localdate()}")]


@pytest.fixture
def lost(a, b, desks):
    """A form whose report was taken by a node that died before it could say so."""
    fields = filled_in(a.door, desks[0])
    with taken_and_not_answered(a, desks[0], fields) as answer:
        a.kill()
    with pytest.raises(RemoteDisconnected):
        answer.result(60)
    return fields


def test_report_whose_answer_is_lost_is_told_as_taken_when_its_form_is_sent_again(lost, b, desks):
    assert b.door.post(*desks[0], lost).status == 302
    assert taken() == [(desks[0][0], f"{localdate()}")]


def test_report_whose_answer_is_lost_is_not_taken_twice_from_a_new_form(lost, b, desks):
    assert b.door.post(*desks[0], filled_in(b.door, desks[0])).status == 422
    assert taken() == [(desks[0][0], f"{localdate()}")]


def test_without_the_number_of_a_form_its_sender_would_be_told_that_somebody_else_was_first(
    lost, desks, client, monkeypatch
):
    monkeypatch.setattr("pledges.actions.reports._same_again", lambda *_form: None)
    form, client.cookies["session"] = desks[0]

    assert client.post(form, lost).status_code == 409


# One node after the other is restarted ------------------------------------------------------


def report_until(over: Event, proxy: Proxy, desk: tuple[str, str]) -> list[tuple[str, str]]:
    """One day after the other is reported; what was answered with success."""
    done = []
    for days_ago in range(DAYS, 0, -1):
        if over.is_set():
            break
        assert report(proxy, desk, days_ago) == 302
        done.append((desk[0], (localdate() - timedelta(days=days_ago)).isoformat()))
    return done


def test_rolling_restart_and_a_second_beat_lose_nothing_and_repeat_nothing(
    both, env, post, desks, people_of_today, tmp_path
):
    doors = [node.door for node in both]
    proxies = [Proxy(0, tmp_path, tuple(doors[:: 1 - 2 * (number % 2)])) for number in range(CLERKS)]
    over = Event()
    with bells(tmp_path, beats=1, workers=3, env=env), ThreadPoolExecutor(CLERKS) as pool:
        working = [pool.submit(report_until, over, *pair) for pair in zip(proxies, desks, strict=True)]
        try:
            both[0].restart()
            with celery("ykplan-beat.service", "second", tmp_path, env):
                both[1].restart()
                before = rounds(tmp_path)
                wait_until(lambda: rounds(tmp_path) >= before + 4, within=60, what="rounds of two beats")
        finally:
            over.set()
        answered = [one for work in working for one in work.result()]

    assert taken() == sorted(answered)
    assert [words for proxy in proxies for words in proxy.broken] == []
    every_letter_came_once(post, people_of_today)
