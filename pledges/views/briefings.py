"""Paper: briefings that are drafted, issued and kept; the whole board as a workbook; a department's wall chart."""

import re
from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pledges import exports
from pledges.actions.audit import record
from pledges.actions.briefings import AGAIN, issue_briefing
from pledges.errors import StaleError
from pledges.models import Briefing, Campaign, Department
from pledges.permissions import is_reviewer, reads_ledger
from pledges.queries.board import in_campaign
from pledges.queries.briefings import (
    codes_known,
    fingerprint_of,
    is_intact,
    is_printable,
    usual_comparison,
    why_not,
)
from pledges.queries.bulletin import draft_of
from pledges.queries.wall_chart import chart_of
from pledges.rules.days import DayFault, parse_day
from pledges.views.campaigns import campaign_or_404
from pledges.views.days import day_of
from pledges.views.downloads import poured, too_many
from pledges.views.errors import conflict
from pledges.views.requests import SignedIn
from pledges.views.statuses import CONFLICT, UNPROCESSABLE

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@require_safe
def briefing_list(request: SignedIn, campaign: str) -> HttpResponse:
    """All that were issued, the newest first."""
    found = _campaign(request, campaign)
    briefings = found.briefings.select_related("issued_by").defer("content")
    context = {"campaign": found, "briefings": briefings, "issues": is_reviewer(request.user)}
    return render(request, "pledges/briefing_list.html", context)


@require_safe
def briefing_draft(request: SignedIn, campaign: str) -> HttpResponse:
    """What would be issued for a day, compared with an earlier one. Nothing is stored."""
    found = _campaign(request, campaign)
    day = day_of(request)
    than, fault = _than(found, request.GET.get("than", ""), day)
    return _draft(request, found, day, than, fault=fault)


@require_POST
def briefing_issue(request: SignedIn, campaign: str) -> HttpResponse:
    """Issue what the draft showed, unless the facts have moved since."""
    found = _campaign(request, campaign)
    if not is_reviewer(request.user):
        raise PermissionDenied
    today = localdate()
    day, fault = _typed(request.POST.get("on", ""))
    than = _typed(request.POST.get("than", ""))[0]
    if day is None:
        return _draft(request, found, today, None, fault=fault, status=UNPROCESSABLE)
    seen = request.POST.get("seen", "")
    # What no page of ours has shown is never what would be issued.
    seen = seen if FINGERPRINT.fullmatch(seen) else "-"
    try:
        issued = issue_briefing(
            found, day=day, than=than, by=request.user, today=today, seen=seen, again="again" in request.POST
        )
    except ValidationError as error:
        if error.code == AGAIN:
            return _draft(request, found, day, than, asks=error.messages[0], status=CONFLICT)
        return _draft(request, found, day, than, fault=error.messages[0], status=UNPROCESSABLE)
    except StaleError as error:
        messages.warning(request, str(error))
        return _draft(request, found, day, than, status=CONFLICT)
    messages.success(request, _("Briefing no. %(number)d is issued.") % {"number": issued.number})
    return redirect("briefing-detail", found.code, issued.number)


@require_safe
def briefing_detail(request: SignedIn, campaign: str, number: int) -> HttpResponse:
    """A briefing as it was issued, whatever was reported since."""
    briefing = _briefing(request, campaign, number)
    context = {
        "campaign": briefing.campaign,
        "briefing": briefing,
        "content": briefing.content,
        "fingerprint": briefing.sha256,
        "intact": is_intact(briefing),
        "printable": is_printable(briefing.content),
    }
    if context["printable"]:
        context["known"] = codes_known(briefing.campaign, briefing.content)
    return render(request, "pledges/briefing_detail.html", context)


@require_safe
def briefing_document(request: SignedIn, campaign: str, number: int) -> HttpResponse:
    """The same in Word; none of contents that are not those that were issued."""
    briefing = _briefing(request, campaign, number)
    if not is_intact(briefing):
        return conflict(
            request, _("The stored contents are not those that were issued; no document is made.")
        )
    said = {"campaign": briefing.campaign.code, "number": briefing.number}
    record("export.briefing", briefing, actor=request.user, after=said)
    paper = exports.briefing_docx
    content = paper.render(briefing.content, fingerprint=briefing.sha256)
    return _file(content, paper.filename(briefing), paper.CONTENT_TYPE)


@require_safe
def board_sheet(request: SignedIn, campaign: str) -> HttpResponseBase:
    """The whole board of a day as a workbook."""
    found = _campaign(request, campaign)
    day = day_of(request)
    pledges = in_campaign(found, request.user)
    board, rows = exports.board_xlsx, pledges.count()
    if rows > board.MOST_ROWS:
        return too_many(request, rows=rows, most=board.MOST_ROWS)
    if request.method == "GET":
        said = {"campaign": found.code, "day": day, "rows": rows}
        record("export.board", found, actor=request.user, after=said)
    pieces = board.pour(pledges, found, day=day)
    return poured(request, pieces, name=board.filename(found, day), content_type=board.CONTENT_TYPE)


@require_safe
def department_chart(request: SignedIn, campaign: str, department: str) -> HttpResponse:
    """One department's pledges on the axis of the year, for the wall."""
    found = campaign_or_404(request, campaign)
    whose = get_object_or_404(Department, code=department)
    day = day_of(request)
    if not in_campaign(found, request.user).filter(department=whose).exists():
        raise Http404
    chart = chart_of(found, whose, request.user, day=day)
    context = {"campaign": found, "department": whose, "day": day, "today": localdate(), "chart": chart}
    return render(request, "pledges/department_chart.html", context)


def _campaign(request: SignedIn, code: str) -> Campaign:
    """A campaign, for those who look after the whole city."""
    found = campaign_or_404(request, code)
    if not reads_ledger(request.user):
        raise PermissionDenied
    return found


def _briefing(request: SignedIn, campaign: str, number: int) -> Briefing:
    briefings = Briefing.objects.select_related("campaign", "issued_by")
    return get_object_or_404(briefings, campaign=_campaign(request, campaign), number=number)


def _typed(text: str) -> tuple[date | None, str]:
    """A day, or why it is none; both empty where nothing was typed."""
    if not text.strip():
        return None, ""
    try:
        return parse_day(text), ""
    except DayFault:
        return None, _("“%(day)s” is not a day like 2022-06-30.") % {"day": text[:20]}


def _than(campaign: Campaign, text: str, day: date) -> tuple[date | None, str]:
    """The day to compare with: the asked one, else the usual one."""
    than, fault = _typed(text)
    return (than, fault) if than or fault else (usual_comparison(campaign, day=day), "")


def _draft(
    request: SignedIn,
    campaign: Campaign,
    day: date,
    than: date | None,
    *,
    fault: str = "",
    asks: str = "",
    status: int = 200,
) -> HttpResponse:
    """The draft, or why there is none; `asks` is the question before another one of the day."""
    today = localdate()
    fault = fault or why_not(campaign, day=day, than=than, today=today)
    context = {"campaign": campaign, "day": day, "than": than, "today": today, "fault": fault, "asks": asks}
    if not fault:
        content = draft_of(campaign, day=day, than=than)
        context |= {"content": content, "fingerprint": fingerprint_of(content)}
        context["known"] = codes_known(campaign, content)
    context["issues"] = is_reviewer(request.user)
    return render(request, "pledges/briefing_draft.html", context, status=status)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(content, content_type=kind, headers=headers)
