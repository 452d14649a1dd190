"""Sign in, sign out, preferences."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from stewardship.forms import SignIn
from stewardship.preferences import remember


class SignInPage(LoginView):
    """User name and password."""

    template_name = "stewardship/sign_in.html"
    authentication_form = SignIn
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session; POST only."""


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a preference and go back to where it was set."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return remember(request, HttpResponseRedirect(back))
