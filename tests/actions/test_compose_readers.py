"""What a deputy, a head and a leader read in their mail, in which language, and what is too much for one letter."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from pledges.choices import CampaignKind, Light, Role
from pledges.letters.pages import SHOWN
from pledges.models import Leave, Membership, User
from pledges.templatetags.letters import COLOURS, SHAPES
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, person
from tests.kit.desks import THURSDAY, on_the_desk_of, written
from tests.kit.reading import AUGUST, MONDAY, Reader, english, overdue_in, page_of, sections_of

pytestmark = pytest.mark.django_db


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
