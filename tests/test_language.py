"""Both catalogues are whole: every sentence of the project is in them, and every one has its Chinese."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polib
import pytest
from django.utils import translation

from pledges import wording
from pledges.actions.orders import load_orders
from pledges.actions.rehearsal import load_rehearsal
from pledges.choices import Reason
from pledges.models import Campaign, Department, Milestone, Pledge
from pledges.queries.facts import judged
from tests.cast import PledgeFactory, accepted
from tests.kit.parts import need

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "en")
SOURCES = ("pledges", "ykplan", "templates", "locale")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|<[^>]+>")


def catalogue(language: str, root: Path = ROOT) -> polib.POFile:
    return polib.pofile(str(root / "locale" / language / "LC_MESSAGES" / "django.po"))


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def words(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """What bin/messages would write now."""
    need("gettext")
    root = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    # Django must not find the settings of the tests: the folder at hand is the project.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, ROOT / "bin" / "messages.py"], cwd=root, env=environment, check=True)
    return root


@pytest.mark.static
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(collected, language):
    wanted = {key(entry) for entry in catalogue(language, collected)}

    assert {key(entry) for entry in catalogue(language)} == wanted


@pytest.mark.static
def test_every_sentence_has_its_chinese():
    entries = catalogue("zh_Hans")

    assert [key(entry) for entry in entries if entry.fuzzy or not all(words(entry))] == []


@pytest.mark.static
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_on_both_sides(language):
    """One Chinese form serves one and many, so it is held against the English one for many."""
    wrong = {
        entry.msgid: text
        for entry in catalogue(language)
        for text in words(entry)
        if text
        and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    }

    assert wrong == {}


@pytest.mark.static
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language):
    written = {key(entry): words(entry) for entry in catalogue(language) if all(words(entry))}

    compiled = polib.mofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"))

    assert {key(entry): words(entry) for entry in compiled} == written


@pytest.fixture
def year_of_lines(settings, tmp_path, zhao, chen):
    """Every pledge of the rehearsal, judged every other week, and a statistic that is not published yet."""
    settings.STATE_DIR = tmp_path
    load_orders(2022)
    load_rehearsal(today=date(2026, 9, 20))
    campaign = Campaign.objects.get(code="wujin-2026-rehearsal")
    statistic = PledgeFactory(
        campaign=campaign,
        department=Department.objects.first(),
        statistic=True,
        stones=[(date(2026, 6, 15), 10), (campaign.ends_on, 20)],
    )
    accepted(statistic, as_of=date(2026, 6, 10), value=9, author=zhao, reviewer=chen)
    put_off = Milestone.objects.filter(pledge__code__in=["r2026-14-02", "r2026-01-15"])
    put_off.update(put_off_on=date(2026, 2, 1))
    pledges = (
        Pledge.objects.filter(campaign=campaign).select_related("campaign").prefetch_related("milestones")
    )
    days = [campaign.starts_on + timedelta(days=14 * week) for week in range(28)]
    return [line for day in days for line in judged(pledges, today=day)]


@pytest.mark.parametrize("language, ends", [("zh-hans", "。"), ("en", ".")])
def test_every_reason_is_a_whole_sentence(year_of_lines, language, ends):
    with translation.override(language):
        told = [wording.why(line) for line in year_of_lines]
        advice = [wording.what_to_do(line) for line in year_of_lines]
        outlook = [wording.holds_words(line) for line in year_of_lines]

    assert {line.verdict.reason for line in year_of_lines} == set(Reason)
    said = {sentence for sentence in (*told, *advice, *outlook) if sentence}
    assert {sentence for sentence in said if not sentence.endswith(ends)} == set()
    assert {sentence for sentence in said if re.search(r"%\(|%[sd]|\{|None|（）|  ", sentence)} == set()
