"""The administrators' rooms: every page opens in both languages, and what the application writes stays as it is."""

from datetime import date

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.urls import reverse

from pledges.choices import Role
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
    Theme,
    User,
)
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, UserFactory, accepted, person
from tests.kit.rooms import address

pytestmark = pytest.mark.django_db

LOOK_ONLY = [
    *(ProgressReport, Standing, LightChange, Heartbeat, AccessAttempt, AccessLog, AccessFailureLog),
    *(Letter, Reminder, Nudge, CalendarFeed, Directive, Fact, Evidence, Extension, Closing, Blocker),
]
WRITABLE = [User, Department, Membership, Campaign, SourceArticle, Pledge, SpecialDay, Theme]
UNDELETABLE = [User, SourceArticle, Pledge]


@pytest.mark.static  # on PostgreSQL the fuzzer opens them all
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


@pytest.mark.static
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


def test_every_row_of_ours_has_a_room():
    ours = {model for model in admin.site._registry if model._meta.app_label in {"pledges", "axes"}}

    assert ours == {*WRITABLE, *LOOK_ONLY, AuditEvent}  # that one is for auditors, see tests/views


def test_the_fingerprint_of_a_feed_stays_unseen(office, house):
    feed = CalendarFeed.objects.get()

    pages = [
        office.get(address(CalendarFeed, "changelist")),
        office.get(address(CalendarFeed, "change", feed.pk)),
    ]

    assert [feed.token_hash in page.content.decode() for page in pages] == [False, False]
