"""A mail server that does not greet, leaves, knows no TLS or another password: no letter and no address is to blame."""

import pytest

from pledges.models import Letter, User
from tests.faults.conftest import LONGEST_JITTER, states
from tests.kit.smtp import Fault, in_turn, sent_secrets

pytestmark = pytest.mark.django_db

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
