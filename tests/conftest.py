"""The machinery of the tests; people and rows are made beside the tests that need them."""

from unittest.mock import patch

import django
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.live_server_helper import LiveServer

from tests.cast import *  # noqa: F403 - the cast is known to every test
from tests.kit.board import *  # noqa: F403 - and the board that guards, fuzzer and browser walk over
from tests.kit.browser import CHROMIUM_ARGS, watch
from tests.kit.one_of_each import *  # noqa: F403
from tests.kit.parts import need
from tests.kit.redis import running_redis
from tests.kit.seals import let_tests_empty_the_audit
from tests.kit.static import let_clients_share_static_files
from ykplan.prepare import prepare_static

# The same examples every time, so that a red run means a change; `--hypothesis-profile=search` looks further.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", max_examples=5000, deadline=None)
hypothesis_settings.load_profile("steady")


def pytest_configure(config):
    """Static files are served as in production, so they are collected as in production: once."""
    let_tests_empty_the_audit()
    let_clients_share_static_files()
    if not hasattr(config, "workerinput"):
        django.setup()
        prepare_static()


DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items):
    """What asks no database need not run once per database."""
    for item in items:
        if not (DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db")):
            item.add_marker("static")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """Whether tables that were migrated before lie ready."""
    from tests.kit.tables import lay_out  # noqa: PLC0415  asks the settings

    return lay_out()


@pytest.fixture(scope="session")
def django_db_setup(django_db_keepdb, django_db_setup, django_db_blocker):
    """Only the first run goes through all migrations."""
    from tests.kit.tables import keep  # noqa: PLC0415  asks the settings

    if not django_db_keepdb:
        with django_db_blocker.unblock():
            keep()
    yield
    connections.close_all()


@pytest.fixture(autouse=True)
def nobody_has_spoken_yet():
    """A request leaves its language behind in the thread; the next test begins with the site's own."""
    translation.deactivate()


@pytest.fixture(scope="session")
def redis_server():
    """A real broker on a unix socket of its own: `.broker_url` for celery, `.url` for the client."""
    with running_redis() as server:
        yield server


class LeaveStaticFilesToTheSite(StaticFilesHandler):
    """Django's live server looks for sources; whitenoise serves the hashed names pages ask for."""

    def _should_handle(self, path):
        return False


@pytest.fixture(scope="session")
def live_server():
    with patch("django.contrib.staticfiles.handlers.StaticFilesHandler", LeaveStaticFilesToTheSite):
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    need("fonts-noto-cjk")
    return browser_type_launch_args | {"executable_path": need("chromium"), "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def page_faults():
    """What the browser complained about; a test that provokes a complaint clears it itself."""
    return []


@pytest.fixture
def page(context, live_server, page_faults):
    """A page of the live site. Complaints and requests to other sites fail the test."""
    yield watch(context.new_page(), live_server.url, page_faults)
    assert page_faults == []


@pytest.fixture
def monday(time_machine):
    """It is ten o'clock on Monday, 4 July 2022, in the office."""
    time_machine.move_to("2022-07-04 10:00 +0800")


@pytest.fixture
def evidence_folder(settings, tmp_path):
    """An empty folder for the files of this test alone."""
    folder = tmp_path / "evidence"
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": {"location": folder, "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return folder
