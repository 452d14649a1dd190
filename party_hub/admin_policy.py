"""The admin's Content-Security-Policy, a little wider than that of all other pages.

django-unfold is made with Alpine.js, which evaluates the expressions in its attributes and writes style attributes. So
under /admin/, which only administrators reach, scripts may use `eval` and styles may be inline; scripts still come from
our own address alone.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
WIDER = {"script-src": ["'self'", "'unsafe-eval'"], "style-src": ["'self'", "'unsafe-inline'"]}


def relax_for_admin(get_response: GetResponse) -> GetResponse:
    """Middleware, to be put below django-csp's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = WIDER  # type: ignore[attr-defined]
        return response

    return middleware
