"""A stranger cannot fill the audit, and leaves a trace all the same."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from pledges.actions import door, people
from pledges.actions.door import MOST_NAMES, MOST_PLACES, TOLD_ONE_BY_ONE, quarter_of, tell_counts
from pledges.models import AuditEvent, DoorCount

NOON = datetime(2026, 3, 2, 4, 7, 30, tzinfo=UTC)
LATER = NOON + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def knock(client, times=1, *, name="lin", address="192.0.2.1"):
    for number in range(times):
        client.post("/sign-in/", {"username": name.format(number), "password": "x"}, REMOTE_ADDR=address)


def told(action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


@pytest.mark.parametrize(
    "failures, rows", [(1, 1), (TOLD_ONE_BY_ONE, 10), (TOLD_ONE_BY_ONE + 1, 10), (30, 10)]
)
def test_the_first_ones_are_told_one_by_one(client, db, failures, rows):
    knock(client, failures, name="name{}")

    assert len(told("account.sign_in")) == rows
    assert DoorCount.objects.get().failures == failures


def test_without_the_count_the_audit_grows_with_every_try(client, db, monkeypatch):
    """The twin."""
    monkeypatch.setattr(people, "is_told", lambda *_args, **_more: True)
    knock(client, 30, name="name{}")

    assert len(told("account.sign_in")) == 30


def test_the_others_are_one_row_when_the_quarter_is_over(client, db):
    knock(client, 12, name="lin")
    knock(client, 14, name="name{}")
    tell_counts(now=NOON)
    assert told("account.sign_in_many") == []
    tell_counts(now=LATER)
    tell_counts(now=LATER)

    (row,) = told("account.sign_in_many")
    said = json.loads(row.payload)["after"]
    assert (said["failures"], said["locks"], said["source"], said["told"]) == (26, 8, "192.0.2.1", 10)
    assert said["names"] == {"lin": 12} | {f"name{number}": 1 for number in range(14)}
    assert (said["since"], row.outcome, DoorCount.objects.count()) == (
        "2026-03-02T04:00:00+00:00",
        "denied",
        0,
    )


def test_few_failures_are_told_and_then_forgotten(client, db):
    knock(client, 3)
    tell_counts(now=LATER)

    assert (len(told("account.sign_in")), told("account.sign_in_many"), DoorCount.objects.count()) == (
        3,
        [],
        0,
    )


def test_a_lock_is_told_but_not_with_every_further_try(client, db):
    knock(client, 40)

    assert len(told("account.lock")) == TOLD_ONE_BY_ONE
    assert DoorCount.objects.get().locks == 36


def test_the_next_quarter_begins_anew(client, db, time_machine):
    knock(client, 12, name="name{}")
    time_machine.move_to(LATER, tick=False)
    knock(client, 12, name="name{}")

    assert len(told("account.sign_in")) == 2 * TOLD_ONE_BY_ONE


def test_other_places_are_told_on_their_own_and_a_line_of_ipv6_is_one_place(client, db):
    for address in (
        "192.0.2.1",
        "192.0.2.2",
        "::ffff:192.0.2.2",
        "2001:db8::1",
        "2001:db8::ffff:1",
        "2001:db8:0:1::1",
    ):
        knock(client, 1, address=address)

    counted = dict(DoorCount.objects.values_list("source", "failures"))
    assert counted == {"192.0.2.1": 1, "192.0.2.2": 2, "2001:db8::": 2, "2001:db8:0:1::": 1}


def test_more_places_than_anybody_reads_are_counted_together(client, db):
    old = quarter_of(NOON)
    DoorCount.objects.bulk_create(DoorCount(since=old, source=f"10.0.0.{n}") for n in range(MOST_PLACES))
    for number in range(14):
        knock(client, address=f"10.0.1.{number}")
    knock(client, address="10.0.0.5")

    assert DoorCount.objects.get(source="").failures == 14
    assert DoorCount.objects.get(source="10.0.0.5").failures == 1
    assert len(told("account.sign_in")) == TOLD_ONE_BY_ONE + 1


def test_names_without_end_are_not_kept_without_end(client, db):
    knock(client, MOST_NAMES + 5, name="name{}")
    knock(client, 2, name="name0")

    row = DoorCount.objects.get()
    assert (len(row.names), row.names["name0"], row.failures) == (MOST_NAMES, 3, MOST_NAMES + 7)


@pytest.mark.parametrize("name", ["", "\0", "名" * 400, "\ud800"])
def test_any_name_is_counted(db, name):
    people.note_failed_sign_in(credentials={"username": name})

    assert len(AuditEvent.objects.get().actor_name) <= 150
    assert DoorCount.objects.get().failures == 1


def test_the_operator_is_warned_once(client, db, caplog):
    with caplog.at_level(logging.WARNING, logger=door.__name__):
        knock(client, 30, name="name{}")

    assert [record.name for record in caplog.records].count(door.__name__) == 1


class TestMayor:
    """Nobody else can lock the mayor out; whoever has a line of IPv6 does not get a try for each of its addresses."""

    PASSWORD = "correct-horse-9"

    def enter(self, client, **more):
        return client.post("/sign-in/", {"username": "li", "password": self.PASSWORD}, **more).status_code

    @pytest.mark.parametrize(
        "stranger, mayor, status",
        [
            ("192.0.2.1", "192.0.2.2", 302),
            ("192.0.2.1", "192.0.2.1", 429),
            ("2001:db8::1", "2001:db8:0:1::1", 302),
            ("2001:db8::1", "2001:db8::2", 429),
            ("::ffff:192.0.2.1", "192.0.2.1", 429),
        ],
    )
    def test_from_another_place(self, client, li, stranger, mayor, status):
        knock(client, 5, name="li", address=stranger)

        assert self.enter(client, REMOTE_ADDR=mayor) == status

    def test_a_stranger_with_a_thousand_addresses_of_one_line_is_locked(self, client, li):
        answers = []
        for number in range(1, 7):
            typed = {"username": "li", "password": "x"}
            answers.append(client.post("/sign-in/", typed, REMOTE_ADDR=f"2001:db8::{number:x}:1").status_code)

        assert answers == [200, 200, 200, 200, 429, 429]

    @pytest.mark.parametrize("proxies, status", [(0, 429), (1, 302), (2, 302)])
    def test_behind_proxies_of_our_own_the_outermost_says_who(self, client, li, settings, proxies, status):
        settings.TRUSTED_PROXIES = proxies
        tail = ", 10.0.0.1" if proxies == 2 else ""
        for number in range(5):
            # What the caller wrote in front proves nothing.
            forged = f"198.51.100.{number}, 203.0.113.66{tail}"
            client.post("/sign-in/", {"username": "li", "password": "x"}, headers={"X-Forwarded-For": forged})

        assert self.enter(client, headers={"X-Forwarded-For": f"203.0.113.7, 203.0.113.66{tail}"}) == 429
        assert self.enter(client, headers={"X-Forwarded-For": f"203.0.113.7{tail}"}) == status
