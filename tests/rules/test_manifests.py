"""What a backup says of itself."""

from dataclasses import replace

import pytest

from pledges.rules.manifests import Manifest, differences, manifest_in, sums_in, sums_text

MANIFEST = Manifest(
    "2022-07-01", "sqlite", "database.sqlite3", "a" * 64, "b" * 64, 7, "c" * 64, counts={"a": 1}
)


def test_a_manifest_is_read_as_it_was_written():
    assert manifest_in(MANIFEST.text) == MANIFEST


@pytest.mark.parametrize("text", ["", "[]", "{}", replace(MANIFEST, form=99).text])
def test_what_is_no_manifest_of_ours_is_none(text):
    assert manifest_in(text) is None


def test_fingerprints_are_read_as_they_were_written():
    sums = {"ab/one": "1" * 64, "ab/two  words": "2" * 64}

    assert sums_in(sums_text(sums)) == sums
    assert sums_in("no pair\n") == {}


def test_tables_that_differ_are_told_with_both_numbers():
    assert differences({"a": 1, "b": 2, "d": 0}, {"a": 1, "b": 3, "c": 4}) == [("b", 3, 2), ("c", 4, 0)]
