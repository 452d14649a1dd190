"""A steward's browser in the tests: signed in, watched for what it refuses to load, checked for accessibility."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.people import PASSWORD, person


class Hub:
    """The hub as somebody sees it who sits in front of it."""

    def __init__(self, page: Page, server: LiveServer) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def sign_in(self, name: str) -> None:
        """As that member of the cast, through the form."""
        person(name)
        self.open("/sign-in/")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.server.url}/")

    def open(self, path: str) -> None:
        """A page by its path."""
        self.page.goto(f"{self.server.url}{path}")

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
