"""What a clerk reads in the mail."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from pledges.actions.compose import compose
from pledges.letters.pages import letter_number
from pledges.models import Reminder
from pledges.queries.letters import Office, content_of
from pledges.queries.workdays import office_calendar
from tests.cast import PledgeFactory, accepted
from tests.kit.desks import JULY, THURSDAY, at, give_back, on_the_desk_of, urge
from tests.kit.reading import MONDAY, Reader, english, form_of, links_in, overdue_in, sections_of

pytestmark = pytest.mark.django_db


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
        ("September report: 1, due by 23 September (Fri)", ["14-04"]),
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
