"""The machinery of the tests; people and rows are made beside the tests that need them."""

from unittest.mock import patch

import django
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from hypothesis import settings as hypothesis_settings
from pytest_django.live_server_helper import LiveServer

from tests.cast import *  # noqa: F403 - the cast is known to every test
from tests.kit.browser import CHROMIUM_ARGS, watch
from tests.kit.parts import need
from tests.kit.redis import running_redis
from ykplan.prepare import prepare_static

# The same examples every time, so that a red run means a change; `--hypothesis-profile=search` looks further.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", max_examples=5000, deadline=None)
hypothesis_settings.load_profile("steady")


def pytest_configure(config):
    """Static files are served as in production, so they are collected as in production: once."""
    if not hasattr(config, "workerinput"):
        django.setup()
        prepare_static()


# Nothing in these folders asks a database: they need not run once per database.
PURE_FOLDERS = ("rules", "seeds")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name in PURE_FOLDERS:
            item.add_marker("static")


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
