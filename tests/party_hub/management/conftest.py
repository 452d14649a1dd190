"""A home apart, and the commands run in it as an operator would."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from party_hub.embedded import hub, stack

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
# What the tests' own settings put into the environment would lead a child to the tests' stack.
FOREIGN = {"DATABASE_URL", "REDIS_URL", "LAKE_URL", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX"}
Manage = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An empty home folder; whatever runs in it at the end is stopped."""
    folder = PROJECT / ".hub" / "test-commands"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    hub.stop(folder)
    stack.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def manage(home: Path) -> Manage:
    """Run `manage.py` in the home; further environment as keywords."""

    def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        own |= {"HUB_HOME": str(home), "DJANGO_SETTINGS_MODULE": "party_hub.settings", **env}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True, check=False, timeout=500)

    return run
