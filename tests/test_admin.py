"""The administrators' rooms: every page opens in both languages, and what the application writes stays read-only."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.urls import reverse
from django.utils.timezone import localdate

from pledges.choices import Basis, Role
from pledges.models import (
    AuditEvent,
    Blocker,
    CalendarFeed,
    Campaign,
    Closing,
    Department,
    Directive,
    Evidence,
    Extension,
    Fact,
    Heartbeat,
    Leave,
    Letter,
    LightChange,
    Membership,
    Nudge,
    Pledge,
    ProgressReport,
    Reminder,
    SourceArticle,
    SpecialDay,
    Standing,
    User,
)
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, UserFactory, accepted, person
from tests.kit.files import a_file

pytestmark = pytest.mark.django_db

LOOK_ONLY = [
    *(ProgressReport, Standing, LightChange, Heartbeat, AccessAttempt, AccessLog, AccessFailureLog),
    *(Letter, Reminder, Nudge, CalendarFeed, Directive, Fact, Evidence, Extension, Closing, Blocker),
]
WRITABLE = [User, Department, Membership, Campaign, SourceArticle, Pledge, SpecialDay]
UNDELETABLE = [User, SourceArticle, Pledge]


def address(model, action, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


@pytest.fixture
def office(client, boss):
    """The administrator, signed in."""
    client.force_login(boss)
    return client


@pytest.fixture
def house(campaign, pledge, lin, chen):
    """One row of everything that the administration shows."""
    article = SourceArticle.objects.create(code="page", title="立状出征", text="全年新增100家。")
    Campaign.objects.filter(pk=campaign.pk).update(article=article)
    report = accepted(pledge, as_of=date(2022, 6, 30), value=50, reviewer=chen, author=lin)
    a_file(report)
    LightChange.objects.create(
        pledge=pledge, day=date(2022, 7, 1), light="green", reason="on_track", report=report
    )
    Heartbeat.objects.create(duty="lights", beat_at=datetime(2022, 7, 1, tzinfo=UTC), day=date(2022, 7, 1))
    moment = datetime(2022, 7, 1, tzinfo=UTC)
    letter = Letter.objects.create(
        key="one", message_id="<one@x>", recipient=lin, day=moment, due_at=moment, next_try_at=moment
    )
    nudge = Nudge.objects.create(pledge=pledge, by=chen, day=moment, words="请抓紧")
    Reminder.objects.create(
        key="one", occasion="nudge", campaign=campaign, pledge=pledge, label=str(pledge), nudge=nudge,
        recipient=lin, letter_on=moment, letter=letter,
    )  # fmt: skip
    CalendarFeed.objects.create(owner=lin, token_hash="f" * 64)
    Directive.objects.create(pledge=pledge, by=chen, words="请抓紧", answer_by=moment)
    Closing.objects.create(pledge=pledge, closed_by=chen)
    Blocker.objects.create(
        pledge=pledge, weakness="缺地", remedy="追加", due=moment, department=pledge.department, raised_by=lin
    )
    stone, later = pledge.milestones.get(), date(2023, 1, 31)
    said = {"was_due": stone.due, "new_due": later, "reason": "用地指标未下达", "asked_by": chen}
    Extension.objects.create(milestone=stone, state="withdrawn", **said)
    fact = Fact.objects.create(
        article=article, metric="新增企业", year=2020, kind="result", value=100, unit="家", quote="全年新增100家",
        span_start=0, span_end=9,
    )  # fmt: skip
    fact.pledges.add(pledge)
    SpecialDay.objects.create(day=date(2027, 1, 1), name="元旦")
    AccessAttempt.objects.create(username="lin", ip_address="10.0.0.1", failures_since_start=1)
    AccessLog.objects.create(username="lin", ip_address="10.0.0.1")
    AccessFailureLog.objects.create(username="lin", ip_address="10.0.0.1")
    return pledge


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("model", [*WRITABLE, *LOOK_ONLY], ids=lambda model: model.__name__)
def test_lists_and_pages_open_in_both_languages(model, language, office, house):
    office.cookies["language"] = language
    row = model._default_manager.first()

    for page in (address(model, "changelist"), address(model, "change", row.pk)):
        answer = office.get(page)
        assert (answer.status_code, f'lang="{language}"' in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("model", [*WRITABLE, *LOOK_ONLY], ids=lambda model: model.__name__)
def test_search_finds_without_fault(model, office, house):
    assert office.get(address(model, "changelist"), {"q": "金融"}).status_code == 200


@pytest.mark.parametrize("model", [m for m in WRITABLE if m is not SourceArticle], ids=lambda m: m.__name__)
def test_rows_can_be_added(model, office):
    assert office.get(address(model, "add")).status_code == 200


@pytest.mark.parametrize("model", LOOK_ONLY, ids=lambda model: model.__name__)
def test_what_the_application_writes_refuses_every_post(model, office, house):
    row = model._default_manager.first()
    before = list(model._default_manager.values())

    answers = [
        office.post(address(model, "add"), {}),
        office.post(address(model, "change", row.pk), {}),
        office.post(address(model, "delete", row.pk), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert list(model._default_manager.values()) == before


@pytest.mark.parametrize("model", [*UNDELETABLE, *LOOK_ONLY], ids=lambda model: model.__name__)
def test_what_is_on_record_cannot_be_deleted_in_bulk(model, office, house):
    row = model._default_manager.first()
    choice = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    office.post(address(model, "changelist"), choice)

    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [*WRITABLE, *LOOK_ONLY], ids=lambda model: model.__name__)
def test_staff_without_permission_see_nothing(model, client, house):
    client.force_login(UserFactory(is_staff=True))
    row = model._default_manager.first()

    assert client.get(address(model, "changelist")).status_code == 403
    assert client.get(address(model, "change", row.pk)).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_roles_alone_do_not_open_the_administration(role, client, finance):
    user = person("somebody", "某某", role, finance if role in Role.of_a_department else None)
    client.force_login(user)

    assert client.get(reverse("admin:index")).status_code == 302


def _many(number, chen, lin):
    for _ in range(number):
        pledge = PledgeFactory(campaign=CampaignFactory(), department=DepartmentFactory())
        report = accepted(pledge, as_of=date(2022, 6, 30), value=50, reviewer=chen, author=lin)
        LightChange.objects.create(
            pledge=pledge, day=date(2022, 7, 1), light="red", reason="missed", report=report
        )
        person(f"reporter-{pledge.pk}", "填报员", Role.REPORTER, pledge.department)


@pytest.mark.parametrize(
    "model",
    [User, Department, Membership, Pledge, ProgressReport, Standing, LightChange],
    ids=lambda m: m.__name__,
)
def test_number_of_queries_is_the_same_for_one_row_and_three(
    model, office, chen, lin, django_assert_max_num_queries
):
    def asked():
        with django_assert_max_num_queries(30) as queries:
            assert office.get(address(model, "changelist")).status_code == 200
        return len(queries)

    _many(1, chen, lin)
    one = asked()
    _many(2, chen, lin)

    assert asked() == one


def fields_of(page):
    """What a browser would send back: inputs, areas and choices with their values."""
    html = page.content.decode()
    sent = {}
    for tag in re.findall(r"<input[^>]*>", html):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_box = parts.get("type") in {"checkbox", "radio"}
        if "name" in parts and parts.get("type") != "submit" and (not is_box or "checked" in tag):
            sent[parts["name"]] = unescape(parts.get("value", "on" if is_box else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        sent[name] = unescape(text.removeprefix("\n"))
    for tag, name, options in re.findall(
        r'(<select[^>]*?name="([^"]*)"[^>]*>)(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        if chosen or " multiple" not in tag:
            sent[name] = chosen[1] if chosen else ""
    return {name: value for name, value in sent.items() if "__prefix__" not in name and name != "action"}


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


def test_every_row_of_ours_has_a_room():
    ours = {model for model in admin.site._registry if model._meta.app_label in {"pledges", "axes"}}

    assert ours == {*WRITABLE, *LOOK_ONLY, AuditEvent}  # that one is for auditors, see tests/views


def test_one_of_two_deadlines_may_go(office, campaign, finance):
    stones = [(date(2022, 6, 30), 40), (date(2022, 12, 31), 100)]
    pledge = PledgeFactory(campaign=campaign, department=finance, stones=stones)

    answer = save(office, pledge, **{"milestones-0-DELETE": "on"})

    assert answer.status_code == 302
    assert [stone.due for stone in pledge.milestones.all()] == [date(2022, 12, 31)]


def test_the_fingerprint_of_a_feed_stays_unseen(office, house):
    feed = CalendarFeed.objects.get()

    pages = [
        office.get(address(CalendarFeed, "changelist")),
        office.get(address(CalendarFeed, "change", feed.pk)),
    ]

    assert [feed.token_hash in page.content.decode() for page in pages] == [False, False]


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
