"""Everything a mail server may do, over a real socket: nobody is lost, nobody's fault is put on another."""

from base64 import b64encode
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from pledges.actions import counter
from pledges.choices import LetterState, ReminderState
from pledges.models import Letter, Milestone, Pledge, Reminder, User
from tests.cast import PledgeFactory, ReportFactory
from tests.faults.conftest import LONG_AGO, MORNING, TUESDAY, letter_to
from tests.kit.smtp import Fault, in_turn, only_for, sent_secrets

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BACKOFF = [1, 5, 15, 60, 240]
LONGEST_JITTER = 1.5


def states() -> dict[str, str]:
    return dict(Letter.objects.values_list("recipient__username", "state"))


def test_letter_that_is_accepted_is_sent_and_tells_its_reminder(house, post, overdue, lin):
    house.round()

    letter = Letter.objects.get()
    assert (letter.state, letter.email, letter.attempts, letter.ambiguous) == ("sent", lin.email, 1, 0)
    assert (post.recipients, post.message_ids) == ([lin.email], [letter.message_id])
    assert Reminder.objects.get().state == ReminderState.TOLD


def test_every_person_gets_a_message_of_their_own(house, post, three):
    house.round()

    assert sorted(post.recipients) == sorted(person.email for person in three)
    assert all([letter.message["To"].addresses[0].addr_spec] == [letter.recipient] for letter in post.letters)


# Not now: 4xx -------------------------------------------------------------------------------

LATER = [
    ("mail", "451 4.3.0 busy"),
    ("rcpt", "450 4.2.1 greylisted"),
    ("rcpt", "452 4.2.2 mailbox full"),
    ("rcpt", "421 4.7.0 closing"),
    ("data", "451 4.3.0 busy"),
    ("dot", "451 4.3.0 busy"),
]


@pytest.mark.parametrize("step, answer", LATER)
def test_letter_that_is_put_off_is_tried_again_after_a_minute(house, post, overdue, lin, step, answer):
    setattr(post.manners, step, answer)
    house.round()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.ambiguous) == ("queued", 1, 0)
    assert letter.smtp_code == int(answer[:3])
    assert MINUTE <= letter.next_try_at - MORNING <= LONGEST_JITTER * MINUTE

    setattr(post.manners, step, {"data": "354 go on"}.get(step, "250 ok"))
    house.forward(minutes=LONGEST_JITTER).round()

    letter.refresh_from_db()
    assert (letter.state, post.message_ids) == ("sent", [letter.message_id])


def test_pauses_grow_and_a_letter_is_not_tried_after_its_day(house, post, overdue, lin):
    post.manners.rcpt = "450 4.2.1 greylisted"
    pauses = []
    house.round()
    while (letter := letter_to(lin)).state == LetterState.QUEUED and letter.day == TUESDAY:
        pauses.append((letter.next_try_at - house.now) / MINUTE)
        house.now = letter.next_try_at
        house.round()

    assert all(
        least <= pause <= least * LONGEST_JITTER for least, pause in zip(BACKOFF, pauses, strict=False)
    )
    assert all(pause >= BACKOFF[-1] for pause in pauses[len(BACKOFF) :])
    first = Letter.objects.get(day=TUESDAY)
    assert first.state == LetterState.EXPIRED
    assert post.letters == []


def test_what_was_not_sent_on_its_day_is_told_by_the_next_letter(house, post, overdue, lin):
    post.manners.rcpt = "450 4.2.1 greylisted"
    house.round()

    post.manners.rcpt = "250 ok"
    house.forward(days=1).round()

    assert dict(Letter.objects.values_list("day", "state")) == {
        TUESDAY: LetterState.EXPIRED,
        TUESDAY + timedelta(days=1): LetterState.SENT,
    }
    assert post.message_ids == [letter_to(lin).message_id]
    assert not Reminder.objects.waiting().exists()


# Never: 5xx ---------------------------------------------------------------------------------


def test_address_that_is_refused_for_good_is_not_tried_again_until_it_changes(house, post, overdue, lin):
    post.manners.rcpt = only_for(lin.email, "550 5.1.1 no such user")
    house.round()
    assert (letter_to(lin).state, letter_to(lin).smtp_code) == (LetterState.FAILED, 550)
    lin.refresh_from_db()
    assert lin.refused_email == lin.email

    for _day in range(2):
        house.forward(days=1).round()
    assert len(post.told("RCPT")) == 1

    User.objects.filter(pk=lin.pk).update(email="lin@elsewhere.example.com")
    house.forward(days=5).round()
    assert post.recipients == ["lin@elsewhere.example.com"]


@pytest.mark.parametrize("step", ["data", "dot"])
def test_letter_that_is_refused_fails_and_its_address_is_not_blamed(house, post, overdue, lin, step):
    setattr(post.manners, step, "554 5.6.0 not here")
    house.round()
    for _again in range(3):
        house.forward(minutes=5).round()

    assert (letter_to(lin).state, letter_to(lin).smtp_code) == (LetterState.FAILED, 554)
    assert len(post.told("MAIL")) == 1
    lin.refresh_from_db()
    assert lin.refused_email == ""


def test_one_bad_address_of_three_keeps_no_letter_from_the_others(house, post, three):
    anna, bert, carl = three
    post.manners.rcpt = only_for(bert.email, "550 5.1.1 no such user")

    house.round()

    assert states() == {"anna": "sent", "bert": "failed", "carl": "sent"}
    assert sorted(post.recipients) == [anna.email, carl.email]


def test_one_message_for_three_would_lose_the_one_that_is_refused(post, three):
    """Why every letter has one recipient: the framework calls this sent."""
    post.manners.rcpt = only_for(three[1].email, "550 5.1.1 no such user")

    assert EmailMessage("x", "x", to=[person.email for person in three]).send() == 1

    assert len(post.letters) == 1


def test_server_that_asks_for_a_password_blames_no_address(house, post, overdue, lin):
    """530 is about us (RFC 4954), also when it is the answer to a recipient."""
    post.manners.rcpt = "530 5.7.0 authentication required"

    house.round()

    lin.refresh_from_db()
    assert (letter_to(lin).state, lin.refused_email) == (LetterState.QUEUED, "")


class Killed(BaseException):
    """As abrupt as kill -9: nothing is caught, nothing is settled."""


def test_letter_that_kills_its_sender_keeps_nobody_else_waiting_all_day(
    house, post, three, monkeypatch, settings
):
    write = counter.compose

    def compose(letter, *args, **kwargs):
        if letter.recipient == three[0]:
            raise Killed
        return write(letter, *args, **kwargs)

    monkeypatch.setattr(counter, "compose", compose)
    house.gather()
    for _round in range(20):
        with suppress(Killed):
            house.send()
        house.forward(seconds=settings.LETTER_LEASE_S + 1)

    assert states() == {"anna": "failed", "bert": "sent", "carl": "sent"}


# Perhaps: the line goes dead ----------------------------------------------------------------

PERHAPS = {
    "in the letter": {"body": Fault.DROP},
    "after the dot": {"dot": Fault.DROP},
    "silence after the dot": {"dot": Fault.HANG},
}


@pytest.mark.parametrize("manners", PERHAPS.values(), ids=PERHAPS)
def test_letter_that_may_have_arrived_is_sent_again_under_the_same_id(house, post, overdue, lin, manners):
    (step, fault), usual = *manners.items(), getattr(post.manners, next(iter(manners)))
    setattr(post.manners, step, fault)
    house.round()
    letter = letter_to(lin)
    assert (letter.state, letter.ambiguous) == (LetterState.QUEUED, 1)

    setattr(post.manners, step, usual)
    house.forward(minutes=LONGEST_JITTER).round()

    letter.refresh_from_db()
    assert (letter.state, letter.ambiguous) == (LetterState.SENT, 1)
    assert set(post.message_ids) == {letter.message_id}
    assert len(post.letters) == (1 if step == "body" else 2)


def test_copies_without_a_stored_id_could_not_be_told_apart(post, lin):
    """Why the id is kept with the letter: by itself every copy gets another."""
    post.manners.dot = in_turn(Fault.DROP, then="250 kept")
    message = EmailMessage("x", "x", to=[lin.email])
    with pytest.raises(OSError, match="closed"):
        message.send()
    message.send()

    assert len(set(post.message_ids)) == 2


# Nobody at the counter ----------------------------------------------------------------------

NOBODY = {
    "421": {"banner": "421 4.3.2 too many"},
    "silence": {"banner": Fault.HANG},
    "dead line": {"banner": Fault.DROP},
}


@pytest.mark.parametrize("manners", NOBODY.values(), ids=NOBODY)
def test_server_that_does_not_greet_is_no_letters_fault(house, post, three, manners):
    ((step, fault),) = manners.items()
    setattr(post.manners, step, fault)

    house.round()

    assert post.visits == 1
    assert states() == {"anna": "queued", "bert": "queued", "carl": "queued"}
    assert set(Letter.objects.values_list("attempts", "ambiguous", "lease_until")) == {(0, 0, None)}

    post.manners.banner = "220 post.test"
    house.forward(minutes=LONGEST_JITTER).round()
    assert sorted(post.recipients) == sorted(person.email for person in three)


def test_server_that_leaves_between_two_letters_keeps_the_second(house, post, three):
    post.manners.mail = in_turn("250 ok", "421 4.3.2 closing", then="250 ok")

    house.round()
    house.forward(minutes=LONGEST_JITTER).round()

    assert states() == {"anna": "sent", "bert": "sent", "carl": "sent"}
    assert sorted(post.recipients) == sorted(person.email for person in three)


PASSWORD = "kept-between-us-9"


def test_server_without_tls_hears_neither_password_nor_letter(house, post, three, settings):
    settings.EMAIL_USE_TLS = True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "robot", PASSWORD
    post.manners.ehlo = "250-post.test\r\n250 AUTH PLAIN LOGIN"

    house.round()

    assert set(states().values()) == {"queued"}
    assert post.told("AUTH") == post.told("MAIL") == []


def test_without_asking_for_tls_the_password_is_heard(house, post, three, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "robot", PASSWORD
    post.manners.ehlo = "250-post.test\r\n250 AUTH PLAIN"

    house.round()

    assert any(PASSWORD in word for word in sent_secrets(post.commands))


def test_wrong_password_is_no_letters_fault(house, post, three, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "robot", PASSWORD
    post.manners.ehlo = "250-post.test\r\n250 AUTH PLAIN"

    house.round()

    assert set(Letter.objects.values_list("state", "attempts", "ambiguous")) == {("queued", 0, 0)}
    assert not User.objects.exclude(refused_email="").exists()
    assert post.told("AUTH") != []
    assert post.told("MAIL") == []


def test_goodbye_without_an_answer_changes_nothing(house, post, three):
    post.manners.quit = Fault.DROP

    house.round()

    assert set(states().values()) == {"sent"}
    assert len(post.letters) == 3


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
