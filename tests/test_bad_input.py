"""Whatever strangers type or a broken link says: an answer in words, never a fault of ours, never their markup."""

import re
from datetime import date
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges.choices import Basis
from pledges.models import ProgressReport
from tests.cast import ReportFactory, accepted

PARAMETERS = (
    *("on", "q", "department", "light", "basis", "due", "due_within", "overdue", "stretch", "counted"),
    *("closing", "extended", "state"),
    *("sort", "page", "per_page", "format", "next"),
)
SCRIPT, IMAGE = "<script>alert(7)</script>", "\"'><img src=x onerror=alert(7)>"
NASTY = (
    *("", " ", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\x1b[31m", "\u202e\u0661\u0662", "\u200b", "\ufeff", "\ufffe", "\U0010ffff", "🀄"),
    *(SCRIPT, IMAGE, "{{ 7|add:7 }}{% debug %}", "%s%(x)s%n", "' OR 1=1 --", '"; DROP TABLE pledges_pledge; --', "%", "_", "\\", "*"),
    *("../../etc/passwd", "//evil.example", "javascript:alert(7)", "１２３", "٣", "1e5", "NaN", "-1", "0", "9" * 30, f"-{'9' * 30}", "1.5"),
    *("2022-02-30", "0000-00-00", "2022-13", "10000-01-01", "红", "xlsx", "csv", "-number", "--number", "number,title", "title__password"),
    *("None", "null", "[]", "x" * 5000),
)  # fmt: skip
# Every plane of Unicode; halves of surrogate pairs are no characters and cannot be sent.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(NASTY)
# The rows are only read, or rolled back with the test: examples need no fresh database each.
often = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def small_plan(make, pledge, lin, chen):
    """A number that is half done, a deliverable, a report that waits."""
    accepted(pledge, as_of=date(2022, 6, 30), value=50, reviewer=chen, author=lin)
    make((date(2022, 9, 30), None), basis=Basis.DELIVERABLE, unit="")
    return ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 7, 31))


@pytest.fixture
def pages(settings, tmp_path, campaign, finance, pledge, small_plan) -> list[str]:
    """Every page that a superuser can open."""
    settings.EMBEDDED, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    of_campaign = [
        reverse(name, args=[campaign.code])
        for name in ("overview", "rules", "pledge-list", "article", "extension-list", "closing-list")
    ]
    of_pledge = [
        reverse(name, args=[pledge.code]) for name in ("pledge-detail", "report-create", "pledge-close")
    ]
    bare = [
        reverse(name)
        for name in ("home", "work", "review-queue", "mailbox", "password-change", "sign-in", "healthz")
    ]
    department = reverse("department-detail", args=[campaign.code, finance.code])
    return [*of_campaign, *of_pledge, *bare, department, reverse("review-detail", args=[small_plan.pk])]


TELLING = 8
"""Shorter than this, a piece of markup stands in every page of ours: `<li>`, `</p>`."""


def faults_of(response, *typed: str) -> list[str]:
    """What must not happen to an answer."""
    if response.status_code >= 500 and not response.headers["Content-Type"].startswith("application/json"):
        return [str(response.status_code)]
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    html = response.content.decode()
    return [text for text in typed if re.search(r"<[a-z/!]", text) and text in html and len(text) >= TELLING]


def asked(client, address: str, query: dict[str, str]):
    return client.get(f"{address}?{urlencode(query)}")


def test_a_nasty_text_in_every_parameter_of_every_page(client, boss, pages):
    client.force_login(boss)

    assert [
        (address, fault)
        for text in NASTY
        for address in pages
        for fault in faults_of(asked(client, address, dict.fromkeys(PARAMETERS, text)), text)
    ] == []


def test_each_parameter_of_the_list_bears_each_nasty_text_alone(client, boss, campaign, small_plan):
    client.force_login(boss)
    address = reverse("pledge-list", args=[campaign.code])

    assert [
        (name, fault)
        for name in PARAMETERS
        for text in NASTY
        for fault in faults_of(asked(client, address, {name: text}), text)
    ] == []


def test_any_text_in_any_parameter_of_any_page(client, boss, pages):
    client.force_login(boss)

    @often
    @given(st.sampled_from(pages), st.fixed_dictionaries({}, optional=dict.fromkeys(PARAMETERS, texts)))
    def ask(address, query):
        assert faults_of(asked(client, address, query), *query.values()) == []

    ask()


def test_a_visitor_may_type_anything_too(client, small_plan, pages):
    @settings(often, max_examples=60)
    @given(st.sampled_from(pages), texts)
    def ask(address, text):
        response = asked(client, address, dict.fromkeys(PARAMETERS, text))
        assert faults_of(response, text) == []
        assert "evil.example" not in response.headers.get("Location", "").partition("?")[0]

    ask()


@pytest.fixture
def forms(settings, small_plan, pledge):
    """Every form with its fields; the door does not lock, so that each text reaches it."""
    settings.AXES_FAILURE_LIMIT = 10**6
    report = ("value", "entry", "as_of", "note", "key", "seen")
    return {
        reverse("report-create", args=[pledge.code]): report,
        reverse("report-preview", args=[pledge.code]): report,
        reverse("report-return", args=[small_plan.pk]): ("usual", "reason", "next"),
        reverse("sheet", args=[pledge.campaign.code]): ("key", "sheet"),
        reverse("sheet-download", args=[pledge.campaign.code]): ("department",),
        reverse("sign-in"): ("username", "password", "next"),
        reverse("password-change"): ("old_password", "new_password1", "new_password2"),
        reverse("set_language"): ("language", "next"),
    }


def sent(client, address: str, typed: dict[str, str]):
    response = client.post(address, typed)
    assert "evil.example" not in response.headers.get("Location", "")
    return response


@pytest.mark.parametrize("who", ["chen", "lin", None])
def test_a_nasty_text_in_every_field_of_every_form(request, client, forms, who):
    if who:
        client.force_login(request.getfixturevalue(who))

    assert [
        (address, fault)
        for text in NASTY
        for address, fields in forms.items()
        for fault in faults_of(sent(client, address, dict.fromkeys(fields, text)), text)
    ] == []


def test_each_field_of_a_report_bears_each_nasty_text_alone(client, lin, pledge, small_plan):
    client.force_login(lin)
    address = reverse("report-create", args=[pledge.code])
    good = {
        "value": "60",
        "entry": "total",
        "as_of": "2022-08-31",
        "key": "0" * 32,
        "seen": str(small_plan.pk),
    }

    assert [
        (name, fault)
        for name in good
        for text in NASTY
        for fault in faults_of(sent(client, address, good | {name: text}), text)
    ] == []


def test_any_text_in_any_field_of_any_form(client, lin, forms):
    @often
    @given(st.sampled_from(sorted(forms)), st.data())
    def send(address, data):
        typed = {name: data.draw(texts) for name in forms[address]}
        client.force_login(lin)
        assert faults_of(sent(client, address, typed), *typed.values()) == []

    send()


def test_a_report_that_was_refused_is_not_there(client, lin, pledge, small_plan):
    client.force_login(lin)
    before = list(ProgressReport.objects.values_list("pk", flat=True))
    for text in NASTY:
        sent(
            client,
            reverse("report-create", args=[pledge.code]),
            dict.fromkeys(("value", "as_of", "note", "key", "seen"), text),
        )

    assert list(ProgressReport.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("text", ["x" * 10**6, "企" * 400_000, "\0" * 10**6], ids=["latin", "chinese", "nul"])
def test_a_megabyte_is_refused_in_words(client, lin, forms, text):
    client.force_login(lin)
    for address, fields in forms.items():
        response = sent(client, address, {fields[0]: text})
        assert response.status_code in {200, 400, 403, 404, 422, 302}
        assert faults_of(response, text) == []


def test_more_than_the_house_takes_is_a_page_of_its_own(client, lin, pledge, small_plan):
    client.force_login(lin)
    response = client.post(reverse("report-create", args=[pledge.code]), {"note": "x" * 3_000_000})

    assert (response.status_code, "<h1>" in response.content.decode()) == (400, True)


NOTHING = (
    *(f"/review/{pk}/" for pk in (10**30, "１２", "٣", "-1", "0", "1.0", "1e3", "%00", "1%00", "a")),
    *(f"/reports/{pk}/accept/" for pk in (10**30, "１２", "%00", "9" * 24)),
    *(f"/pledges/{code}/" for code in ("%00", "2022%00", "企业", "..", "%2e%2e", "x" * 5000, "%F0%9F%80%84", "%FF", SCRIPT)),
    *(f"/campaigns/{code}/" for code in ("%00", "企业", "..%2f..", "x" * 5000, "%FF", "a%0d%0ab", SCRIPT)),
    *(f"/campaigns/wujin-2022/departments/{code}/" for code in ("%00", "金融办", "x" * 5000)),
    *("/mailbox/%00/", "/static/%00", "/static/../manage.py", "/%00", "/%FF%FE", "/企业", "/healthz/x", f"/{SCRIPT}"),
)  # fmt: skip


@pytest.mark.parametrize("who", ["boss", None])
def test_an_address_that_names_nothing_is_not_found(request, client, campaign, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    # An address that could name something leads a visitor to the door before anything is looked up.
    allowed = {404} if who else {404, 302}

    found = {}
    for address in NOTHING:
        ask = client.post if address.endswith("accept/") else client.get
        response = ask(quote(address, safe="/%"))
        found[address] = (response.status_code in allowed, faults_of(response, SCRIPT))

    assert [address for address, answer in found.items() if answer != (True, [])] == []
