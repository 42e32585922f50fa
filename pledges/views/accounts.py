"""Signing in and out, and one's own password."""

from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pledges.actions.passwords import end_sign_ins
from pledges.forms.accounts import OwnPasswordForm, SignInForm
from pledges.models import User
from pledges.queries.passwords import is_too_old, must_change, near_end
from pledges.views.requests import SignedIn
from pledges.wording import day_words
from ykplan.sessions import IDLE

FORGET_TYPED = '"storage"'
"""What the browser of a person who leaves has kept of what was typed; others may sit here next."""


class SignIn(views.LoginView):
    """The door. It leads to where somebody wanted to go, on this site only."""

    template_name = "pledges/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, *args: Any) -> str:
        """The door itself is no place to go: a person who is in already would walk in circles."""
        asked = super().get_redirect_url(*args)
        return "" if urlsplit(asked).path == self.request.path else asked

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whoever was silent for too long is told so, once."""
        idle = settings.SESSION_IDLE_MINUTES if self.request.session.pop(IDLE, False) else None
        return super().get_context_data(idle_minutes=idle, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """A password whose last day is near is spoken of at the door."""
        response = super().form_valid(form)
        if last := near_end(form.get_user(), today=localdate()):
            words = _("Your password opens until %(day)s. Change it before: “Password”, top right.")
            messages.warning(self.request, words % {"day": day_words(last)})
        return response


class SignOut(views.LogoutView):
    """The way out, on which nothing typed stays behind."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().post(request, *args, **kwargs)
        return forgetting(request, response)


class PasswordChange(views.PasswordChangeView):
    """One's own password, and the end of all one's sessions."""

    template_name = "pledges/password_change.html"
    success_url = reverse_lazy("password-changed")
    form_class = OwnPasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = cast("User", self.request.user), localdate()
        first = {"must_change": must_change(user, today=today), "is_too_old": is_too_old(user, today=today)}
        return super().get_context_data(**first, most_days=settings.PASSWORD_MAX_DAYS, **kwargs)


def forgetting(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Browsers take this header over HTTPS only, and complain elsewhere."""
    if request.is_secure():
        response.headers["Clear-Site-Data"] = FORGET_TYPED
    return response


@require_POST
@never_cache
def sign_out_everywhere(request: SignedIn) -> HttpResponse:
    """End every session of this person, this one included."""
    end_sign_ins(request.user)
    logout(request)
    messages.success(request, _("Signed out everywhere."))
    return forgetting(request, redirect("sign-in"))


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
password_change = PasswordChange.as_view()
password_changed = views.PasswordChangeDoneView.as_view(template_name="pledges/password_changed.html")
