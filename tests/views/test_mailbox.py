"""The mailbox: there only where letters stay on the machine, and only for its administrator."""

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def embedded(settings, tmp_path):
    settings.EMBEDDED, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    return tmp_path


@pytest.fixture
def letter(embedded):
    """One letter of the day, with markup in it."""
    message = EmailMessage(
        "催办：<b>新增上市企业</b>",
        "还差 1 家。<script>alert(1)</script>",
        "a@example.com",
        ["lin@example.com"],
    )
    get_connection(FILES, file_path=str(embedded)).send_messages([message])
    return reverse("mailbox-letter", args=[f"{next(embedded.glob('*.log')).stem}-0"])


def test_without_letters_it_says_so(client, boss, embedded):
    client.force_login(boss)
    response = client.get(reverse("mailbox"))

    assert (response.status_code, response.context["letters"]) == (200, [])
    assert 'class="empty' in response.content.decode()


def test_the_list_opens_the_letter_and_the_letter_is_text(client, boss, letter):
    client.force_login(boss)

    assert f'href="{letter}"' in client.get(reverse("mailbox")).content.decode()
    html = client.get(letter).content.decode()
    assert ("还差 1 家。&lt;script&gt;" in html, "<script>alert" in html, "<b>新增" in html) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("who", ["lin", "chen", "li"])
def test_for_everybody_else_it_does_not_exist(request, client, letter, who):
    client.force_login(request.getfixturevalue(who))

    assert [client.get(address).status_code for address in (reverse("mailbox"), letter)] == [404, 404]


def test_where_letters_leave_the_machine_it_does_not_exist(client, boss, settings, letter):
    settings.EMBEDDED = False
    client.force_login(boss)

    assert [client.get(address).status_code for address in (reverse("mailbox"), letter)] == [404, 404]


def test_a_visitor_is_sent_to_the_door(client, db, letter):
    assert [client.get(address).status_code for address in (reverse("mailbox"), letter)] == [302, 302]


@pytest.mark.parametrize(
    "name",
    ["..", "%2e%2e", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "secret-0", "%00", "x" * 500, "邮件", "*"],
)
def test_a_path_leads_nowhere(client, boss, embedded, name):
    (embedded.parent / "secret.log").write_text("Subject: x\n\nx")
    client.force_login(boss)

    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_letters_are_only_read(client, boss, letter):
    client.force_login(boss)

    assert [client.post(address).status_code for address in (reverse("mailbox"), letter)] == [405, 405]
