"""Files on their way in: gigabytes are refused unread, a file too large is counted and not kept, a full disk is told."""

import errno
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files import uploadhandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import MULTIPART_CONTENT

from pledges.views.errors import refuse_too_much
from tests.kit.files import sent
from ykplan.uploads import UnwrittenFile

MEGABYTE = 1024 * 1024


@pytest.fixture
def folder(settings, tmp_path):
    """Where files lie while they come in, one megabyte being the largest."""
    settings.FILE_UPLOAD_TEMP_DIR, settings.EVIDENCE_MAX_MB = str(tmp_path), 1
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    return tmp_path


def came_in(*sizes: int):
    """The request as Django reads it, with files of these sizes."""
    files = [sent(f"{number}.pdf", b"%" * size) for number, size in enumerate(sizes)]
    request = RequestFactory().post("/", {"note": "说明", "evidence": files})
    return request, request.FILES.getlist("evidence")


def kept(folder: Path) -> list[int]:
    return sorted(path.stat().st_size for path in folder.iterdir())


def test_a_file_that_fits_comes_in_whole(folder):
    request, [file] = came_in(500_000)

    assert (file.size, file.read(), request.POST["note"]) == (500_000, b"%" * 500_000, "说明")
    request.close()
    assert kept(folder) == []


def test_a_file_that_is_too_large_is_counted_and_not_kept(folder):
    request, files = came_in(5 * MEGABYTE, 2000)

    assert [file.size for file in files] == [5 * MEGABYTE, 2000]
    assert kept(folder) == [2000, MEGABYTE + 1]
    request.close()


def test_twin_djangos_own_keeps_all_of_it(settings, folder):
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

    request, _files = came_in(5 * MEGABYTE)

    assert kept(folder) == [5 * MEGABYTE]
    request.close()


class Full:
    """A temporary file on a disk that is full from some moment on."""

    def __init__(self, *_args, at: str = ""):
        if at == "open":
            raise self.fault()
        self.at, self.closed = at, False

    @staticmethod
    def fault():
        return OSError(errno.ENOSPC, "No space left on device")

    def write(self, _data):
        if self.at == "write":
            raise self.fault()

    def seek(self, _place):
        if self.at == "seek":
            raise self.fault()

    def close(self):
        self.closed = True
        raise self.fault()


@pytest.mark.parametrize("at", ["open", "write", "seek"])
def test_a_full_disk_costs_the_file_and_not_what_was_typed(monkeypatch, folder, at):
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", lambda *args: Full(*args, at=at))

    request, files = came_in(200_000, 300_000)

    assert [type(file) for file in files] == [UnwrittenFile] * 2
    assert [(file.name, file.size) for file in files] == [("0.pdf", 200_000), ("1.pdf", 300_000)]
    assert request.POST["note"] == "说明"


def test_what_announces_no_length_is_not_read():
    """Two gigabytes in pieces without Content-Length: Django takes as much as was announced, that is nothing."""

    class Endless:
        def read(self, *_args):
            raise AssertionError("it was read")

        readline = read

    pieces = {"CONTENT_TYPE": MULTIPART_CONTENT, "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Endless()}
    request = WSGIRequest(RequestFactory().post("/").environ | {"CONTENT_LENGTH": ""} | pieces)

    assert (dict(request.POST), dict(request.FILES)) == ({}, {})


# Too much at once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "announced, stranger, signed_in",
    [
        ("0", 200, 200),
        ("", 200, 200),
        ("x", 200, 200),
        ("2097152", 200, 200),
        ("2097153", 413, 200),
        ("104857600", 413, 200),
        ("104857601", 413, 413),
        (str(2 * 1024**3), 413, 413),
    ],
)
def test_gigabytes_are_refused_by_what_they_announce(db, rf, lin, announced, stranger, signed_in):
    answer = refuse_too_much(lambda _request: HttpResponse())
    found = []
    for user in (AnonymousUser(), lin):
        request = rf.post("/")
        request.META["CONTENT_LENGTH"], request.user, request.session = announced, user, {}
        request.resolver_match, request.htmx = None, False
        found.append(answer(request).status_code)

    assert found == [stranger, signed_in]


def test_the_page_says_how_much_is_taken(db, lin):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(lin)
    client.cookies["language"] = "en"

    answer = client.generic("POST", "/work/", b"x", headers={}, CONTENT_LENGTH=str(2 * 1024**3))

    assert (answer.status_code, "At most 100 MB" in answer.content.decode()) == (413, True)
