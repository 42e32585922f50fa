"""What a clerk, a head of department and a leader read in their mail."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.core.mail import BadHeaderError
from django.urls import reverse
from django.utils import translation

from pledges.actions.compose import LetterMail, compose
from pledges.choices import CampaignKind, Light, Occasion, Role
from pledges.letters.pages import SHOWN, letter_number
from pledges.letters.words import TITLE_LENGTH
from pledges.models import Leave, Letter, Membership, Pledge, Reminder, User
from pledges.queries.letters import Office, content_of
from pledges.queries.workdays import office_calendar
from pledges.templatetags.letters import COLOURS, SHAPES
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, accepted, person
from tests.kit.desks import (
    JULY,
    THURSDAY,
    a_busy_clerk,
    at,
    give_back,
    on_the_desk_of,
    urge,
    written,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2022, 9, 26)
AUGUST = date(2022, 8, 26)
YEARS_END = date(2022, 12, 31)


class Reader(HTMLParser):
    """Links, headings, elements and words of a letter's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]
        self.links += [
            value or "" for name, value in attrs if name in {"href", "src", "background", "action"}
        ]

    def handle_data(self, data):
        self.words += data


def english(user: User) -> User:
    user.language = "en"
    user.save()
    return user


def overdue_in(department, campaign, *, number: str, due: date = AUGUST, **more) -> Pledge:
    return PledgeFactory(
        campaign=campaign, department=department, number=number, stones=[(due, 50), (YEARS_END, 100)], **more
    )


def form_of(pledge: Pledge) -> str:
    return "http://testserver" + reverse("report-create", args=[pledge.code])


def page_of(pledge: Pledge) -> str:
    return "http://testserver" + reverse("pledge-detail", args=[pledge.code])


def links_in(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)


def sections_of(text: str) -> list[tuple[str, list[str]]]:
    """Headings with the numbers of their pledges."""
    parts = text.split("\n■ ")[1:]
    return [(part.split("\n")[0], re.findall(r"^\d+\. (\S+)", part, re.MULTILINE)) for part in parts]


# A reporter's letter ------------------------------------------------------------------------


@pytest.fixture
def clerk(lin, chen, campaign, finance):
    return a_busy_clerk(english(lin), chen, campaign=campaign, department=finance)


def test_subject_counts_what_is_to_be_done_and_names_the_most_urgent_department_and_day(clerk, lin):
    mail = on_the_desk_of(lin)

    assert mail.letter.subject == "5 things to do, the most urgent 27 days overdue (金融办, 22 September)"
    assert str(mail.read["Subject"]) == mail.letter.subject


def test_sections_are_ordered_by_urgency_and_name_each_pledge_once(clerk, lin):
    assert sections_of(on_the_desk_of(lin).text) == [
        ("Urged: 1", ["14-02"]),
        ("Overdue: 1", ["14-01"]),
        ("Returned, to be corrected and sent again: 1", ["14-06"]),
        ("Deadlines ahead: 1", ["14-03"]),
        ("September report: 1, due by 23\N{NO-BREAK SPACE}September (Fri)".replace("\xa0", " "), ["14-04"]),
    ]


def test_both_faces_have_the_same_links_and_each_opens_the_form(clerk, lin):
    mail = on_the_desk_of(lin)
    wanted = [form_of(clerk.pledges[name]) for name in ("urged", "overdue", "returned", "ahead", "cycle")]
    wanted.append("http://testserver" + reverse("preferences"))

    assert Reader(mail.html).links == wanted
    assert links_in(mail.text) == wanted


def test_a_line_says_deadline_days_light_number_expected_and_what_turns_it_green(clerk, lin):
    text = on_the_desk_of(lin).text
    entry = text.partition("4. 14-03")[2].partition("\n\n")[0]

    assert entry.split("\n") == [
        " 累计新增贷款 200 亿元",
        "   152.5\xa0亿元 due 29 September (Thu), 7 days left, 12.2\xa0亿元 to go.",
        "   September report due by 23 September (Fri).",
        "   ▲ Behind: 140.3\xa0亿元 accepted (as of 20 July), 148.6\xa0亿元 expected today.",
        "   One fresh report turns it green.",
        f"   {form_of(clerk.ahead)}",
    ]


def test_a_deliverable_is_not_done(clerk, lin):
    entry = on_the_desk_of(lin).text.partition("2. 14-01")[2].partition("\n\n")[0]

    assert entry.split("\n")[1:3] == [
        "   Due 26 August (Fri), 27 days overdue.",
        "   ◆ Alert: not done, nothing reported yet.",
    ]


def test_words_of_a_reviewer_stand_on_their_line_in_both_faces(clerk, lin):
    mail = on_the_desk_of(lin)

    for face in (mail.text, Reader(mail.html).words):
        assert "Returned by 陈督查 on 22 September: 9.9 亿元含续贷 0.3 亿元，请只计新增。" in face
        assert "Urged by 陈督查 on 22 September: 周五会上要用，请今天报。" in face


def test_what_waits_for_review_is_named_and_not_asked_for(clerk, lin):
    mail = on_the_desk_of(lin)

    assert "- 累计新增股份制改造企业 24 家: 19\xa0家 as of 16 September" in mail.text
    assert form_of(clerk.waiting) not in mail.html + mail.text


def test_end_says_why_when_and_which_letter(clerk, lin):
    mail = on_the_desk_of(lin)
    number = mail.letter.message_id[1:11]

    assert letter_number(mail.letter) == number
    for face in (mail.text, Reader(mail.html).words):
        assert "You get this letter as reporter of 金融办." in face
        assert f"Data as of 22 September 2022, 08:30. Letter number {number}." in face


def test_letter_told_for_another_day_says_that_day(clerk, lin):
    letter = on_the_desk_of(lin).letter
    content = content_of(letter, Office.on(THURSDAY, office_calendar()))

    assert "Data as of 22 September 2022. " in compose(letter, content, now=at(MONDAY)).body


def test_pledge_with_several_reminders_stands_in_its_most_urgent_section_only(campaign, finance, lin, chen):
    pledge = overdue_in(finance, campaign, number="14-01")
    give_back(pledge, english(lin), chen, "请只计新增。")
    urge(pledge, chen)

    mail = on_the_desk_of(lin)

    assert Reminder.objects.filter(letter=mail.letter).count() == 3
    assert sections_of(mail.text) == [("Urged: 1", ["14-01"])]
    assert (
        "Urged by 陈督查 on 22 September.\n   Returned by 陈督查 on 22 September: 请只计新增。" in mail.text
    )
    assert mail.letter.subject == "Urged: 新增企业 14-01 (金融办, 22 September)"


@pytest.mark.parametrize(
    "due, told",
    [
        (THURSDAY, "due today"),
        (THURSDAY + timedelta(days=1), "1 day left"),
        (THURSDAY + timedelta(days=7), "7 days left"),
    ],
)
def test_subject_says_how_many_days_are_left(campaign, finance, lin, due, told):
    PledgeFactory(campaign=campaign, department=finance, basis="deliverable", unit="", stones=[(due, None)])

    assert on_the_desk_of(english(lin)).letter.subject == f"1 thing to do, {told} (金融办, 22 September)"


def test_letter_about_one_returned_report_names_the_pledge(campaign, finance, lin, chen):
    pledge = PledgeFactory(campaign=campaign, department=finance, title="累计新增绿色贷 15 亿元")
    accepted(pledge, as_of=date(2022, 9, 20), value=90, reviewer=chen, author=lin)
    give_back(pledge, english(lin), chen, "请只计新增。")

    mail = on_the_desk_of(lin)

    assert mail.letter.subject == "Returned: 累计新增绿色贷 15 亿元 (金融办, 22 September)"
    assert "You get this letter as author of the returned report." in mail.text


def test_letter_about_several_returned_reports_counts_them(campaign, finance, lin, chen):
    for number in ("14-01", "14-02"):
        pledge = PledgeFactory(campaign=campaign, department=finance, number=number)
        accepted(pledge, as_of=date(2022, 9, 20), value=90, reviewer=chen, author=lin)
        give_back(pledge, english(lin), chen, "请只计新增。")

    assert on_the_desk_of(lin).letter.subject == "2 returned (金融办, 22 September)"


def test_missed_stretch_goal_is_not_called_overdue_in_the_subject(campaign, finance, lin, chen):
    pledge = overdue_in(finance, campaign, number="14-01", stretch=True)
    give_back(pledge, english(lin), chen, "请只计新增。")

    assert on_the_desk_of(lin).letter.subject == "Returned: 新增企业 14-01 (金融办, 22 September)"


def test_regular_report_of_a_longer_cycle_has_no_month(campaign, finance, lin, chen):
    campaign.cycle_months, campaign.report_day = 3, 25
    campaign.save()
    pledge = PledgeFactory(campaign=campaign, department=finance)
    accepted(pledge, as_of=date(2022, 6, 20), value=50, reviewer=chen, author=lin)

    ((heading, _numbers),) = sections_of(on_the_desk_of(english(lin)).text)

    assert heading == "Regular report: 1, due by 23 September (Fri)"


def test_statistic_is_held_against_the_day_whose_figure_can_be_out(campaign, finance, lin, chen):
    pledge = overdue_in(finance, campaign, number="14-01", due=THURSDAY + timedelta(days=7), statistic=True)
    accepted(pledge, as_of=JULY, value=30, reviewer=chen, author=lin)

    assert "expected by 23 August." in on_the_desk_of(english(lin)).text


# A deputy's, a head's, a leader's -----------------------------------------------------------


def test_deputy_is_told_in_whose_place(campaign, finance, lin, wu):
    Membership.objects.create(user=wu, role=Role.REPORTER, department=finance, is_reminded=False)
    Leave.objects.create(person=lin, deputy=wu, since=THURSDAY, until=MONDAY)
    overdue_in(finance, campaign, number="14-01")

    assert "You get this letter as reporter of 金融办 in place of 林会计." in on_the_desk_of(english(wu)).text


def test_lines_of_several_departments_say_whose_they_are(campaign, finance, elsewhere, lin):
    Membership.objects.create(user=lin, role=Role.REPORTER, department=elsewhere)
    overdue_in(finance, campaign, number="14-01", title="甲", due=AUGUST - timedelta(days=1))
    overdue_in(elsewhere, campaign, number="09-01", title="乙")

    mail = on_the_desk_of(english(lin))

    assert mail.letter.subject.endswith("(金融办 and others, 2 departments, 22 September)")
    assert "1. 14-01 甲 (金融办)" in mail.text
    assert "2. 09-01 乙 (商务局)" in mail.text


def test_head_is_told_what_is_overdue_and_opens_the_pledge(campaign, finance, sun):
    first = overdue_in(finance, campaign, number="14-01")
    second = overdue_in(finance, campaign, number="14-02", due=AUGUST + timedelta(days=5))

    mail = on_the_desk_of(english(sun))

    told = "2 overdue by 3 working days or more, the longest by 27 days"
    assert mail.letter.subject == f"{told} (金融办, 22 September)"
    assert sections_of(mail.text) == [("Overdue in your department: 2", ["14-01", "14-02"])]
    assert Reader(mail.html).links[:2] == [page_of(first), page_of(second)]
    assert "You get this letter as head of 金融办." in mail.text
    assert "/report/" not in mail.html


def test_leader_reads_department_by_department_the_worst_first(campaign, finance, elsewhere, li):
    overdue_in(finance, campaign, number="14-01", due=AUGUST + timedelta(days=1))
    overdue_in(elsewhere, campaign, number="09-01", due=AUGUST + timedelta(days=2))
    overdue_in(elsewhere, campaign, number="09-02", due=AUGUST)
    PledgeFactory(campaign=campaign, department=finance)

    mail = on_the_desk_of(english(li), MONDAY)

    assert mail.letter.subject == "3 overdue by 10 working days or more, in 2 departments (26 September)"
    assert sections_of(mail.text) == [
        ("商务局: 2, the longest overdue by 31 days", ["09-02", "09-01"]),
        ("金融办: 1, overdue by 30 days", ["14-01"]),
    ]
    alerts = f"http://testserver/campaigns/{campaign.code}/pledges/?light=red"
    assert f"攻坚行动: 4 pledges, ◆ Alert 3, ○ Not due, not reported 1\n{alerts}" in mail.text
    assert Reader(mail.html).links[0] == alerts
    assert "You get this letter as leader." in mail.text


# Much, and invented -------------------------------------------------------------------------


@pytest.fixture
def forty_five(campaign, finance):
    return [
        overdue_in(finance, campaign, number=f"14-{n:02}", due=AUGUST + timedelta(days=n % 9))
        for n in range(45)
    ]


def test_long_letter_shows_the_most_urgent_and_says_how_many_more(forty_five, lin):
    mail = on_the_desk_of(english(lin))
    ((heading, numbers),) = sections_of(mail.text)

    assert (heading, len(numbers)) == ("Overdue: 45", SHOWN)
    assert mail.letter.subject.startswith("45 things to do, ")
    assert "And 5 more, see “My work”.\nhttp://testserver/work/\n" in mail.text
    assert "http://testserver/work/" in Reader(mail.html).links
    assert len(mail.html.encode()) < 100_000  # Gmail cuts off what is longer


def test_number_of_queries_does_not_grow_with_the_lines(forty_five, lin, django_assert_max_num_queries):
    letter = on_the_desk_of(lin).letter

    with django_assert_max_num_queries(12):
        written(letter)


def test_invented_figures_are_called_so_above_everything(clerk, campaign, lin):
    plain = on_the_desk_of(lin)
    campaign.kind = CampaignKind.REHEARSAL
    campaign.save()
    drill = written(plain.letter)

    assert drill.text.startswith("[Rehearsal data]")
    assert "[Rehearsal data]" in Reader(drill.html).words.partition("林会计")[0]
    assert "[Rehearsal data]" not in plain.text + plain.html


def test_invented_figures_of_one_campaign_among_several_are_called_so(clerk, finance, lin):
    overdue_in(finance, CampaignFactory(kind=CampaignKind.REHEARSAL), number="99-01")

    assert on_the_desk_of(lin).text.startswith("[Rehearsal data]")


# Language -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language, tag", [("zh-hans", "zh-CN"), ("en", "en")])
def test_letter_is_in_the_language_of_its_reader_whoever_rings(clerk, lin, language, tag):
    User.objects.filter(pk=lin.pk).update(language=language)
    with translation.override("en" if language == "zh-hans" else "zh-hans"):
        mail = on_the_desk_of(lin)

    assert mail.read["Content-Language"] == tag
    assert f'<html lang="{tag}">' in mail.html
    with translation.override(language):
        label = str(Light.RED.label)
    assert f"◆ {label}" in mail.text
    assert "累计新增绿色贷 15 亿元" in mail.text


def test_shapes_and_colours_are_those_of_the_pages(settings):
    css = (settings.BASE_DIR / "static" / "ykplan.css").read_text(encoding="utf-8")

    assert set(SHAPES) == set(COLOURS) == set(Light)
    assert [light for light, colour in COLOURS.items() if f"--{light}: {colour};" not in css] == []


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


def test_a_leader_who_also_reports_is_told_of_a_pledge_once(campaign, finance, lin):
    Membership.objects.create(user=lin, role=Role.LEADER)
    overdue_in(finance, campaign, number="14-01")
    overdue_in(DepartmentFactory(name="经信局"), campaign, number="01-01")

    mail = on_the_desk_of(english(lin), MONDAY)

    assert sections_of(mail.text) == [("Overdue: 1", ["14-01"]), ("经信局: 1, overdue by 31 days", ["01-01"])]
    assert mail.letter.subject == "1 thing to do, 31 days overdue (金融办, 26 September)"


def test_person_without_department_words_still_gets_a_whole_letter(campaign, finance):
    """Every form of letter in both languages has no empty bracket and no unfilled value."""
    people = [
        person(f"p{n}", f"名{n}", role, finance if role in Role.of_a_department else None)
        for n, role in enumerate((Role.REPORTER, Role.HEAD, Role.LEADER))
    ]
    overdue_in(finance, campaign, number="14-01")
    letters = [on_the_desk_of(each, MONDAY).letter for each in people]
    for language in ("zh-hans", "en"):
        User.objects.update(language=language)
        for letter in letters:
            mail = written(letter, MONDAY)
            for said in (mail.letter.subject, mail.text, Reader(mail.html).words):
                assert re.search(r"%\(|\{\{|None|\(\)|（）", said) is None
