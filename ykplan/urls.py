"""The address book of the project; the app keeps its own in `pledges.urls`."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("admin/", admin.site.urls),
    # A visitor may switch the language before signing in.
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("pledges.urls")),
]

handler400 = "pledges.views.errors.bad_request"
handler403 = "pledges.views.errors.forbidden"
handler404 = "pledges.views.errors.not_found"
handler500 = "pledges.views.errors.server_error"
