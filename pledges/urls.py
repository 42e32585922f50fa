"""The address book. Paths carry codes where people see them."""

from django.urls import include, path

from pledges.views import accounts, articles, health, home, mailbox, overview, plans, reports, reviews, work

campaign_urls = [  # /campaigns/<campaign>/
    path("", overview.overview, name="overview"),
    path("rules/", overview.rules, name="rules"),
    path("pledges/", plans.pledge_list, name="pledge-list"),
    path("article/", articles.article, name="article"),
    path("departments/<slug:department>/", overview.department_detail, name="department-detail"),
]

pledge_urls = [  # /pledges/<code>/
    path("", plans.pledge_detail, name="pledge-detail"),
    path("report/", reports.report_create, name="report-create"),
    path("report/preview/", reports.report_preview, name="report-preview"),
]

report_urls = [  # /reports/<pk>/
    path("withdraw/", reports.report_withdraw, name="report-withdraw"),
    path("accept/", reviews.accept, name="report-accept"),
    path("return/", reviews.send_back, name="report-return"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password_change, name="password-change"),
    path("password/changed/", accounts.password_changed, name="password-changed"),
    path("campaigns/<slug:campaign>/", include(campaign_urls)),
    path("pledges/<slug:code>/", include(pledge_urls)),
    path("reports/<int:pk>/", include(report_urls)),
    path("work/", work.work, name="work"),
    path("review/", reviews.queue, name="review-queue"),
    path("review/<int:pk>/", reviews.detail, name="review-detail"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.letter, name="mailbox-letter"),
    path("healthz", health.healthz, name="healthz"),
]
