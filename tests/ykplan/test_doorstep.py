"""What a request says of itself is read only where it can be."""

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from ykplan.doorstep import wiped

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


def request_of(kind: str, length: str, body: bytes = b"a=1", *, door=wiped):
    seen = []
    method = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": BytesIO(body), "QUERY_STRING": "q=1"}
    environ = method | {"CONTENT_TYPE": kind, "CONTENT_LENGTH": length}
    door(lambda environ, _start: seen.append(WSGIRequest(environ)) or [])(environ, None)
    return seen[0]


@pytest.mark.parametrize("charset", ["rot13", '"rot13"', "zlib", "idna", "utf-7", "nothing", "", "utf-8"])
@pytest.mark.parametrize("kind", [FORM, PARTS])
def test_whatever_alphabet_is_named_a_request_is_read_as_utf_8(kind, charset):
    body = (
        "a=企".encode()
        if kind == FORM
        else '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n企\r\n--x--'.encode()
    )
    request = request_of(f"{kind}; Charset = {charset}", str(len(body)), body)

    assert (request.GET["q"], request.POST["a"]) == ("1", "企")


def test_otherwise_the_framework_would_fail():
    with pytest.raises(LookupError):
        request_of(f"{FORM}; charset=rot13", "3", door=lambda application: application)


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "１", "+5", "", " 3"])
def test_a_length_that_is_none_is_nothing(length):
    assert dict(request_of(FORM, length).POST) == {}


def test_a_length_is_a_length():
    assert request_of(FORM, "3").POST["a"] == "1"
