"""Private addresses: made once, kept as a fingerprint, taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from pledges.actions import feeds
from pledges.actions.feeds import make_feed, note_reading, revoke_feed
from pledges.models import CalendarFeed


def test_only_the_fingerprint_of_a_long_random_token_is_kept(lin):
    feed, token = make_feed(lin)
    (row,) = CalendarFeed.objects.filter(pk=feed.pk).values()

    assert row["token_hash"] == sha256(token.encode()).hexdigest()
    assert token not in repr(row)
    assert (len(token), token == make_feed(lin)[1]) == (43, False)


def test_a_new_feed_revokes_the_old_one_of_the_same_scope_only(pledge, finance, lin, sun):
    everything, office, other = make_feed(lin)[0], make_feed(lin, finance)[0], make_feed(sun)[0]
    newer = make_feed(lin)[0]

    opened = CalendarFeed.objects.filter(revoked_at__isnull=True)
    assert set(opened) == {office, other, newer}
    assert CalendarFeed.objects.get(revoked_at__isnull=False) == everything


@pytest.mark.parametrize("who, may", [("lin", True), ("sun", True), ("wu", False), ("chen", True), ("li", True), ("boss", True)])  # fmt: skip
def test_a_department_is_for_those_who_see_it(request, pledge, finance, who, may):
    owner = request.getfixturevalue(who)
    if may:
        assert make_feed(owner, finance)[0].department == finance
    else:
        with pytest.raises(PermissionDenied):
            make_feed(owner, finance)


def test_what_is_revoked_is_revoked_once(lin):
    feed = make_feed(lin)[0]
    assert (revoke_feed(feed), revoke_feed(feed)) == (True, False)

    moment = CalendarFeed.objects.get(pk=feed.pk).revoked_at
    revoke_feed(feed)
    assert CalendarFeed.objects.get(pk=feed.pk).revoked_at == moment is not None


def test_reading_is_noted_once_a_day(lin, django_assert_num_queries):
    feed = make_feed(lin)[0]
    for day, writes in [(date(2022, 7, 1), 1), (date(2022, 7, 1), 0), (date(2022, 7, 2), 1)]:
        feed.refresh_from_db()
        with django_assert_num_queries(writes):
            note_reading(feed, today=day)

    feed.refresh_from_db()
    assert feed.read_on == date(2022, 7, 2)


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_leave_one_open_feed(lin):
    together = Barrier(4)

    def click(_number):
        try:
            together.wait(timeout=10)
            return make_feed(lin)[0].pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(click, range(4)))

    assert len(made) == 4
    assert CalendarFeed.objects.filter(revoked_at__isnull=True).count() == 1


def test_without_revoking_the_database_refuses_a_second_open_feed(lin, monkeypatch):
    make_feed(lin)
    monkeypatch.setattr(feeds, "_revoke", lambda found: 0)

    with pytest.raises(IntegrityError):
        make_feed(lin)
