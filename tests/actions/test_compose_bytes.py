"""What leaves as bytes: headers, addresses, links, and what people typed."""

from datetime import date

import pytest
from django.core.mail import BadHeaderError

from pledges.actions.compose import LetterMail
from pledges.choices import Occasion
from pledges.letters.pages import letter_number
from pledges.letters.words import TITLE_LENGTH
from pledges.models import Letter, Pledge, User
from tests.cast import PledgeFactory, accepted
from tests.kit.desks import give_back, on_the_desk_of, written
from tests.kit.reading import Reader, english, links_in, overdue_in

pytestmark = pytest.mark.django_db


# Headers and bytes --------------------------------------------------------------------------


def test_headers_say_who_what_and_that_a_machine_wrote(clerk, lin):
    mail = on_the_desk_of(lin)
    (to,) = mail.read["To"].addresses

    assert (to.display_name, to.addr_spec) == ("林会计", lin.email)
    assert mail.written.recipients() == [lin.email]
    assert mail.read["Message-ID"] == mail.letter.message_id
    assert mail.read["Auto-Submitted"] == "auto-generated"
    assert mail.read["X-Ykplan-Letter"] == letter_number(mail.letter)
    assert mail.read["From"] == "ykplan@example.gov.cn"
    assert mail.read["Date"].datetime is not None


def test_what_was_told_is_kept_on_the_letter(clerk, lin):
    mail = on_the_desk_of(lin)

    assert (mail.letter.email, mail.letter.text) == (lin.email, mail.text)


def test_bytes_pass_through_any_mail_server(clerk, lin):
    lin.name = "欧阳" * 25
    lin.save()
    raw = on_the_desk_of(lin).raw

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.count(b"Content-Transfer-Encoding: quoted-printable") == 2
    assert b"8bit" not in raw


def test_bytes_would_not_pass_as_django_writes_them(clerk, lin, monkeypatch):
    monkeypatch.setattr(LetterMail, "encoding", None)
    raw = on_the_desk_of(lin).raw

    assert not raw.isascii()
    assert b"Content-Transfer-Encoding: 8bit" in raw


@pytest.mark.parametrize(
    "name",
    ['"a@b, c" <x@example.com>', "欧阳" * 25, "O'Neil, Anna; (x) <y>", "=?utf-8?q?x?=", "\u202e名", " ", ","],
)
def test_any_name_goes_to_its_own_address_only(clerk, lin, name):
    lin.name = name
    lin.save()
    (to,) = on_the_desk_of(lin).read["To"].addresses

    assert to.addr_spec == lin.email


def test_name_that_cannot_be_encoded_is_left_out(clerk, lin):
    mail = on_the_desk_of(lin)
    mail.written.name = "\ud800"

    assert str(mail.read["To"]) == lin.email


HOSTILE = "偷\r\nBcc: spy@example.com\r\n\r\n<p>\u2028\x0b\x85\u202e<script>alert(1)</script>{{ settings.SECRET_KEY }}"


@pytest.mark.parametrize("occasion", [Occasion.RETURNED, Occasion.OVERDUE])
def test_what_people_typed_makes_no_header_and_no_element(campaign, finance, lin, chen, occasion):
    pledge = PledgeFactory(campaign=campaign, department=finance)
    accepted(pledge, as_of=date(2022, 9, 20), value=90, reviewer=chen, author=lin)
    if occasion == Occasion.RETURNED:
        give_back(pledge, lin, chen, HOSTILE)
    else:
        overdue_in(finance, campaign, number="14-01", title=HOSTILE)
    plain = Reader(on_the_desk_of(lin).html)
    Pledge.objects.update(title=HOSTILE)
    User.objects.update(name=HOSTILE[:50])
    type(finance).objects.update(name=HOSTILE[:60])

    mail = written(Letter.objects.get())
    found = Reader(mail.html)

    assert {"Bcc", "Cc"} & set(mail.read.keys()) == set()
    assert not set(str(mail.read["Subject"]) + str(mail.read["To"])) & set("\r\n\x00\u2028\x0b\x85\u202e")
    assert set(found.tags) | {"br"} == set(plain.tags) | {"br"}
    assert set(found.attributes) == set(plain.attributes)
    assert "SECRET_KEY }}" in mail.text
    assert "\nBcc: spy" not in mail.text.partition("退回")[0]


def test_line_break_in_a_title_would_break_the_header(campaign, finance, lin, chen, monkeypatch):
    pledge = PledgeFactory(campaign=campaign, department=finance, title="甲\nBcc: spy@example.com")
    accepted(pledge, as_of=date(2022, 9, 20), value=90, reviewer=chen, author=lin)
    give_back(pledge, lin, chen, "请重报。")
    for place in ("pledges.letters.words.one_line", "pledges.actions.compose.one_line"):
        monkeypatch.setattr(place, lambda text: text)

    with pytest.raises(BadHeaderError):
        assert on_the_desk_of(lin).raw


def test_long_title_leaves_room_for_department_and_day(campaign, finance, lin, chen):
    pledge = PledgeFactory(campaign=campaign, department=finance, title="新" * 200)
    accepted(pledge, as_of=date(2022, 9, 20), value=90, reviewer=chen, author=lin)
    type(finance).objects.update(name="局" * 60)
    give_back(pledge, english(lin), chen, "请重报。")

    subject = on_the_desk_of(lin).letter.subject

    assert subject == f"Returned: {'新' * (TITLE_LENGTH - 1)}… ({'局' * 60}, 22 September)"
    assert len(subject) <= 200


def test_links_begin_with_the_public_address(clerk, lin, settings):
    settings.PUBLIC_BASE_URL = "https://plan.example.gov.cn"
    mail = on_the_desk_of(lin)
    links = Reader(mail.html).links + links_in(mail.text)

    assert links
    assert [link for link in links if not link.startswith("https://plan.example.gov.cn/")] == []


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(clerk, lin):
    found = Reader(on_the_desk_of(lin).html)

    assert (
        set(found.tags) & {"script", "link", "img", "iframe", "form", "style", "object", "svg", "video"}
        == set()
    )
    assert [
        name for name in found.attributes if name.startswith("on") or name in {"src", "srcset", "background"}
    ] == []
