"""Sign in, sign out, preferences."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from stewardship.forms import SignIn
from stewardship.preferences import choices, remember


class SignInPage(LoginView):
    """User name and password."""

    template_name = "stewardship/sign_in.html"
    authentication_form = SignIn
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session; POST only."""


def preferences(request: HttpRequest) -> HttpResponse:
    """What can be chosen; POST keeps it and goes back to where it was set."""
    if request.method != "POST":
        return render(request, "stewardship/preferences.html", {"choices": choices(request)})
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return remember(request, HttpResponseRedirect(back))
