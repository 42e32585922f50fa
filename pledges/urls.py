"""The address book. Paths carry codes where people see them."""

from django.urls import include, path

from pledges.views import (
    accounts,
    articles,
    audit,
    blockers,
    briefings,
    calendars,
    closings,
    directives,
    evidence,
    extensions,
    health,
    home,
    letters,
    mailbox,
    nudges,
    overview,
    plans,
    preferences,
    reports,
    reviews,
    saved,
    sheets,
    sources,
    work,
)

campaign_urls = [  # /campaigns/<campaign>/
    path("", overview.overview, name="overview"),
    path("wall/", overview.wall, name="wall"),
    path("views/", saved.save, name="view-save"),
    path("views/<int:pk>/delete/", saved.delete, name="view-delete"),
    path("rules/", overview.rules, name="rules"),
    path("pledges/", plans.pledge_list, name="pledge-list"),
    path("article/", articles.article, name="article"),
    path("letters/", letters.letter_list, name="letter-list"),
    path("sheet/", sheets.sheet, name="sheet"),
    path("sheet/download/", sheets.sheet_download, name="sheet-download"),
    path("nudge/", nudges.nudge, name="nudge"),
    path("briefings/", briefings.briefing_list, name="briefing-list"),
    path("briefings/draft/", briefings.briefing_draft, name="briefing-draft"),
    path("briefings/issue/", briefings.briefing_issue, name="briefing-issue"),
    path("briefings/<int:number>/", briefings.briefing_detail, name="briefing-detail"),
    path("briefings/<int:number>/docx", briefings.briefing_document, name="briefing-docx"),
    path("board.xlsx", briefings.board_sheet, name="board-xlsx"),
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("directives/", directives.directive_list, name="directive-list"),
    path("blockers/", blockers.blocker_list, name="blocker-list"),
    path("blockers/paper/", blockers.blocker_paper, name="blocker-paper"),
    path("extensions/", extensions.extension_list, name="extension-list"),
    path("closings/", closings.closing_list, name="closing-list"),
    path("departments/<slug:department>/", overview.department_detail, name="department-detail"),
    path("departments/<slug:department>/chart/", briefings.department_chart, name="department-chart"),
]

pledge_urls = [  # /pledges/<code>/
    path("", plans.pledge_detail, name="pledge-detail"),
    path("report/", reports.report_create, name="report-create"),
    path("report/preview/", reports.report_preview, name="report-preview"),
    path("direct/", directives.directive_create, name="directive-create"),
    path("history/", audit.pledge_history, name="pledge-history"),
    path("extend/<int:milestone>/", extensions.extension_ask, name="extension-ask"),
    path("blocker/", blockers.blocker_create, name="blocker-create"),
    path("close/", closings.pledge_close, name="pledge-close"),
    path("reopen/", closings.pledge_reopen, name="pledge-reopen"),
]

report_urls = [  # /reports/<pk>/
    path("withdraw/", reports.report_withdraw, name="report-withdraw"),
    path("accept/", reviews.accept, name="report-accept"),
    path("return/", reviews.send_back, name="report-return"),
]

letter_urls = [  # /letters/<pk>/
    path("", letters.letter_detail, name="letter-detail"),
    path("retry/", letters.retry, name="letter-retry"),
    path("cancel/", letters.cancel, name="letter-cancel"),
]

sheet_urls = [  # /sheets/<pk>/
    path("", sheets.sheet_detail, name="sheet-detail"),
    path("take/", sheets.sheet_take, name="sheet-take"),
    path("faults.xlsx", sheets.sheet_faults, name="sheet-faults"),
]

directive_urls = [  # /directives/<pk>/
    path("answer/", directives.directive_answer, name="directive-answer"),
    path("close/", directives.directive_close, name="directive-close"),
]

extension_urls = [  # /extensions/<pk>/
    path("withdraw/", extensions.extension_withdraw, name="extension-withdraw"),
    path("decide/", extensions.extension_decide, name="extension-decide"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password_change, name="password-change"),
    path("sign-out/everywhere/", accounts.sign_out_everywhere, name="sign-out-everywhere"),
    path("password/changed/", accounts.password_changed, name="password-changed"),
    path("campaigns/<slug:campaign>/", include(campaign_urls)),
    path("pledges/<slug:code>/", include(pledge_urls)),
    path("reports/<int:pk>/", include(report_urls)),
    path("letters/<int:pk>/", include(letter_urls)),
    path("directives/<int:pk>/", include(directive_urls)),
    path("sheets/<int:pk>/", include(sheet_urls)),
    path("blockers/<int:pk>/remove/", blockers.blocker_remove, name="blocker-remove"),
    path("extensions/<int:pk>/", include(extension_urls)),
    path("articles/<slug:article>/", sources.source, name="source"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("work/", work.work, name="work"),
    path("review/", reviews.queue, name="review-queue"),
    path("review/<int:pk>/", reviews.detail, name="review-detail"),
    path("me/letters/", preferences.preferences, name="preferences"),
    path("me/letters/feeds/", calendars.feed_make, name="feed-make"),
    path("me/letters/feeds/<int:feed>/revoke/", calendars.feed_revoke, name="feed-revoke"),
    path("calendar/<str:token>.ics", calendars.calendar_feed, name="calendar-feed"),
    path("audit/", audit.audit_list, name="audit-list"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.letter, name="mailbox-letter"),
    path("mailbox/<str:name>/html/", mailbox.letter_html, name="mailbox-letter-html"),
    path("healthz", health.healthz, name="healthz"),
]
