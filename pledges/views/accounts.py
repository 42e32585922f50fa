"""Signing in and out, and one's own password."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import views
from django.urls import reverse_lazy

from pledges.forms.accounts import OwnPasswordForm, SignInForm


class SignIn(views.LoginView):
    """The door. It leads to where somebody wanted to go, on this site only."""

    template_name = "pledges/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, *args: Any) -> str:
        """The door itself is no place to go: a person who is in already would walk in circles."""
        asked = super().get_redirect_url(*args)
        return "" if urlsplit(asked).path == self.request.path else asked


sign_in = SignIn.as_view()
sign_out = views.LogoutView.as_view()
password_change = views.PasswordChangeView.as_view(
    template_name="pledges/password_change.html",
    success_url=reverse_lazy("password-changed"),
    form_class=OwnPasswordForm,
)
password_changed = views.PasswordChangeDoneView.as_view(template_name="pledges/password_changed.html")
