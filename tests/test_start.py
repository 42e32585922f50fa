"""A process takes in only what it needs: what few pages use is imported when one of them is asked for."""

import subprocess
import sys

import pytest

from tests.kit.processes import bare_environment

HEAVY = ("celery", "docx", "icalendar", "kombu", "openpyxl", "redis")
"""Two fifths of the time to start, while they stood at the top of every view."""

STARTED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from django.template import engines
engines.all()
import pledges.actions.tick
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def taken_in():
    environment = bare_environment() | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run(
        [sys.executable, "-c", STARTED], env=environment, check=True, capture_output=True, text=True
    )
    return set(said.stdout.split())


@pytest.mark.static
def test_a_start_takes_in_no_library_of_a_few_pages(taken_in):
    assert set(HEAVY) & taken_in == set()


@pytest.mark.static
def test_it_takes_in_all_the_rest(taken_in):
    """The twin: the addresses and what stands behind them are there."""
    assert {"django", "django_tables2", "django_filters", "pledges", "ykplan"} <= taken_in
