"""Whatever is typed at either door is kept as an attempt, on both databases."""

import pytest
from axes.models import AccessAttempt

from ykplan.attempts import typed_name


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("lin", "lin"),
        ("x" * 5000, "x" * 150),
        ("企" * 151, "企" * 150),
        ("a\0b", "ab"),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_kept_as_long_as_a_name_can_be(rf, typed, kept):
    assert typed_name(rf.post("/"), {"username": typed}) == kept


def test_without_credentials_the_form_is_asked(rf):
    assert typed_name(rf.post("/", {"username": "lin"})) == "lin"


@pytest.mark.parametrize("door", ["/sign-in/", "/admin/login/"])
def test_a_name_of_any_length_is_refused_like_any_other(client, db, door):
    response = client.post(
        door, {"username": "x" * 5000, "password": "wrong"}, headers={"User-Agent": "u" * 5000}
    )

    assert (response.status_code, AccessAttempt.objects.get().username) == (200, "x" * 150)


def test_wrong_passwords_are_counted_behind_a_socket_that_names_no_address(client, lin):
    wrong = {"username": lin.username, "password": "wrong"}

    answers = [client.post("/sign-in/", wrong, REMOTE_ADDR="").status_code for _time in range(5)]

    assert answers == [200, 200, 200, 200, 429]
