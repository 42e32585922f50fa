"""The product behind its real web server, and somebody who calls it over a socket as a browser would."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.utils.timezone import localdate

from tests.kit.processes import ROOT, bare_environment, ended_afterwards, free_port, status_of, wait_until
from tests.kit.senders import PRODUCTION

PATIENCE_S = 300
DOUBTED = 422
TOKEN = "t" * 32
"""What protects a form is that cookie and field agree; a browser of ours brings both."""

FORM = "application/x-www-form-urlencoded"
Fields = dict[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    begun: str = ""
    """The cookie of a session that begins here."""

    @property
    def typed(self) -> str:
        """What the page offers to copy."""
        return Form(self.text).kept

    @property
    def fields(self) -> dict[str, str]:
        """What the page offers to send again."""
        return Form(self.text).fields


class Form(HTMLParser):
    """The hidden fields of a page, and the text of its box."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.kept, self._is_in_the_box = "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        of_it = dict(attrs)
        if tag == "input" and of_it.get("type") == "hidden":
            self.fields[of_it["name"]] = of_it.get("value") or ""
        self._is_in_the_box = tag == "textarea" and of_it.get("id") == "kept"

    def handle_endtag(self, tag):
        self._is_in_the_box = False

    def handle_data(self, data):
        self.kept += data if self._is_in_the_box else ""


@dataclass(frozen=True)
class Site:
    port: int
    log: Path

    def line(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def ask(
        self, method: str, address: str, session: str = "", body: str | bytes | None = None, kind: str = FORM
    ) -> Answer:
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
        headers = {"Host": "testserver", "Cookie": "; ".join(f"{name}={it}" for name, it in cookies.items())}
        headers["X-Forwarded-For"] = "192.0.2.7"  # believed where a proxy is
        if body is not None:
            headers["Content-Type"] = kind
        line = self.line()
        try:
            line.request(method, address, body, headers)
            answer = line.getresponse()
            told = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", [])))
            cookie = told.get(settings.SESSION_COOKIE_NAME)
            begun = cookie.value if cookie else ""
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode(), begun)
        finally:
            line.close()

    def get(self, address: str, session: str = "") -> Answer:
        return self.ask("GET", address, session)

    def post(self, address: str, session: str, fields: Fields) -> Answer:
        typed = dict(fields)
        return self.ask("POST", address, session, urlencode({"csrfmiddlewaretoken": TOKEN} | typed))


@dataclass(frozen=True)
class Shape:
    """How the web server is started."""

    app: str = "ykplan.wsgi"
    workers: int = 1
    threads: int = 4
    more: dict[str, str] = field(default_factory=dict)


@contextmanager
def served(folder: Path, database_url: str, shape: Shape = Shape()) -> Iterator[Site]:
    """Production as an operator would start it; its log lies in the folder."""
    port, log = free_port(), folder / "web.log"
    places = {"DATABASE_URL": database_url, "BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"}
    places |= {"YKPLAN_STATE": str(settings.STATE_DIR), "EMAIL_URL": "memorymail://"}
    command = [
        *(sys.executable, "-m", "gunicorn", shape.app, "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(shape.workers), "--threads", str(shape.threads)),
        *("--no-control-socket", "--timeout", "120", "--preload"),  # read once, however many processes
    ]
    environment = bare_environment(**PRODUCTION, **places, **shape.more)
    with log.open("ab") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=written, stdout=written)
    with ended_afterwards(process):
        health = f"http://127.0.0.1:{port}/healthz"
        wait_until(lambda: process.poll() or status_of(health), within=PATIENCE_S, what="the pages")
        assert process.poll() is None, log.read_text()[-2000:]
        yield Site(port, log)


def session_of(user) -> str:
    """The cookie of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def report(site: Site, desk: tuple[str, str], days_ago: int) -> int:
    """Reported on the form as it is now; asked whether so old a figure is meant, they stand by it."""
    form, session = desk
    as_of = localdate() - timedelta(days=days_ago)
    said = {"value": str(500 - days_ago), "entry": "total", "as_of": as_of.isoformat(), "note": ""}
    answer = site.get(form, session)
    for _asked in range(2):
        hidden = {name: answer.fields[name] for name in ("key", "seen", "confirmed")}
        answer = site.post(form, session, said | hidden)
        if answer.status != DOUBTED:
            break
    return answer.status
