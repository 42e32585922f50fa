"""The address book. Paths carry codes where people see them."""

from importlib import import_module

from django.http import HttpResponse
from django.urls import include, path


def _view(module, name):
    # TEMPORARY while pages land: a missing module answers 501 instead of breaking every import.
    try:
        return getattr(import_module(f"pledges.views.{module}"), name)
    except (ModuleNotFoundError, AttributeError):
        return lambda request, **kwargs: HttpResponse(f"{module}.{name} not here yet", status=501)


campaign_urls = [  # /campaigns/<campaign>/
    path("", _view("overview", "overview"), name="overview"),
    path("rules/", _view("overview", "rules"), name="rules"),
    path("pledges/", _view("plans", "pledge_list"), name="pledge-list"),
    path("article/", _view("articles", "article"), name="article"),
    path("departments/<slug:department>/", _view("overview", "department_detail"), name="department-detail"),
]

pledge_urls = [  # /pledges/<code>/
    path("", _view("plans", "pledge_detail"), name="pledge-detail"),
    path("report/", _view("reports", "report_create"), name="report-create"),
    path("report/preview/", _view("reports", "report_preview"), name="report-preview"),
]

urlpatterns = [
    path("", _view("home", "home"), name="home"),
    path("sign-in/", _view("accounts", "sign_in"), name="sign-in"),
    path("sign-out/", _view("accounts", "sign_out"), name="sign-out"),
    path("password/", _view("accounts", "password_change"), name="password-change"),
    path("password/changed/", _view("accounts", "password_changed"), name="password-changed"),
    path("campaigns/<slug:campaign>/", include(campaign_urls)),
    path("pledges/<slug:code>/", include(pledge_urls)),
    path("reports/<int:pk>/withdraw/", _view("reports", "report_withdraw"), name="report-withdraw"),
    path("reports/<int:pk>/accept/", _view("reviews", "accept"), name="report-accept"),
    path("reports/<int:pk>/return/", _view("reviews", "send_back"), name="report-return"),
    path("work/", _view("work", "work"), name="work"),
    path("review/", _view("reviews", "queue"), name="review-queue"),
    path("review/<int:pk>/", _view("reviews", "detail"), name="review-detail"),
    path("mailbox/", _view("mailbox", "mailbox"), name="mailbox"),
    path("mailbox/<str:name>/", _view("mailbox", "letter"), name="mailbox-letter"),
    path("healthz", _view("health", "healthz"), name="healthz"),
]
