"""Three ways to use a page: by mouse, by keys alone, and in a browser without JavaScript."""

from playwright.sync_api import Locator, Page

MOST_TABS = 150  # from the top of a page to anything on it


class Hand:
    """Uses controls with the mouse, with JavaScript or without."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, control: Locator) -> None:
        """A button or a link; waits for the page that follows."""
        control.click()

    def write(self, field: Locator, text: str) -> None:
        """Text into a field."""
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        """An entry of a list."""
        field.select_option(label=label)

    def tick(self, box: Locator) -> None:
        """A box or one of several choices."""
        box.check()


class Keys(Hand):
    """Reaches every control by the tabulator, and uses it as a keyboard does."""

    def _reach(self, control: Locator) -> None:
        control.wait_for()
        self.page.evaluate("document.activeElement.blur?.()")
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if control.evaluate("element => element.type === 'radio' && element.name === document.activeElement.name"):
                self._arrow_to(control)
                return
            if control.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{control} is not reached by the tabulator")

    def _arrow_to(self, control: Locator) -> None:
        """Within a group of choices, where the tabulator stops once."""
        for _ in range(MOST_TABS):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("ArrowDown")

    def press(self, control: Locator) -> None:
        """Enter presses what has the focus."""
        self._reach(control)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Typed."""
        self._reach(field)
        self.page.keyboard.type(text)

    def choose(self, field: Locator, label: str) -> None:
        """By the first letters."""
        self._reach(field)
        self.page.keyboard.type(label)

    def tick(self, box: Locator) -> None:
        """The space bar ticks."""
        self._reach(box)
        self.page.keyboard.press("Space")


WAYS = {"mouse": Hand, "keys": Keys, "no JavaScript": Hand}
