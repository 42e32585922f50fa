"""Requests made of what our own pages ask for, and of what nobody would send; answered by the product as a server asks it."""

import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, quote, quote_plus, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections

from tests.kit.files import PDF, xlsx
from tests.kit.nasty import MARK, plain_of, token_of, value_of
from tests.kit.served import TOKEN
from ykplan.doorstep import wiped

Environ = dict[str, object]
BOUNDARY = "fuzz-boundary"
FILES = (
    b"",
    PDF,
    xlsx(),
    xlsx()[:40],
    b"PK\x03\x04" + b"\0" * 99,
    "编号,数\n一,2".encode("gbk"),
    b"\xff" * 2000,
    b'a,b\n"',
)
FRAMES = 6
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "")
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
BAD_TYPES = (
    *(
        "",
        "application/json",
        "text/plain",
        PARTS,
        f"{PARTS}; boundary=",
        f"{PARTS}; boundary=\xe9",
        "\xff/\xff",
    ),
    *(f"{PARTS}; boundary={'x' * 300}", f"{PARTS}; boundary={BOUNDARY}; charset=rot13"),
    *(f"{FORM}; charset=nothing", f"{FORM}; charset=utf-7"),
)
LENGTHS = ("-1", "abc", "", "9" * 30, "１", "1e3", "104857601", "0", "+5")
HEADERS = (
    *("ACCEPT_LANGUAGE", "ACCEPT_ENCODING", "HOST", "COOKIE", "REFERER", "ORIGIN", "RANGE", "USER_AGENT", "X_CSRFTOKEN"),
    *("X_FORWARDED_FOR", "X_FORWARDED_HOST", "HX_REQUEST", "HX_CURRENT_URL", "HX_TARGET", "IF_MODIFIED_SINCE"),
    *("IF_NONE_MATCH", "X_HTTP_METHOD_OVERRIDE", "AUTHORIZATION"),
)  # fmt: skip


@dataclass(slots=True)
class Form:
    """An address with the fields our own page has for it; one without fields is only looked at."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms and links of a page."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, [Form(address, "GET")], list[str]()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        of_it = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.address, of_it.get("action", ""))).path
            self.forms.append(Form(action, of_it.get("method", "get").upper()))
        elif tag in {"input", "select", "textarea", "button"} and of_it.get("name"):
            self.forms[-1].fields.setdefault(of_it["name"], of_it.get("value", ""))
        elif tag == "option" and of_it.get("value") and self.forms[-1].fields:
            last = next(reversed(self.forms[-1].fields))
            self.forms[-1].fields[last] = self.forms[-1].fields[last] or of_it["value"]
        for name in ("href", "hx-get", "hx-post", "formaction"):
            if name in of_it:
                self.links.append(urljoin(self.address, of_it[name]))


def forms_of(pages: Iterable[tuple[str, str]]) -> list[Form]:
    """Every form of the pages, every query that one of their links bears, and every address for its own sake."""
    found: dict[tuple[str, str], Form] = {}
    for address, html in pages:
        page = Reader(address, html)
        asked = [
            Form(urlsplit(link).path, "GET", dict(parse_qsl(urlsplit(link).query))) for link in page.links
        ]
        for form in (*page.forms, *(each for each in asked if each.fields)):
            kept = found.setdefault((form.action, form.method), Form(form.action, form.method))
            kept.fields |= {name: value or kept.fields.get(name, "") for name, value in form.fields.items()}
    return [found[key] for key in sorted(found)]


@dataclass(frozen=True)
class Fuzzer:
    """Throws dice over forms; the same seed throws the same."""

    forms: list[Form]
    addresses: list[str]
    sessions: list[str]

    def requests(self, seed: int, number: int) -> Iterator[Environ]:
        chance = Random(seed)
        for _each in range(number):
            yield self._request(chance)

    def _request(self, chance: Random) -> Environ:
        form = chance.choice(self.forms)
        session = chance.choices(self.sessions, range(1, len(self.sessions) + 1))[0]
        pairs = self._pairs(chance, form)
        path = self._path(chance, form.action)
        method = form.method if chance.random() < 0.93 else chance.choice(METHODS)
        environ = bare(method, path, session)
        if method == "GET" or chance.random() < 0.1:
            environ["QUERY_STRING"] = joined(pairs).decode("latin-1")
        if method != "GET":
            self._fill(chance, environ, pairs)
        if chance.random() < 0.15:
            environ[f"HTTP_{chance.choice(HEADERS)}"] = token_of(chance)
        return environ

    def _path(self, chance: Random, action: str) -> bytes:
        """The address itself, now and then with a piece of it exchanged, or one that no page of ours names."""
        pot = chance.random()
        if pot < 0.85:
            return action.encode()
        if pot < 0.93:
            return chance.choice(self.addresses).encode()
        pieces = [piece.encode() for piece in action.split("/")]
        pieces[chance.randrange(len(pieces))] = plain_of(chance)
        return b"/" + b"/".join(pieces).lstrip(b"/")

    def _pairs(self, chance: Random, form: Form) -> list[tuple[bytes, bytes]]:
        """Right fields with one, some or all of them spoiled; missing ones, doubled ones, and some nobody asked for."""
        share = chance.choice((0.0, 0.15, 0.4, 1.0))
        pairs = []
        for name, good in form.fields.items():
            value = value_of(chance) if chance.random() < share else quote_plus(good).encode()
            pairs += [(quote_plus(name).encode(), value)] * chance.choices((0, 1, 2), (1, 18, 1))[0]
        if chance.random() < 0.2:
            pairs.append(
                (
                    chance.choice((b"x[]", b"on", b"next", b"format", b"sort", b"page", b"%00")),
                    value_of(chance),
                )
            )
        return [
            (name, TOKEN.encode()) if name == b"csrfmiddlewaretoken" else (name, value)
            for name, value in pairs
        ]

    def _fill(self, chance: Random, environ: Environ, pairs: list[tuple[bytes, bytes]]) -> None:
        """The body: as a form is sent, with files, or broken."""
        pot = chance.random()
        if pot < 0.06:
            pairs = [(name, value) for name, value in pairs if name != b"csrfmiddlewaretoken"]
        else:
            environ["HTTP_X_CSRFTOKEN"] = TOKEN
        if pot < 0.75:
            body, kind = joined(pairs), FORM
        else:
            body, kind = in_parts(chance, pairs), f"{PARTS}; boundary={BOUNDARY}"
        if pot > 0.95:
            body, kind = body[: chance.randrange(len(body) + 1)], chance.choice((kind, *BAD_TYPES))
        length = str(len(body)) if chance.random() < 0.97 else chance.choice(LENGTHS)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_TYPE": kind, "CONTENT_LENGTH": length}


def joined(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return b"&".join(name + b"=" + value for name, value in pairs)


def in_parts(chance: Random, pairs: list[tuple[bytes, bytes]]) -> bytes:
    """The same fields as parts, and files under names of all kinds."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'.encode()
    parts = [head + name + b'"\r\n\r\n' + value + b"\r\n" for name, value in pairs]
    for _file in range(chance.randint(0, 3)):
        name = plain_of(chance).replace(b"\n", b"").replace(b"\r", b"")[:300]
        field_name = chance.choice((b"evidence", b"sheet", b"file", b"x"))
        file = field_name + b'"; filename="' + name + b'"\r\nContent-Type: x/y\r\n\r\n' + chance.choice(FILES)
        parts.append(head + file + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def bare(method: str, path: bytes, session: str) -> Environ:
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": cookies,
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }


class House:
    """The whole product, middleware and all, asked as a web server asks it."""

    def __init__(self) -> None:
        self.handler = wiped(WSGIHandler())
        self.fault = ""

    def _note(self, **_more: object) -> None:
        frames = traceback.extract_tb(sys.exc_info()[2])[-FRAMES:]
        where = " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
        )
        self.fault = f"{sys.exc_info()[1]!r:.200} {where}"

    def answer(self, environ: Environ) -> tuple[int, dict[str, str], bytes]:
        said: dict[str, object] = {}
        self.fault = ""
        got_request_exception.connect(self._note)
        # The connection is the test's, which rolls back what was done.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            response = self.handler(
                environ, lambda status, headers: said.update(status=status, headers=headers)
            )
            body = b"".join(response)
            response.close()
        except Exception as fault:  # noqa: BLE001  whatever gets past the handler is a fault, too
            self._note()
            return 599, {}, repr(fault).encode()
        finally:
            got_request_exception.disconnect(self._note)
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return int(str(said["status"])[:3]), dict(said["headers"]), body

    def faults_of(self, environ: Environ) -> list[str]:
        """What must not happen to an answer."""
        status, headers, body = self.answer(environ)
        kind = headers.get("Content-Type", "")
        faults = []
        if status >= 500 and not (status == 503 and kind == "application/json"):
            faults.append(f"{status} {self.fault}")
        if kind.startswith("text/html") and MARK.encode() in body:
            faults.append("live markup")
        if urlsplit(headers.get("Location", "")).netloc not in {"", "testserver"}:
            faults.append(f"leads to {headers['Location']}")
        return faults


def shown(environ: Environ) -> str:
    """A request on one line, for whoever mends what it found."""
    body = environ["wsgi.input"]
    typed = body.getvalue()[:600] if isinstance(body, BytesIO) else b""
    named = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
    address = quote(str(environ["PATH_INFO"]), safe="/", encoding="latin-1", errors="replace")
    return f"{environ['REQUEST_METHOD']} {address}?{str(environ['QUERY_STRING'])[:600]} {named} {typed!r}"
