"""The letters of the embedded mode, as Django's own file backend writes them."""

from datetime import UTC, date, datetime

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from pledges.queries.mailbox import Envelope, by_day, letter_named, letters_in


@pytest.fixture
def send(tmp_path):
    """Send letters over one connection, which keeps them in one file."""
    backend = "django.core.mail.backends.filebased.EmailBackend"

    def sent(*letters):
        get_connection(backend, file_path=str(tmp_path)).send_messages(letters)

    return sent


def letter(subject="催办：新增上市企业1家", text="还差 1 家。", to="lin@example.com"):
    return EmailMessage(subject, text, "ykplan@localhost", [to])


def test_no_folder_and_an_empty_one_hold_no_letters(tmp_path):
    assert (letters_in(tmp_path), letters_in(tmp_path / "none")) == ([], [])


def test_a_letter_is_read_as_it_was_written(tmp_path, send):
    send(letter())

    (envelope,) = letters_in(tmp_path)
    found = letter_named(tmp_path, envelope.name)

    assert (found.to, found.subject, found.text.strip()) == (
        "lin@example.com",
        "催办：新增上市企业1家",
        "还差 1 家。",
    )


def test_the_moment_of_sending_knows_its_zone(tmp_path, send):
    before = datetime.now(UTC).replace(microsecond=0)
    send(letter())

    assert before <= letters_in(tmp_path)[0].sent_at <= datetime.now(UTC)


def test_several_letters_in_one_file_are_several_newest_first(tmp_path, send):
    send(letter("第一封"), letter("第二封"))

    assert [found.subject for found in letters_in(tmp_path)] == ["第二封", "第一封"]
    assert len({found.name for found in letters_in(tmp_path)}) == 2


def test_a_letter_may_have_two_faces(tmp_path, send):
    both = EmailMultiAlternatives("专报", "文字", "ykplan@localhost", ["li@example.com"])
    both.attach_alternative("<p>网页</p>", "text/html")
    send(both)

    found = letter_named(tmp_path, letters_in(tmp_path)[0].name)

    assert (found.text.strip(), found.html.strip()) == ("文字", "<p>网页</p>")


@pytest.mark.parametrize(
    "raw", ["Date: yesterday\nSubject: 残缺\n\nx", "Subject: 残缺\n\nx", "Subject: 残缺\n"]
)
def test_a_letter_without_a_readable_date_is_shown_all_the_same(tmp_path, raw):
    (tmp_path / "a.log").write_text(raw, encoding="utf-8")

    assert [(found.subject, found.sent_at) for found in letters_in(tmp_path)] == [("残缺", None)]


def test_bytes_that_are_no_text_break_nothing(tmp_path):
    (tmp_path / "a.log").write_bytes(b"Subject: \xff\xfe\n\n\x00\xff")

    found = letter_named(tmp_path, letters_in(tmp_path)[0].name)

    assert f"{found.subject}{found.text}".encode().decode() == f"{found.subject}{found.text}"


def test_a_letter_is_found_by_the_name_the_list_gives_it(tmp_path, send):
    send(letter("第一封"), letter("第二封"))

    assert [letter_named(tmp_path, each.name).subject for each in letters_in(tmp_path)] == [
        "第二封",
        "第一封",
    ]


@pytest.mark.parametrize(
    "name", ["", "a", "..", "../secret", "../secret-0", "a-0/../../secret", "secret\0", "a-1"]
)
def test_a_name_that_is_none_of_ours_finds_nothing(tmp_path, name):
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "a.log").write_text("Subject: 一封\n\nx", encoding="utf-8")
    (tmp_path / "secret.log").write_text("Subject: 别人的\n\nx", encoding="utf-8")

    assert letter_named(folder, name) is None


def test_letters_are_heaped_by_the_day_on_which_they_were_sent():
    # Half past four in the afternoon by UTC is the next day in Shanghai.
    moments = [datetime(2022, 7, 1, 16, 30, tzinfo=UTC), datetime(2022, 7, 1, 15, 30, tzinfo=UTC), None]
    letters = [Envelope(f"{place}", "", "", moment) for place, moment in enumerate(moments)]

    assert [(day, [each.name for each in heap]) for day, heap in by_day(letters)] == [
        (date(2022, 7, 2), ["0"]),
        (date(2022, 7, 1), ["1"]),
        (None, ["2"]),
    ]


def test_the_newest_two_hundred_are_listed_without_their_bodies_being_read(tmp_path, send, monkeypatch):
    send(*[letter(f"第 {number} 封") for number in range(230)])

    def refuse(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr("pledges.queries.mailbox._part", refuse)
    found = letters_in(tmp_path)

    assert (len(found), found[0].subject) == (200, "第 229 封")
