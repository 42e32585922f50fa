"""What an administrator saves is checked, judged anew and planned once more."""

from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import localdate

from pledges.choices import Basis, Role
from pledges.models import (
    Campaign,
    Department,
    Heartbeat,
    Leave,
    Membership,
    Pledge,
    SpecialDay,
    Standing,
    User,
)
from tests.cast import PledgeFactory, UserFactory, person
from tests.kit.rooms import address, fields_of

pytestmark = pytest.mark.django_db


def save(office, row, **changes):
    page = address(type(row), "change", row.pk)
    return office.post(page, fields_of(office.get(page)) | changes)


def test_saving_thresholds_judges_the_campaign_anew(office, house, campaign):
    light = house.standings.on(date(2022, 8, 20)).get
    assert light().light == "yellow"

    answer = save(office, campaign, yellow_points="25", red_points="30")

    assert answer.status_code == 302
    assert light().light == "green"


def test_saving_without_a_change_judges_nothing(office, house, campaign):
    before = list(house.standings.values_list("pk", flat=True))

    save(office, campaign)

    assert list(house.standings.values_list("pk", flat=True)) == before


def test_threshold_out_of_order_is_refused(office, campaign):
    assert save(office, campaign, yellow_points="40", red_points="30").status_code == 200
    assert Campaign.objects.get().yellow_points == 10


def test_saving_a_pledge_judges_it_anew(office, house):
    answer = save(office, house, **{"milestones-0-target": "50"})

    assert answer.status_code == 302
    assert house.standings.on(date(2022, 7, 1)).get().light == "done"


def test_printed_words_cannot_be_changed(office, house):
    Pledge.objects.update(quote="全年新增100家", span_start=1, span_end=9)

    save(office, house, quote="x", span_start="5", code="other", title="改名")

    house.refresh_from_db()
    assert (house.quote, house.span_start, house.title) == ("全年新增100家", 1, "改名")
    assert house.code != "other"


@pytest.mark.parametrize(
    "basis,target,is_taken",
    [
        (Basis.CUMULATIVE, "5", True),
        (Basis.CUMULATIVE, "", False),
        (Basis.DELIVERABLE, "", True),
        (Basis.DELIVERABLE, "5", False),
    ],
)
def test_number_needs_a_target_and_a_deliverable_has_none(office, campaign, finance, basis, target, is_taken):
    sent = fields_of(office.get(address(Pledge, "add"))) | {
        "campaign": campaign.pk,
        "department": finance.pk,
        "code": "2022-99-01",
        "number": "99-01",
        "title": "新事项",
        "metric": "新事项",
        "basis": basis,
        "direction": "at_least",
        "milestones-0-due": "2022-12-31",
        "milestones-0-target": target,
    }

    office.post(address(Pledge, "add"), sent)

    assert Pledge.objects.filter(code="2022-99-01").exists() == is_taken
    assert Standing.objects.filter(pledge__code="2022-99-01").exists() == is_taken


def test_pledge_without_a_deadline_is_refused(office, campaign, finance):
    pledge = PledgeFactory(campaign=campaign, department=finance)
    stone = pledge.milestones.get()

    answer = save(office, pledge, **{"milestones-0-DELETE": "on", "milestones-0-id": str(stone.pk)})

    assert answer.status_code == 200
    assert pledge.milestones.exists()


def test_person_is_added_with_a_post_and_can_sign_in(office, client, finance):
    sent = fields_of(office.get(address(User, "add"))) | {
        "username": "lin",
        "name": "林会计",
        "email": "lin@example.com",
        "usable_password": "true",
        "password1": "correct-horse-9",
        "password2": "correct-horse-9",
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-role": "reporter",
        "memberships-0-department": finance.pk,
    }

    assert office.post(address(User, "add"), sent).status_code == 302
    user = User.objects.get(username="lin")
    assert (user.name, str(user.memberships.get()), user.check_password("correct-horse-9")) == (
        "林会计",
        str(Membership(role=Role.REPORTER, department=finance)),
        True,
    )


def test_reporter_without_a_department_is_refused(office):
    user = UserFactory()
    posts = {"memberships-TOTAL_FORMS": "1", "memberships-0-role": "reporter", "memberships-0-department": ""}

    assert save(office, user, **posts).status_code == 200
    assert not Membership.objects.exists()


def test_one_of_two_deadlines_may_go(office, campaign, finance):
    stones = [(date(2022, 6, 30), 40), (date(2022, 12, 31), 100)]
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=stones)

    answer = save(office, pledge, **{"milestones-0-DELETE": "on"})

    assert answer.status_code == 302
    assert [stone.due for stone in pledge.milestones.all()] == [date(2022, 12, 31)]


def test_leave_is_entered_with_the_person(office, lin, finance):
    deputy = person("qian", "钱会计", Role.REPORTER, finance)
    leave = {"leaves-TOTAL_FORMS": "1", "leaves-0-deputy": deputy.pk}
    days = {"leaves-0-since": "2022-07-04", "leaves-0-until": "2022-07-08"}

    assert save(office, lin, **leave, **days).status_code == 302
    assert (Leave.objects.get().person, Leave.objects.get().deputy) == (lin, deputy)


def test_a_deputy_needs_the_same_posts(office, lin, wu):
    leave = {"leaves-TOTAL_FORMS": "1", "leaves-0-deputy": wu.pk}
    days = {"leaves-0-since": "2022-07-04", "leaves-0-until": "2022-07-08"}

    assert save(office, lin, **leave, **days).status_code == 200
    assert not Leave.objects.exists()


@pytest.fixture
def planned(db):
    """Today has been planned already."""
    beat = {"beat_at": datetime(2022, 7, 1, tzinfo=UTC), "day": localdate()}
    return Heartbeat.objects.update_or_create(duty="reminders", defaults=beat)[0]


@pytest.mark.parametrize("model", [User, Membership, Campaign, Pledge, SpecialDay], ids=lambda m: m.__name__)
def test_what_decides_who_is_told_plans_today_once_more(model, office, house, planned):
    row = (
        model._default_manager.filter(pk=house.pk).first()
        if model is Pledge
        else model._default_manager.first()
    )

    assert save(office, row).status_code == 302

    planned.refresh_from_db()
    assert planned.day < localdate()


@pytest.mark.parametrize("way", ["one", "chosen"])
def test_taking_a_holiday_out_plans_today_once_more(way, office, house, planned):
    row = SpecialDay.objects.get()
    if way == "one":
        office.post(address(SpecialDay, "delete", row.pk), {"post": "yes"})
    else:
        choice = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        office.post(address(SpecialDay, "changelist"), choice)

    planned.refresh_from_db()
    assert (SpecialDay.objects.exists(), planned.day < localdate()) == (False, True)


def test_a_department_that_is_renamed_plans_nothing(office, house, planned):
    save(office, Department.objects.first())

    planned.refresh_from_db()
    assert planned.day == localdate()
