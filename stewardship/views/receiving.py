"""Pages that take a file: who sends, and how much, is looked at before the first byte of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from stewardship.permissions import Act, Args, View, allowed


def takes_a_file(act: Act, back: str) -> Callable[[View[Args]], Callable[..., HttpResponseBase]]:
    """Decorates a page to which a file may be posted by who may do `act`; one that is too large leads to `back`.

    The file is streamed to disk, never held in memory. Its form's token is checked after the role and the size, since
    Django reads the whole form to find it.
    """

    def decorate(view: View[Args]) -> Callable[..., HttpResponseBase]:
        guarded = csrf_protect(view)

        def page(request: HttpRequest, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                if refusal := _too_large(request, back):
                    return refusal
                request.upload_handlers = [TemporaryFileUploadHandler(request)]
            return guarded(request, *args, **kwargs)

        return csrf_exempt(allowed(act)(page))

    return decorate


def _too_large(request: HttpRequest, back: str) -> HttpResponse | None:
    if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.UPLOAD_LIMIT_MB << 20:
        return None
    messages.error(
        request,
        _("The file is larger than %(limit)s MB. Put it into the lake instead.") % {"limit": settings.UPLOAD_LIMIT_MB},
    )
    return redirect(back)
