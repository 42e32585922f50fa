"""Signing in and out, and one's own password."""

from django.contrib.auth import views
from django.urls import reverse_lazy

sign_in = views.LoginView.as_view(template_name="pledges/sign_in.html", redirect_authenticated_user=True)
sign_out = views.LogoutView.as_view()
password_change = views.PasswordChangeView.as_view(
    template_name="pledges/password_change.html", success_url=reverse_lazy("password-changed")
)
password_changed = views.PasswordChangeDoneView.as_view(template_name="pledges/password_changed.html")
