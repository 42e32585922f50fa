"""The database cannot answer just now: a page in words, and what was typed is handed back, to be sent again."""

import re
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.cache import add_never_cache_headers

from ykplan.outages import Outage

UNAVAILABLE = 503
WAIT_S = {Outage.LOST: 30, Outage.BUSY: 5, Outage.FULL: 300}
SECRET = "password"  # noqa: S105  part of a field's name
OURS = frozenset({"csrfmiddlewaretoken", "key", "seen", "confirmed", "next"})
"""What the page itself put into a form."""
CODE = re.compile(r"[0-9_-]*[a-z][a-z0-9_-]*")
"""The value of a choice or of a key, as a form sends it; nobody's sentence."""

Fields = list[tuple[str, str]]


def outage(request: HttpRequest, kind: Outage, *, number: str) -> HttpResponse:
    """Rendered without request, session and person, for those need the database."""
    fields = fields_of(request)
    context = {
        "kind": kind,
        "code": UNAVAILABLE,
        "number": number,
        "fields": fields,
        "typed": typed_in(fields),
        "address": request.get_full_path(),
        "is_once": "key" in dict(fields),  # the same key twice is one thing
        "has_files": bool(fields) and bool(request.FILES),
        "is_asking": request.method in {"GET", "HEAD"},
    }
    html = loader.get_template("pledges/errors/503.html").render(context)
    response = HttpResponse(html, status=UNAVAILABLE, headers={"Retry-After": str(WAIT_S[kind])})
    add_never_cache_headers(response)
    return response


def fields_of(request: HttpRequest) -> Fields:
    """What stood in a form of ours. Nothing of one that a stranger's page sent, nothing where a secret was typed."""
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [] if any(SECRET in name.lower() for name, _value in fields) else fields


def typed_in(fields: Iterable[tuple[str, str]]) -> str:
    """The words and numbers among it, to copy."""
    words = (value.strip() for name, value in fields if name not in OURS)
    return "\n".join(word for word in words if word and not CODE.fullmatch(word))
