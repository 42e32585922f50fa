"""The mailbox: there only where letters stay on the machine, and only for its administrator."""

import re
from datetime import date

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
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


@pytest.fixture
def two_faced(embedded):
    """A letter with a part that mail programs show, hostile to whoever shows it."""
    html = "<html><head></head><body style='color:#111'>您有一件事到期<script>alert(1)</script></body></html>"
    message = EmailMultiAlternatives("到期提醒", "文字", "a@example.com", ["lin@example.com"])
    message.attach_alternative(html, "text/html")
    get_connection(FILES, file_path=str(embedded)).send_messages([message])
    name = f"{next(embedded.glob('*.log')).stem}-0"
    return [reverse(door, args=[name]) for door in ("mailbox-letter", "mailbox-letter-html")]


def test_the_page_frames_the_letter_and_allows_no_script_in_it(client, boss, two_faced):
    page, alone = two_faced
    client.force_login(boss)

    response = client.get(page)
    frame = re.search(r"<iframe[^>]*>", response.content.decode())[0]

    assert (f'src="{alone}"' in frame, "allow-scripts" in frame, "allow-same-origin" in frame) == (
        True,
        False,
        False,
    )
    assert "sandbox=" in frame
    assert policy(response)["frame-src"] == "'self'"
    assert policy(response)["style-src"] == "'self'"


def policy(response) -> dict[str, str]:
    """The directives of an answer's policy."""
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_a_letter_alone_may_style_itself_and_nothing_else(client, boss, two_faced):
    client.force_login(boss)

    response = client.get(two_faced[1])

    assert policy(response) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in response.content.decode()


def test_other_answers_keep_the_strict_policy(client, boss, two_faced):
    client.force_login(boss)

    response = client.get(reverse("mailbox"))

    assert ("frame-src" in policy(response), policy(response)["frame-ancestors"]) == (False, "'none'")
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_letter_of_words_alone_has_no_frame(client, boss, letter):
    client.force_login(boss)

    assert "<iframe" not in client.get(letter).content.decode()
    assert client.get(f"{letter}html/").status_code == 404


@pytest.mark.parametrize("who, status", [("lin", 404), ("chen", 404), ("li", 404), ("boss", 200)])
def test_a_letter_alone_is_the_administrators(request, client, two_faced, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(two_faced[1]).status_code == status


@pytest.mark.parametrize(
    "today, works, following",
    [
        (date(2026, 11, 20), True, date(2026, 11, 23)),
        (date(2026, 11, 21), False, date(2026, 11, 23)),
        (date(2026, 10, 1), False, date(2026, 10, 8)),
    ],
)
def test_it_says_whether_there_is_any_mail_today(
    client, boss, embedded, monkeypatch, today, works, following
):
    monkeypatch.setattr("pledges.views.mailbox.localdate", lambda: today)
    client.force_login(boss)

    context = client.get(reverse("mailbox")).context

    assert (context["is_workday"], context["next_day"]) == (works, following)


def test_two_hundred_letters_are_listed_by_day(client, boss, embedded):
    messages = [EmailMessage(f"第 {n} 封", "x", "a@example.com", ["lin@example.com"]) for n in range(210)]
    get_connection(FILES, file_path=str(embedded)).send_messages(messages)
    client.force_login(boss)

    response = client.get(reverse("mailbox"))

    assert sum(len(heap) for _day, heap in response.context["days"]) == 200
    assert response.content.decode().count('scope="rowgroup"') == len(response.context["days"])
