"""PostgreSQL is stopped while somebody works: words, nothing half done, what was typed handed back, and on it goes."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext

from tests.kit.postgres import Cluster, running_cluster
from tests.kit.processes import ROOT, wait_until
from tests.kit.served import TOKEN, Answer, Shape, Site, served

STOPS = int(os.environ.get("DATABASE_STOPS", "2"))
CRASH = signal.SIGQUIT
NOTE = "已核对台账 <b>七家</b>\n第二行"

CITY = """
import json
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate
from pledges.choices import Role
from tests.cast import CampaignFactory, DepartmentFactory, PledgeFactory, person
from tests.kit.served import session_of

call_command("migrate", verbosity=0)
today, finance = localdate(), DepartmentFactory(code="jinrong", name="金融办")
year = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=165)}
campaign = CampaignFactory(code="wujin", **year)
pledge = PledgeFactory(campaign=campaign, department=finance, stones=[(campaign.ends_on, 1000)])
lin = person("lin", "林会计", Role.REPORTER, finance)
print(json.dumps({"form": reverse("report-create", args=[pledge.code]), "session": session_of(lin)}))
"""


@dataclass(frozen=True)
class City:
    """Lin, her form, and a database that can be stopped."""

    cluster: Cluster
    folder: Path
    form: str
    session: str

    def rows_now(self) -> list[int]:
        """How many reports there are, and of how many the audit knows."""
        told = "SELECT count(*) FROM pledges_auditevent WHERE action = 'report.submit'"
        with psycopg.connect(self.cluster.url) as line:
            asked = ("SELECT count(*) FROM pledges_progressreport", told)
            return [line.execute(question).fetchone()[0] for question in asked]

    @contextmanager
    def site(self, **more: str):
        shape = Shape("tests.kit.hesitant", more={"HESITATE": str(self.folder), **more})
        with served(self.folder, self.cluster.url, shape) as site:
            yield site

    def look(self, site: Site, address: str = "/work/") -> Answer:
        return site.get(address, self.session)

    def stopped_while_posting(self, site: Site, fields: dict[str, str]) -> Answer:
        """The form has been taken in, its report is written, and nothing is committed yet."""
        wait, here = self.folder / "wait", self.folder / "here"
        wait.touch()
        here.unlink(missing_ok=True)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(site.post, self.form, self.session, fields)
            wait_until(here.exists, within=30, what="a form in the middle of being taken")
            self.cluster.stop(CRASH)
            wait.unlink()
            return answer.result(60)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Its database is there again after each test."""
    with running_cluster() as cluster:
        told = {**os.environ, "DATABASE_URL": cluster.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        words = {"capture_output": True, "text": True, "cwd": ROOT}
        made = subprocess.run([sys.executable, "-c", CITY], env=told, check=False, **words)
        assert made.returncode == 0, made.stderr
        yield City(cluster, tmp_path_factory.mktemp("lost"), **json.loads(made.stdout))


@pytest.fixture(autouse=True)
def _started_again(city):
    yield
    (city.folder / "wait").unlink(missing_ok=True)
    if city.cluster.server is None:
        city.cluster.start()


def typed(site: Site, city: City, *, days_ago: int) -> dict[str, str]:
    """What Lin types into her form as it is now."""
    form = {name: it for name, it in city.look(site, city.form).fields.items() if name in {"key", "seen"}}
    as_of = localdate() - timedelta(days=days_ago)
    said = {"value": str(150 - days_ago), "entry": "total", "as_of": as_of.isoformat(), "note": NOTE}
    return form | said | {"confirmed": ""}


def in_words(answer: Answer) -> None:
    """The page that says so, in Chinese, without a word about the cause."""
    with translation.override("zh-hans"):
        heading = gettext("The database does not answer just now")
    assert (answer.status, answer.headers["Content-Language"]) == (503, "zh-hans")
    assert int(answer.headers["Retry-After"]) > 0
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"<h1>{heading}</h1>" in answer.text
    assert [word for word in ("Traceback", "Error", "psycopg", "127.0.0.1") if word in answer.text] == []


def test_stopped_in_the_middle_of_a_form_nothing_is_there_and_it_is_sent_again_once(city):
    with city.site() as site:
        for stop in range(STOPS):
            before, fields = city.rows_now(), typed(site, city, days_ago=STOPS - stop)

            answer = city.stopped_while_posting(site, fields)

            in_words(answer)
            assert answer.typed.splitlines() == [fields["value"], fields["as_of"], *NOTE.splitlines()]
            assert answer.fields == {"csrfmiddlewaretoken": TOKEN, **fields}
            city.cluster.start()
            assert city.rows_now() == before
            again = [site.post(city.form, city.session, answer.fields).status for _click in range(2)]
            assert (again, city.rows_now()) == ([302, 302], [number + 1 for number in before])


def test_while_it_is_stopped_pages_forms_and_health_say_so_and_then_all_is_well_again(city):
    with city.site() as site:
        fields = typed(site, city, days_ago=0)
        city.cluster.stop(CRASH)

        for answer in (
            city.look(site),
            site.get("/sign-in/", "x" * 32),
            site.get("/nothing/here/", city.session),
        ):
            in_words(answer)
        answer = site.post(city.form, city.session, fields)
        in_words(answer)
        health = site.get("/healthz")
        assert (health.status, json.loads(health.text)["database"]) == (503, False)
        assert (site.get("/sign-in/").status, answer.fields["note"]) == (200, NOTE)

        city.cluster.start()
        before = city.rows_now()
        assert [site.post(city.form, city.session, answer.fields).status, city.look(site).status] == [
            302,
            200,
        ]
        assert city.rows_now() == [number + 1 for number in before]
        assert json.loads(site.get("/healthz").text)["database"] is True


def test_a_password_is_not_handed_back(city):
    with city.site() as site:
        city.cluster.stop(CRASH)
        answer = site.post("/sign-in/", "", {"username": "lin", "password": "correct-horse-9"})

    in_words(answer)
    assert ("correct-horse-9" in answer.text, answer.fields) == (False, {})


def test_what_a_page_of_strangers_sends_is_not_handed_back(city):
    with city.site() as site:
        fields = typed(site, city, days_ago=0)
        city.cluster.stop(CRASH)
        answer = site.post(city.form, city.session, fields | {"csrfmiddlewaretoken": "x" * 32})

    assert (answer.status in {403, 503}, NOTE in answer.text) == (True, False)


def statuses_over_a_restart(site: Site, city: City) -> list[int]:
    """Every thread of the server has a connection; they all go with the server, which is there again at once."""
    threads = Shape().threads
    with ThreadPoolExecutor(threads) as pool:
        assert {answer.status for answer in pool.map(lambda _n: city.look(site), range(threads * 4))} == {200}
        city.cluster.stop(CRASH)
        city.cluster.start()
        return [answer.status for answer in pool.map(lambda _n: city.look(site), range(threads * 4))]


def test_after_a_restart_the_very_next_page_is_well(city):
    with city.site() as site:
        assert set(statuses_over_a_restart(site, city)) == {200}


def test_without_looking_at_a_connection_first_the_next_pages_would_fail(city):
    with city.site(WITHOUT="health checks") as site:
        assert 503 in statuses_over_a_restart(site, city)


def test_without_the_page_in_words_what_was_typed_would_be_gone(city):
    with city.site(WITHOUT="words") as site:
        fields = typed(site, city, days_ago=0)
        city.cluster.stop(CRASH)
        answer = site.post(city.form, city.session, fields)

    assert (answer.status, answer.typed, answer.fields) == (500, "", {})
