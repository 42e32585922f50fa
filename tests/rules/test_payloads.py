"""What an audit row says about a change."""

import json
from datetime import date
from decimal import Decimal

import pytest

from pledges.rules.payloads import LONGEST_LIST, capped, payload_of


def after(**facts: object) -> dict[str, object]:
    return json.loads(payload_of(after=facts))["after"]


def test_nothing_to_say_is_an_empty_text():
    assert payload_of() == payload_of({}, {}) == ""


def test_the_same_facts_give_the_same_bytes_in_any_order():
    assert payload_of({"b": 1, "a": None}, {"c": True}) == payload_of({"a": None, "b": 1}, {"c": True})
    assert payload_of({"b": 1}, {"字": "二"}) == '{"after":{"字":"二"},"before":{"b":1}}'


@pytest.mark.parametrize("name", ["password", "new_Password", "token_hash", "csrfmiddlewaretoken", "secret"])
def test_secrets_are_masked_wherever_they_stand(name):
    assert after(deep={name: "abc"})["deep"] == {name: "***"}


def test_a_secret_that_is_not_set_is_said_to_be_so():
    assert after(password="") == {"password": ""}


def test_days_numbers_and_bytes_are_written_as_text():
    told = after(day=date(2022, 6, 30), value=Decimal("1.50"), file=b"abc", flags={"b", "a"}, pair=(1, 2))

    assert told == {
        "day": "2022-06-30",
        "value": "1.50",
        "file": "(3 bytes)",
        "flags": ["a", "b"],
        "pair": [1, 2],
    }


def test_long_texts_and_lists_are_cut_and_say_how_much_is_missing():
    told = after(text="字" * 600, rows=list(range(LONGEST_LIST + 3)))

    assert told["text"] == "字" * 500 + "…(+100)"
    assert told["rows"][-1] == "(+3)"
    assert capped("abc", 2) == "ab…(+1)"


def test_what_a_database_cannot_store_is_left_out():
    assert after(words="a\0b\ud800") == {"words": "ab?"}
