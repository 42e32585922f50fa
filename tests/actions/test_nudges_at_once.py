"""Two who urge at the very same moment: one urging, one answer for each; and what would happen without the constraint."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from pledges.actions import nudges
from pledges.errors import StaleError
from pledges.models import Nudge, Reminder
from tests.kit.urging import MONDAY, urge

pytestmark = pytest.mark.usefixtures("monday")


def together(people, act) -> list:
    """What each of several people gets who act at the same moment; a fault is an answer, too."""
    barrier = Barrier(len(people))

    def one(who):
        barrier.wait()
        try:
            return act(who, barrier)
        except (StaleError, IntegrityError) as fault:
            return type(fault)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_urge_at_once_one_is_told_who_was_first(pledge, lin, chen, zhao, li, boss):
    def act(who, _barrier):
        return [nudge.by for nudge in urge(pledge, by=who).nudges]

    answers = together([chen, zhao, li, boss], act)

    nudge = Nudge.objects.get()
    assert sorted(answers, key=str) == sorted([[nudge.by], *[StaleError] * 3], key=str)
    assert Reminder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_at_once_makes_one_row(pledge, lin, chen):
    answers = together([chen, chen], lambda who, _barrier: len(urge(pledge, by=who).nudges))

    assert sorted(answers, key=str) == sorted([1, StaleError], key=str)
    assert (Nudge.objects.count(), Reminder.objects.count()) == (1, 1)


@contextmanager
def without_its_constraint(monkeypatch):
    """The database as it would be if only Python looked whether a pledge has been urged."""
    [rule] = [each for each in Nudge._meta.constraints if each.name == "a_pledge_is_urged_once_a_day"]
    with monkeypatch.context() as patch, connection.schema_editor() as editor:
        # SQLite makes the table anew from what the model says.
        patch.setattr(Nudge._meta, "constraints", [])
        editor.remove_constraint(Nudge, rule)
    try:
        yield
    finally:
        Nudge.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Nudge, rule)


def look_then_urge(pledge):
    """What a check in Python alone amounts to: both look before either has written."""

    def act(who, barrier):
        is_urged = Nudge.objects.filter(pledge=pledge, day=MONDAY).exists()
        barrier.wait()
        if is_urged:
            raise StaleError
        return Nudge.objects.create(pledge=pledge, by=who, day=MONDAY).by

    return act


@pytest.mark.django_db(transaction=True)
def test_twin_a_look_before_writing_would_urge_twice(pledge, lin, chen, zhao, monkeypatch):
    with without_its_constraint(monkeypatch):
        answers = together([chen, zhao], look_then_urge(pledge))

        assert (answers, Nudge.objects.count()) == ([chen, zhao], 2)

    assert IntegrityError in together([chen, zhao], look_then_urge(pledge))
    assert Nudge.objects.count() == 1


def test_where_the_look_comes_too_early_the_constraint_still_decides(pledge, lin, chen, li, monkeypatch):
    """Urged between the look and the writing: told, not broken."""
    insert = nudges._insert

    def late(choice, **more):
        Nudge.objects.create(pledge=pledge, by=li, day=MONDAY)
        insert(choice, **more)

    monkeypatch.setattr(nudges, "_insert", late)
    with pytest.raises(StaleError, match="李市长"):
        urge(pledge, by=chen)


def test_twin_a_plain_insert_would_break_there(pledge, lin, chen, li, monkeypatch):
    def plain(choice, *, by, words):
        Nudge.objects.create(pledge=pledge, by=li, day=MONDAY)
        Nudge.objects.bulk_create([Nudge(pledge=pledge, by=by, words=words, day=choice.day)])

    monkeypatch.setattr(nudges, "_insert", plain)
    with pytest.raises(IntegrityError):
        urge(pledge, by=chen)
