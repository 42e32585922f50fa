"""Drafts, issued briefings, and their documents."""

import re
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from docx import Document

from pledges.choices import CampaignKind
from pledges.models import Briefing, Pledge
from tests.cast import PledgeFactory, accepted
from tests.kit.pages import EVIL, address
from tests.kit.paper import MIDYEAR, SPRING, a_briefing, read_docx, words_of

pytestmark = pytest.mark.django_db

ASKED = {"on": f"{MIDYEAR}", "than": f"{SPRING}"}


def seen_in(answer) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{64})"', answer.content.decode())[1]


def sheet_of(answer) -> str:
    """The paper itself; what stands around it may change."""
    return re.search(r'<article class="sheet".*</article>', answer.content.decode(), re.DOTALL)[0]


def test_a_draft_keeps_nothing_and_issuing_it_keeps_what_it_showed(draft, issue, office, campaign, alert):
    shown = draft(**ASKED)
    assert not Briefing.objects.exists()

    answer = issue(**ASKED, seen=seen_in(shown))

    issued = Briefing.objects.get()
    assert answer.url == address("briefing-detail", campaign, 1)
    assert issued.content == shown.context["content"]
    page = office.get(answer.url).content.decode()
    assert issued.sha256 in page
    assert [word for word in words_of(issued.content)[:4] if word.split("\t")[0] not in page] == []


def test_page_and_document_stay_while_the_live_page_moves(office, campaign, alert, chen, lin):
    briefing = a_briefing(campaign, by=chen)
    page, document = address("briefing-detail", campaign, 1), address("briefing-docx", campaign, 1)
    overview = f"{address('pledge-list', campaign)}?on={MIDYEAR}&light=red"
    before = sheet_of(office.get(page)), office.get(document).content
    live = office.get(overview).content.decode()

    accepted(alert, as_of=MIDYEAR, value=60, reviewer=chen, author=lin)
    campaign.name, campaign.yellow_points = "改名", 1
    campaign.save()

    assert (sheet_of(office.get(page)), office.get(document).content) == before
    assert read_docx(before[1]) == words_of(briefing.content)
    assert alert.code in live
    assert alert.code not in office.get(overview).content.decode()


def test_a_tampered_row_says_so_and_makes_no_document(office, campaign, alert, chen):
    briefing = a_briefing(campaign, by=chen)
    clean = office.get(address("briefing-detail", campaign, 1)).content.decode()
    content = briefing.content | {"office": "别处"}
    Briefing.objects.filter(pk=briefing.pk).update(content=content)

    page = office.get(address("briefing-detail", campaign, 1)).content.decode()

    assert 'role="alert"' not in clean
    assert 'role="alert"' in page
    assert address("briefing-docx", campaign, 1) in clean
    assert address("briefing-docx", campaign, 1) not in page
    assert office.get(address("briefing-docx", campaign, 1)).status_code == 409


def test_a_tampered_row_is_shown_whatever_it_holds(office, campaign, chen):
    briefing = a_briefing(campaign, by=chen)
    for content in ({}, [], None, "x", {"sections": [{"table": {"rows": [{}]}}], "title": 3}):
        Briefing.objects.filter(pk=briefing.pk).update(
            content=content if content is not None else {"a": None}
        )
        answer = office.get(address("briefing-detail", campaign, 1))
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)


def test_the_facts_moved_between_looking_and_issuing(draft, issue, alert, chen, lin):
    seen = seen_in(draft(**ASKED))
    accepted(alert, as_of=MIDYEAR, value=60, reviewer=chen, author=lin)

    answer = issue(**ASKED, seen=seen)

    assert (answer.status_code, Briefing.objects.count()) == (409, 0)
    assert seen_in(answer) != seen
    assert issue(**ASKED, seen=seen_in(answer)).status_code == 302


def test_a_double_click_issues_once(draft, issue, alert):
    seen = seen_in(draft(**ASKED))
    first, second = issue(**ASKED, seen=seen), issue(**ASKED, seen=seen)

    assert (first.url, Briefing.objects.count()) == (second.url, 1)


def test_a_form_that_no_page_sent_issues_nothing(issue, alert):
    unread = [{}, {"on": "x"}, {"on": "\0"}, {"on": EVIL}]
    unseen = [{}, {"seen": "x"}, {"seen": "\0"}, {"seen": "0" * 64}, {"seen": "0" * 64, "than": "\0"}]

    assert [issue(**form).status_code for form in unread] == [422] * 4
    assert [issue(**ASKED | form).status_code for form in unseen] == [409] * 5
    assert not Briefing.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"on": "2022-08-02"},
        {"on": "2021-12-31"},
        ASKED | {"than": f"{MIDYEAR}"},
        ASKED | {"than": "x"},
        ASKED | {"than": EVIL},
        ASKED | {"than": "2021-12-31"},
    ],
)
def test_a_day_without_a_briefing_says_why(draft, query):
    page = draft(**query)

    assert (page.status_code, page.context["fault"] != "", "content" in page.context) == (200, True, False)
    assert EVIL not in page.content.decode()


def test_a_leader_reads_the_draft_and_has_no_button(client, li, campaign, alert):
    client.force_login(li)
    page = client.get(f"{address('briefing-draft', campaign)}?{urlencode(ASKED)}").content.decode()

    assert 'class="sheet"' in page
    assert 'name="seen"' not in page


def test_the_list_says_what_to_do_where_there_is_none(office, campaign, chen):
    empty = office.get(address("briefing-list", campaign)).content.decode()
    a_briefing(campaign, by=chen)
    full = office.get(address("briefing-list", campaign)).content.decode()

    assert 'class="empty"' in empty
    assert address("briefing-draft", campaign) in empty
    assert address("briefing-detail", campaign, 1) in full
    assert address("briefing-docx", campaign, 1) in full


@pytest.mark.parametrize("number", [0, 2, 99999999999999999999])
def test_a_number_that_was_never_issued_does_not_exist(office, campaign, chen, number):
    a_briefing(campaign, by=chen)

    for name in ("briefing-detail", "briefing-docx"):
        assert office.get(address(name, campaign, number)).status_code == 404


def test_markup_in_a_title_stays_text(office, campaign, alert, chen):
    a_briefing(campaign, by=chen)

    for name, more in {"briefing-detail": [1], "department-chart": [alert.department.code]}.items():
        page = office.get(f"{address(name, campaign, *more)}?on={MIDYEAR}").content.decode()
        assert EVIL not in page
        assert "&lt;script&gt;" in page
    document = Document(BytesIO(office.get(address("briefing-docx", campaign, 1)).content))
    assert EVIL in document.tables[0].rows[1].cells[1].text


def test_what_pages_cost_does_not_grow(office, campaign, finance, alert, chen, cost_of):
    a_briefing(campaign, by=chen)
    names = [
        address("briefing-list", campaign),
        address("briefing-detail", campaign, 1),
        f"{address('briefing-draft', campaign)}?{urlencode(ASKED)}",
        f"{address('department-chart', campaign, finance.code)}?on={MIDYEAR}",
    ]
    few = [cost_of(office, name) for name in names]
    for place in range(5):
        PledgeFactory(campaign=campaign, department=finance, number=f"20-{place:02}")
    for _again in range(3):
        a_briefing(campaign, by=chen, than=SPRING)

    assert [cost_of(office, name) for name in names] == few


def test_rehearsals_say_so_on_paper(office, campaign, alert, chen):
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    a_briefing(campaign, by=chen)

    for page in (address("briefing-detail", campaign, 1), address("department-chart", campaign, "jinrong")):
        assert 'class="drill"' in office.get(page).content.decode()


def test_another_one_of_the_day_is_asked_about_and_issued_on_a_yes(draft, issue, alert):
    issue(**ASKED, seen=seen_in(draft(**ASKED)))
    seen = seen_in(draft(**ASKED))
    asked = issue(**ASKED, seen=seen)

    assert (asked.status_code, Briefing.objects.count()) == (409, 1)
    assert 'name="again"' in asked.content.decode()
    assert issue(**ASKED, seen=seen_in(asked), again="1").status_code == 302
    assert Briefing.objects.count() == 2


def test_a_pledge_that_is_gone_is_named_without_a_link(issue, draft, office, campaign, alert):
    issue(**ASKED, seen=seen_in(draft(**ASKED)))
    link = f'href="{alert.get_absolute_url()}'
    address = reverse("briefing-detail", args=[campaign.code, 1])
    assert link in office.get(address).content.decode()

    Pledge.objects.filter(pk=alert.pk).update(code="elsewhere")

    page = office.get(address).content.decode()
    assert (link in page, "新增企业" in page) == (False, True)
