"""`up` and `down` on a home of their own, as an operator runs them."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from party_hub.embedded import hub, stack

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
FOREIGN = {"DATABASE_URL", "REDIS_URL", "LAKE_URL", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX"}


@pytest.fixture
def home() -> Iterator[Path]:
    folder = PROJECT / ".hub" / "test-up"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    hub.stop(folder)
    stack.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def manage(home: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    own |= {"HUB_HOME": str(home), "DJANGO_SETTINGS_MODULE": "party_hub.settings", **env}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=own, capture_output=True, text=True, check=False
    )


def answer(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_servers_come_up_and_go_down(home: Path) -> None:
    up = answer(manage(home, "up", "--servers", "--json"))
    assert up["servers"] == dict.fromkeys(stack.SERVERS, True)

    down = answer(manage(home, "down", "--json"))
    assert down["servers"] == list(stack.SERVERS)
    assert down["processes"] == []

    assert answer(manage(home, "down", "--json"))["servers"] == []


def test_a_busy_port_is_told_before_anything_starts(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        ran = manage(home, "up", HUB_PORT=str(port))

    assert ran.returncode == 1
    assert f"Port {port} is busy. Set HUB_PORT to a free port" in ran.stderr
    assert stack.running(home) == dict.fromkeys(stack.SERVERS, False)
