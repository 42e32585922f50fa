"""Files behind reports: taken in with the form, handed out to those who may see the report."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pledges.actions.evidence import contents_of, hand_out, remove, upload, use_again
from pledges.errors import BrokenFileError
from pledges.forms.evidence import key_in
from pledges.forms.reports import ReportForm
from pledges.models import Evidence, Pledge
from pledges.queries.board import in_campaign
from pledges.queries.evidence import (
    Coverage,
    coverage_of,
    files_from_before,
    loose_files,
    proofs,
    reusable_files,
)
from pledges.queries.listing import departments_in
from pledges.rules.files import Kind
from pledges.views.campaigns import campaign_or_404
from pledges.views.days import day_of
from pledges.views.errors import broken_file
from pledges.views.listing import Tab
from pledges.views.requests import SignedIn

SEALED = "default-src 'none'; sandbox"
TYPES = {
    Kind.PDF: "application/pdf",
    Kind.OFD: "application/ofd",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.JPG: "image/jpeg",
    Kind.PNG: "image/png",
}
LONGEST_KEY = 18
PAGE_SIZE = 50
ANSWERS = {"1": True, "0": False}
FORMS, FORMS_KEPT = "forms", 50
"""In the session: the form of each pledge with which files were uploaded last and that was not sent."""


@require_safe
def evidence(request: SignedIn, pk: int) -> HttpResponse:
    """One file, to be saved and never opened in our place; not what was sent, it is not handed out."""
    visible = Evidence.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("report__pledge", "uploaded_by"), pk=pk)
    try:
        contents = hand_out(found, user=request.user) if request.method == "GET" else contents_of(found)
    except BrokenFileError as fault:
        return broken_file(request, found, is_missing=fault.is_missing)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": SEALED,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(contents, content_type=TYPES[Kind(found.kind)], headers=headers)


@dataclass(slots=True)
class Chosen:
    """What became of the files that were chosen with a form. `is_all`: nothing else was asked for."""

    is_all: bool = False
    faults: list[str] = field(default_factory=list)

    def tell(self, form: ReportForm) -> None:
        """Put the faults where the files are chosen. The form has been looked at before."""
        if self.faults:
            form.add_error("evidence", self.faults)


def take_files(request: SignedIn, form: ReportForm) -> Chosen:
    """Store the chosen files with the form, so that they are there whatever becomes of it; take one back."""
    chosen = Chosen(is_all="upload" in request.POST or "remove" in request.POST)
    key = key_in(request.POST)
    if key is None:  # the form is refused for that
        return chosen
    for file in request.FILES.getlist("evidence"):
        try:
            upload(key, file, user=request.user, pledge=form.pledge)
        except ValidationError as fault:
            chosen.faults += fault.messages
    _use_again(request, form.pledge, key, chosen)
    _take_back(request, key)
    return chosen


def _use_again(request: SignedIn, pledge: Pledge, key: UUID, chosen: Chosen) -> None:
    """The ticked files from before; sent twice, the tick changes nothing."""
    ticked = {int(pk) for pk in request.POST.getlist("again") if _is_key(pk)}
    if not ticked:
        return
    earlier = list(reusable_files(pledge.book_id, request.user).filter(pk__in=ticked).order_by("pk"))
    if len(earlier) < len(ticked):
        chosen.faults.append(
            _("A ticked file was sent with another report meanwhile, or is no longer stored.")
        )
    for evidence in earlier:
        try:
            use_again(key, evidence, user=request.user, pledge=pledge)
        except ValidationError as fault:
            chosen.faults += fault.messages


def _take_back(request: SignedIn, key: UUID) -> None:
    pk = request.POST.get("remove", "")
    if not _is_key(pk):
        return
    for loose in loose_files(key, request.user):
        if loose.pk == int(pk):
            remove(loose, user=request.user)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


def draft_of(request: HttpRequest, form: ReportForm, chosen: Chosen) -> ReportForm:
    """The form with what is typed so far: only its files were looked at."""
    draft = ReportForm(pledge=form.pledge, author=form.author, today=form.today)
    draft.initial.update({name: request.POST[name] for name in draft.fields if name in request.POST})
    draft.cleaned_data = {}  # nothing was cleaned, so that no other fault is told
    chosen.tell(draft)
    return draft


def files_with(request: SignedIn, form: ReportForm) -> dict[str, list[Evidence]]:
    """The files on the page: those uploaded with the form, and those from before that may be used again.

    A new form offers what was uploaded with the one that was left; another tab keeps its own.
    """
    key = key_in({"key": form["key"].value()}) if request.method == "POST" else None
    files = loose_files(key, request.user) if key else []
    if files:
        _remember(request, form.pledge, str(key))
    here = {evidence.sha256 for evidence in files}
    left = None if request.method == "POST" else key_in({"key": _remembered(request).get(form.pledge.code)})
    earlier = files_from_before(form.pledge, request.user, form_key=left)
    return {"files": files, "earlier": [each for each in earlier if each.sha256 not in here]}


def _remembered(request: SignedIn) -> dict[str, str]:
    return dict(request.session.get(FORMS, {}))


def _remember(request: SignedIn, pledge: Pledge, key: str) -> None:
    forms = _remembered(request)
    if forms.pop(pledge.code, None) != key:
        kept = list(forms.items())[1 - FORMS_KEPT :]
        request.session[FORMS] = dict([*kept, (pledge.code, key)])


def forget_form(request: SignedIn, pledge: Pledge) -> None:
    """It was sent: a new form begins without files."""
    forms = _remembered(request)
    if forms.pop(pledge.code, None):
        request.session[FORMS] = forms


@require_safe
def evidence_list(request: SignedIn, campaign: str) -> HttpResponse:
    """The accepted reports that clerks sent, with their files: the list behind the coverage."""
    found = campaign_or_404(request, campaign)
    day, mine = day_of(request), in_campaign(found, request.user)
    asked = request.GET.get("department", "")
    whose = next((each for each in departments_in(mine) if each.code == asked), None)
    pledges = mine.filter(department=whose) if whose else mine
    with_file = ANSWERS.get(request.GET.get("file", ""))
    coverage = coverage_of(pledges, until=day)
    paginator = Paginator(proofs(pledges, until=day, with_file=with_file), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "campaign": found,
        "day": day,
        "today": localdate(),
        "department": whose,
        "with_file": with_file,
        "coverage": coverage,
        "tabs": _tabs(request, coverage, with_file),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
    }
    return render(request, "pledges/evidence_list.html", context)


def _tabs(request: SignedIn, coverage: Coverage, current: bool | None) -> list[Tab]:  # noqa: FBT001
    """All, with a file, without: each with as many as its list has."""
    rows = (
        ("", _("All"), coverage.total, None),
        ("1", _("With a file"), coverage.with_file, True),
        ("0", _("Without a file"), coverage.without_file, False),
    )
    return [
        Tab(words, _address(request, file), number, answer is current) for file, words, number, answer in rows
    ]


def _address(request: SignedIn, file: str) -> str:
    kept = {name: request.GET[name] for name in ("department", "on") if request.GET.get(name)}
    query = urlencode(kept | ({"file": file} if file else {}))
    return f"{request.path}?{query}" if query else request.path
