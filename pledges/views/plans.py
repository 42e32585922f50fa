"""The list of pledges and the page of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges import exports
from pledges.actions.audit import record
from pledges.charts import Story, charts_of
from pledges.choices import Light, ReportState
from pledges.filters import PledgeFilter
from pledges.forms.saved import LIST
from pledges.models import Pledge
from pledges.permissions import can_report, can_review, can_withdraw
from pledges.queries.board import in_campaign, with_light
from pledges.queries.counted import kept_sums
from pledges.queries.facts import thresholds_of
from pledges.queries.facts_of_years import other_years_of
from pledges.queries.forecasts import Outlook, outlook_of
from pledges.queries.ledger import told_about
from pledges.queries.listing import departments_in
from pledges.queries.notices import coming_notices
from pledges.queries.nudges import candidate_of, nudges_of, takes_reports
from pledges.queries.pledges import Dossier, dossier_of, find
from pledges.queries.workdays import office_calendar
from pledges.tables import JudgedData, PledgeTable
from pledges.views.audit import history_on
from pledges.views.blockers import blockers_on
from pledges.views.campaigns import campaign_or_404
from pledges.views.closings import closings_on
from pledges.views.days import day_of
from pledges.views.directives import directives_on
from pledges.views.downloads import poured, too_many
from pledges.views.extensions import extensions_on
from pledges.views.ledger_entries import names_on
from pledges.views.listing import around, asked_order, numbers_of, turn_to_page
from pledges.views.requests import SignedIn
from pledges.views.saved import views_context


@require_safe
def pledge_list(request: SignedIn, campaign: str) -> HttpResponseBase:
    """The pledges of a campaign: filtered, sorted and cut in the database, or the same rows as a sheet."""
    found = campaign_or_404(request, campaign)
    day = day_of(request)
    mine = in_campaign(found, request.user)
    lit = with_light(mine, day=day)
    filters = PledgeFilter(
        request.GET, lit, seen=mine, campaign=found, departments=departments_in(mine), day=day
    )
    table = PledgeTable(JudgedData(filters.qs, day=day), order_by=asked_order(request.GET))
    if request.GET.get("format") == "xlsx":
        return _exported(request, table, filters)
    for sentence in filters.left_out():
        messages.warning(request, sentence)
    sees_all = found.is_kept and request.user.is_city_wide
    counted = numbers_of(filters, day=day, kept=kept_sums(found, day=day) if sees_all else None)
    turn_to_page(table, request.GET, total=counted.total)
    shown = {"campaign": found, "day": day, "today": localdate()}
    shown["takes_reports"] = takes_reports(found, day=day)
    shown |= views_context(request, found, filters, show=LIST, day=day)
    return render(request, "pledges/pledge_list.html", shown | around(request.GET, filters, table, counted))


def _exported(request: SignedIn, table: PledgeTable, filters: PledgeFilter) -> HttpResponseBase:
    """The rows of the list as a sheet, which begins while most of them are not read yet."""
    campaign, day, words = filters.campaign, filters.day, list(filters.words().values())
    sheet, rows = exports.plans, filters.qs.count()
    if rows > sheet.MOST_ROWS:
        return too_many(request, rows=rows, most=sheet.MOST_ROWS)
    if request.method == "GET":
        said = {"campaign": campaign.code, "day": day, "rows": rows, "filters": words}
        record("export.list", campaign, actor=request.user, after=said)
    pieces = sheet.pour(table, campaign, day=day, filters=words)
    return poured(request, pieces, name=sheet.filename(campaign, day), content_type=sheet.CONTENT_TYPE)


@require_safe
def pledge_detail(request: SignedIn, code: str) -> HttpResponse:
    """One pledge: its sentence, its light with the sums, milestones, what was said, and what may be done."""
    pledge = find(request.user, code)
    if pledge is None:
        raise Http404
    day = day_of(request)
    dossier = dossier_of(pledge, request.user, day=day)
    nudges = nudges_of(pledge, day=day)
    context = {
        "campaign": pledge.campaign,
        "day": day,
        "today": localdate(),
        "pledge": pledge,
        "dossier": dossier,
        "line": dossier.line,
        "nudges": nudges,
        "candidate": candidate_of(dossier, nudges),
    }
    context |= _ahead(pledge, dossier) | directives_on(request.user, pledge, day=day)
    context |= names_on(pledge, dossier.line, day=day)
    context |= _told(dossier) | _doors(request, pledge, dossier) | _course(request, pledge, dossier)
    context |= history_on(pledge, day=day)
    return render(request, "pledges/pledge_detail.html", context)


def _course(request: SignedIn, pledge: Pledge, dossier: Dossier) -> dict:
    """Its closings, and what was asked about its deadlines; closed, it asks for nothing any more."""
    verdict = dossier.line.verdict
    closings = closings_on(request, pledge, day=verdict.judged_on, is_done=verdict.light == Light.DONE)
    is_closed = closings["is_closed_now"]
    course = closings | extensions_on(request, pledge, dossier, closed=is_closed)
    course |= blockers_on(request, pledge, day=verdict.judged_on, closed=is_closed)
    return course | ({"may_report": False} if is_closed else {})


def _ahead(pledge: Pledge, dossier: Dossier) -> dict:
    """What was, what is to come if it goes on like this, both in one drawing; and what print says of other years."""
    outlook = outlook_of(dossier.line, dossier.readings)
    return {
        "outlook": outlook,
        "charts": charts_of(_story(pledge, dossier, outlook)),
        "other_years": other_years_of(pledge),
    }


def _told(dossier: Dossier) -> dict:
    """Who was told, and what comes next if nothing is reported; nobody can say that for a day that is over."""
    day, in_review = dossier.line.verdict.judged_on, bool(dossier.waiting_reports)
    asks = day == localdate() and not in_review
    return {
        "told": list(told_about(dossier.pledge, until=day)),
        "coming": coming_notices(dossier.line, office_calendar()) if asks else [],
        "is_in_review": in_review,
    }


def _story(pledge: Pledge, dossier: Dossier, outlook: Outlook) -> Story:
    return Story(
        trajectory=dossier.line.trajectory,
        thresholds=thresholds_of(pledge.campaign),
        verdict=dossier.line.verdict,
        unit=pledge.unit,
        starts_on=pledge.campaign.starts_on,
        ends_on=pledge.campaign.ends_on,
        readings=dossier.readings,
        waiting=dossier.said(ReportState.SUBMITTED),
        returned=dossier.said(ReportState.RETURNED),
        forecast=outlook.forecast,
        is_today=dossier.line.verdict.judged_on == localdate(),
    )


def _doors(request: SignedIn, pledge: Pledge, dossier: Dossier) -> dict:
    """The buttons of this person: report, review, take back."""
    waiting = dossier.waiting_reports
    user = request.user
    return {
        "may_report": can_report(user, pledge),
        "to_review": next((report for report in waiting[:1] if can_review(user, report)), None),
        "to_withdraw": [report.pk for report in waiting if can_withdraw(user, report)],
    }
