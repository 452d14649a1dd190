"""What a person likes: colours, keyboard shortcuts. Kept in cookies, so that pages before sign-in follow them too."""

from django.http import HttpRequest, HttpResponse

THEMES = [
    ("auto", "Colours as the system", "screen"),
    ("light", "Light colours", "sun"),
    ("dark", "Dark colours", "moon"),
]
ALLOWED: dict[str, tuple[str, ...]] = {"theme": ("auto", "light", "dark"), "shortcuts": ("on", "off")}
A_YEAR = 365 * 24 * 3600


def preference_of(request: HttpRequest, name: str) -> str:
    """The preference, the first allowed value where none is set."""
    value = request.COOKIES.get(f"hub_{name}", "") if request else ""
    return value if value in ALLOWED[name] else ALLOWED[name][0]


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sets a cookie for each allowed preference that was sent."""
    for name, values in ALLOWED.items():
        value = request.POST.get(name)
        if value in values:
            response.set_cookie(f"hub_{name}", value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
