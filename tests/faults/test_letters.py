"""What a letter says on its way over a real socket: only what is still true, only text, only links that lead home."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from pledges.choices import LetterState, ReminderState
from pledges.models import Letter, Milestone, Pledge, Reminder, User
from tests.cast import PledgeFactory, ReportFactory
from tests.faults.conftest import LONG_AGO, MORNING, TUESDAY

pytestmark = pytest.mark.django_db

# What has changed since it was planned ------------------------------------------------------


def finish(pledge: Pledge, lin: User) -> None:
    ReportFactory(pledge=pledge, author=lin, as_of=TUESDAY, submitted_at=datetime(2022, 6, 6, 1, tzinfo=UTC))


def delete(pledge: Pledge, lin: User) -> None:
    Milestone.objects.create(pledge=pledge, due=date(2022, 12, 30), target=100)
    Milestone.objects.filter(pledge=pledge, due=LONG_AGO).delete()


def move(pledge: Pledge, lin: User) -> None:
    Milestone.objects.filter(pledge=pledge).update(due=date(2022, 12, 30))


def disable(pledge: Pledge, lin: User) -> None:
    User.objects.filter(pk=lin.pk).update(is_active=False)


def transfer(pledge: Pledge, lin: User) -> None:
    lin.memberships.all().delete()


@pytest.mark.parametrize("change", [finish, delete, move, disable, transfer])
def test_what_is_no_longer_true_is_not_sent(house, post, overdue, lin, change):
    house.gather()
    change(overdue, lin)

    house.send()

    assert post.letters == []
    assert Reminder.objects.get().state == ReminderState.DROPPED
    assert Reminder.objects.get().dropped
    assert Letter.objects.get().state == LetterState.DROPPED


@pytest.mark.parametrize("change", [finish, move, disable, transfer])
def test_letter_without_the_second_look_would_be_sent(house, post, overdue, lin, change, monkeypatch):
    """Why every reminder is weighed again just before it is told."""
    monkeypatch.setattr("pledges.queries.letters._why_not", lambda *_facts: None)
    house.gather()
    change(overdue, lin)

    house.send()

    assert post.recipients == [lin.email]


def test_deadline_that_is_edited_five_times_is_told_once(house, post, overdue, lin):
    for day in range(5):
        Milestone.objects.filter(pledge=overdue).update(due=LONG_AGO + timedelta(days=day % 2))
        house.round()

    assert post.recipients == [lin.email]


# What people typed --------------------------------------------------------------------------

INJECTED = "偷\r\nBcc: spy@example.com\r\n\r\n<p>\x00\u2028\x0b\u202e了"


def headers_of(raw: bytes) -> list[str]:
    head, _, _body = raw.partition(b"\r\n\r\n")
    return [
        line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"
    ]


def nothing_injected(raw: bytes) -> None:
    assert headers_of(raw).count("bcc") == headers_of(raw).count("cc") == 0
    for name in ("to", "from", "subject", "message-id", "date"):
        assert headers_of(raw).count(name) == 1, name


@pytest.mark.parametrize("where", ["title", "name", "department"])
def test_line_breaks_in_what_was_typed_make_no_header(house, post, overdue, lin, finance, where):
    # Past every form, as an import or another program might write it. PostgreSQL itself refuses NUL.
    text = INJECTED.replace("\x00", "")
    {
        "title": lambda: Pledge.objects.filter(pk=overdue.pk).update(title=text),
        "name": lambda: User.objects.filter(pk=lin.pk).update(name=text),
        "department": lambda: type(finance).objects.filter(pk=finance.pk).update(name=text),
    }[where]()

    house.round()

    (letter,) = post.letters
    nothing_injected(letter.raw)
    assert [address.addr_spec for address in letter.message["To"].addresses] == [lin.email]
    assert not set(str(letter.message["Subject"])) & set("\r\n\x00\u2028\u2029\x0b\u202e")
    assert len(str(letter.message["Subject"])) <= 200
    assert len(post.told("RCPT")) == 1


NAMES = [
    '"a@b, c" <x@example.com>',
    "王" * 50,
    "O'Neil, Anna; (x) <y>",
    "=?utf-8?q?x?=",
    "\u202ename",
    " ",
    ",",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_reaches_its_own_address_only(house, post, overdue, lin, name):
    User.objects.filter(pk=lin.pk).update(name=name)

    house.round()

    (letter,) = post.letters
    assert [address.addr_spec for address in letter.message["To"].addresses] == [lin.email]
    assert all(len(line) <= 998 for line in letter.raw.split(b"\r\n"))


class Elements(HTMLParser):
    """Every element with the names of its attributes, every address it opens, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _value in attrs)))
        opening = {"href", "src", "background", "action"}
        self.addresses += [value or "" for name, value in attrs if name in opening]

    def handle_data(self, data):
        self.text += data


def html_of(letter) -> Elements:
    part = letter.message.get_body(("html",))
    assert part is not None
    return Elements(part.get_content())


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=http://evil.example/x.png onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</td></table><a href='javascript:alert(1)'>x</a>",
    "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "<style>*{display:none}</style><!--",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_what_was_typed_stays_text(house, post, overdue, lin, finance, text):
    house.round()
    plain = html_of(post.letters[0])
    Pledge.objects.filter(pk=overdue.pk).update(title=text, metric=text[:60])
    User.objects.filter(pk=lin.pk).update(name=text[:50])
    type(finance).objects.filter(pk=finance.pk).update(name=text[:60])

    house.forward(days=1).round()

    hostile = html_of(post.letters[1])
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags}
    assert {names for _, names in hostile.tags} <= {names for _, names in plain.tags}
    assert all("evil" not in address and "javascript" not in address for address in hostile.addresses)
    assert text in hostile.text


def test_markup_check_sees_an_element_that_slipped_through():
    """A test of the test."""
    assert ("script", ()) in Elements("<p>a<script>b</script></p>").tags
    assert Elements('<img src="http://evil.example/x">').addresses == ["http://evil.example/x"]


# Where the links lead -----------------------------------------------------------------------

EVIL = "evil.example"


def test_links_lead_home_whatever_host_a_request_named(
    house, post, client, campaign, finance, lin, chen, settings, time_machine
):
    time_machine.move_to(MORNING, tick=False)
    settings.PUBLIC_BASE_URL = "https://plan.example.gov.cn"
    settings.ALLOWED_HOSTS = ["testserver", EVIL]
    pledge = PledgeFactory(campaign=campaign, department=finance)
    report = ReportFactory(pledge=pledge, author=lin, as_of=LONG_AGO, submitted_at=MORNING)
    client.force_login(chen)
    forged = {"HTTP_HOST": EVIL, "HTTP_X_FORWARDED_HOST": EVIL, "HTTP_ORIGIN": f"http://{EVIL}"}
    answer = client.post(reverse("report-return", args=[report.pk]), {"reason": "请重新核对"}, **forged)
    assert answer.wsgi_request.build_absolute_uri("/").startswith(f"http://{EVIL}")

    house.round()

    (letter,) = post.letters
    addresses = [found for found in html_of(letter).addresses if not found.startswith("#")]
    assert addresses
    assert all(found.startswith("https://plan.example.gov.cn/") for found in addresses)
    assert EVIL not in letter.raw.decode("utf-8", "replace")
    assert b64encode(EVIL.encode()) not in letter.raw
    assert EVIL not in letter.message.get_body(("plain",)).get_content()
