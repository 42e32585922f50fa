"""Many figures at once: take a form home, send it back filled in, see what it would do, report it."""

from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pledges import exports, importers
from pledges.actions.sheets import note_download, take_sheet
from pledges.errors import ConflictingKeyError, FaultsError, StaleError
from pledges.forms.sheets import SheetForm
from pledges.models import Campaign, Department, SheetUpload
from pledges.queries.nudges import takes_reports
from pledges.queries.sheets import fills_in, forms_of, reportable, sheets_of
from pledges.views.campaigns import campaign_or_404
from pledges.views.errors import conflict
from pledges.views.paging import pages_around
from pledges.views.requests import SignedIn
from pledges.views.statuses import CONFLICT, UNPROCESSABLE

PAGE_SIZE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedIn, campaign: str) -> HttpResponse:
    """Both ways on one page. A sheet that was read is shown before anything is reported."""
    found = _campaign(request, campaign)
    if request.method != "POST":
        return _page(request, found, SheetForm(owner=request.user, campaign=found))
    form = SheetForm(request.POST, request.FILES, owner=request.user, campaign=found)
    if form.is_valid():
        try:
            return redirect("sheet-detail", form.save().pk)
        except ConflictingKeyError as error:
            form.add_error(None, str(error))
    form.renew()
    return _page(request, found, form, status=UNPROCESSABLE)


def _campaign(request: SignedIn, code: str) -> Campaign:
    """The campaign, for those who fill in sheets."""
    found = campaign_or_404(request, code)
    if not fills_in(request.user):
        raise PermissionDenied
    return found


def _page(request: SignedIn, campaign: Campaign, form: SheetForm, *, status: int = 200) -> HttpResponse:
    today = localdate()
    departments = Department.objects.filter(
        pk__in=reportable(request.user, campaign, day=today).values("department")
    )
    context = {
        "campaign": campaign,
        "form": form,
        "departments": departments,
        "number": reportable(request.user, campaign, day=today).count(),
        "takes_reports": takes_reports(campaign, day=today),
        "sheets": sheets_of(request.user, campaign),
        "today": today,
    }
    return render(request, "pledges/sheet_form.html", context, status=status)


@require_POST
def sheet_download(request: SignedIn, campaign: str) -> HttpResponse:
    """The empty form: everything one reports in a campaign, or of one department."""
    found, today = _campaign(request, campaign), localdate()
    pledges, department = reportable(request.user, found, day=today), None
    if code := request.POST.get("department"):
        department = Department.objects.filter(code=code).first() if slug_re.match(code) else None
        pledges = pledges.filter(department=department)
        if department is None or not pledges.exists():
            raise Http404
    forms = forms_of(pledges, today=today)
    note_download(request.user, found, department, rows=len(forms))
    return _file(exports.filling.render(forms, found, today=today), found, today)


def _file(content: bytes, campaign: Campaign, day: date) -> HttpResponse:
    name = quote(exports.filling.filename(campaign, day))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(content, content_type=exports.filling.CONTENT_TYPE, headers=headers)


def _own(request: SignedIn, pk: int) -> SheetUpload:
    """One's own sheet; anybody else's is not there."""
    own = SheetUpload.objects.filter(owner=request.user).select_related("campaign", "owner")
    return get_object_or_404(own, pk=pk)


@require_safe
def sheet_detail(request: SignedIn, pk: int) -> HttpResponse:
    """What every row would do, by what is known now."""
    return _shown(request, _own(request, pk))


def _shown(request: SignedIn, upload: SheetUpload, *, status: int = 200) -> HttpResponse:
    today = localdate()
    if upload.taken_at:
        told = {
            "upload": upload,
            "campaign": upload.campaign,
            "reports": importers.uploads.reports_from(upload),
            "today": today,
        }
        return render(request, "pledges/sheet_taken.html", told)
    survey = importers.uploads.look_at(upload, today=today)
    page = Paginator(survey.shown, PAGE_SIZE).get_page(request.GET.get("page"))
    importers.uploads.foretell(page.object_list, today=today)
    context = {
        "campaign": upload.campaign,
        "upload": upload,
        "survey": survey,
        "counts": survey.counts,
        "page": page,
        "pages": pages_around(page),
        "day": today,
        "today": today,
    }
    return render(request, "pledges/sheet_detail.html", context, status=status)


@require_POST
def sheet_take(request: SignedIn, pk: int) -> HttpResponse:
    """Report every row, all or none. What has changed meanwhile is shown, and nothing is taken."""
    upload, today = _own(request, pk), localdate()
    if upload.taken_at:
        return redirect("sheet-detail", upload.pk)
    survey = importers.uploads.look_at(upload, today=today)
    if not survey.can_be_taken:
        return _shown(request, upload, status=CONFLICT)
    try:
        taken = take_sheet(upload, survey.sayings, author=request.user, today=today)
    except FaultsError:
        return _shown(request, upload, status=CONFLICT)
    except StaleError as error:
        return conflict(request, str(error))
    said = ngettext("%(number)s figure is reported.", "%(number)s figures are reported.", taken.made)
    messages.success(request, said % {"number": taken.made})
    return redirect("sheet-detail", upload.pk)


@require_safe
def sheet_faults(request: SignedIn, pk: int) -> HttpResponse:
    """The sheet as it was sent in, with what is wrong beside each row: mended, it can be sent again."""
    upload, today = _own(request, pk), localdate()
    uploads = importers.uploads
    problems = uploads.problems_of(uploads.look_at(upload, today=today))
    rows = [row.cells | {"problem": problems.get(row.line, "")} for row in uploads.rows_in(upload)]
    return _file(exports.filling.render_typed(rows, upload.campaign, today=today), upload.campaign, today)
