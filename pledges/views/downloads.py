"""Files that leave while they are being written."""

from collections.abc import Generator
from contextlib import closing
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext

from pledges.queries.moments import one_moment
from pledges.views.errors import conflict

Pieces = Generator[bytes, None, None]


def poured(request: HttpRequest, pieces: Pieces, *, name: str, content_type: str) -> HttpResponseBase:
    """A file in pieces. Who only asks about it (HEAD) is told without anything being written."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers)
    made = _made(pieces, translation.get_language() or "")
    return StreamingHttpResponse(made, content_type=content_type, headers=headers)


def too_many(request: HttpRequest, *, rows: int, most: int) -> HttpResponse:
    """No sheet holds so many rows; one that was cut would look as if it were whole."""
    words = gettext(
        "These are %(rows)s pledges, and a sheet holds %(most)s. "
        "Filter the list, by department for example, and take the sheet of what is left."
    )
    return conflict(request, words % {"rows": f"{rows:,}", "most": f"{most:,}"})


def _made(pieces: Pieces, language: str) -> Pieces:
    """All of it as of one moment, and in the language that was asked for: the answer has left the view by now.

    The server closes this when the reader goes away, and with it whatever is still open underneath.
    """
    with one_moment(), closing(pieces):
        while True:
            with translation.override(language):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
