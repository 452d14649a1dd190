"""What every test may use: the running stack, an environment for child processes, a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Playwright, expect
from psycopg2 import sql

from tests import clean_slate, lease

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), ""
)

FAULTS = Path(__file__).parent / "faults"

# A page is awaited, however slow the machine is: how fast it comes is for the benchmarks to say.
expect.set_options(timeout=30_000)
# So is each example of a property.
hypothesis.settings.register_profile("unhurried", hypothesis.settings(deadline=None))
hypothesis.settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the journeys are skipped by name, and counted in the summary. What waits for a browser or for
    killed processes is tried once more where it fails, and the summary names it: it has come upon a race.
    """
    no_browser = pytest.mark.skip(reason="no Chromium on this machine: install it to run the browser journeys")
    for item in items:
        in_browser = item.get_closest_marker("e2e")
        if in_browser and not CHROMIUM:
            item.add_marker(no_browser)
        if in_browser or FAULTS in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last run stops the stack, unless HUB_KEEP_STACK=1."""
    home = getattr(settings, "HOME", None)
    if home is not None:
        lease.give_back(home, keep=os.environ.get("HUB_KEEP_STACK") == "1")


@pytest.fixture(scope="session", autouse=True)
def _no_remains() -> None:
    """Empty this run's cache, and drop databases that killed runs left behind."""
    cache.clear()
    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^test_party_hub_\d+$'")
        for (name,) in cursor.fetchall():
            if not psutil.pid_exists(int(name.rsplit("_", 1)[1])):
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    connection.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit start with the same reference data as all others."""
    with django_db_blocker.unblock():
        clean_slate.restore_after_flush(clean_slate.set_aside())


@pytest.fixture
def hub_env(transactional_db: None) -> Iterator[dict[str, str]]:
    """The environment for a child process (a management command, a worker) that is to see this test's database."""
    database = settings.DATABASES["default"]
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    return {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "party_hub.settings"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's Chromium, quiet and without calls home."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*quiet, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def playwright(playwright: Playwright, django_db_setup: None, django_db_blocker: Any) -> Iterator[Playwright]:
    """Under its event loop Django opens a second connection, which must go before the test database does."""
    yield playwright
    with django_db_blocker.unblock():
        connections.close_all()
