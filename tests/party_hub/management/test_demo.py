"""The demo from nothing to a hub at work; again, warm; after things were killed; and down without a trace."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest

from party_hub.embedded import hub, processes, stack
from party_hub.embedded.ports import keep_or_find

Manage = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.spark
LOADED = re.compile(r"✓ Load (\w+)")


@pytest.fixture(scope="module")
def port() -> str:
    return str(keep_or_find(None))


@pytest.fixture(scope="module")
def demo(manage: Manage, port: str) -> "Callable[[], subprocess.CompletedProcess[str]]":
    return lambda: manage("demo", "--detach", HUB_PORT=port, HUB_RECORDS="300")


def counts(home: Path) -> tuple[int, ...]:
    """Source records, parties and published events."""
    connection = psycopg2.connect(stack.endpoints(home)["database_url"])
    with connection.cursor() as cursor:
        found = []
        for question in (
            "SELECT count(*) FROM party_hub_sourcerecord",
            "SELECT count(*) FROM party_hub_party",
            "SELECT count(*) FROM party_hub_outboxevent WHERE published_at IS NOT NULL",
        ):
            cursor.execute(question)
            found.append(cursor.fetchone()[0])
    connection.close()
    return tuple(found)


def status(port: str, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return response.status


def passwords(output: str) -> dict[str, str]:
    return dict(re.findall(r"^(ada|ben|cleo|dan) +\w+ +(\S+)$", output, re.MULTILINE))


@pytest.mark.timeout(900)
def test_the_demo_does_the_main_job_and_can_be_repeated_killed_and_stopped(
    home: Path, manage: Manage, port: str, demo: "Callable[[], subprocess.CompletedProcess[str]]"
) -> None:
    cold = demo()
    assert cold.returncode == 0, cold.stdout + cold.stderr
    assert LOADED.findall(cold.stdout) == ["crm", "dnb", "markit"]
    assert f"Open http://localhost:{port}/" in cold.stdout
    assert status(port, "/healthz") == status(port, "/readyz") == 200
    health = manage("health_check", "--json")
    assert health.returncode == 0, health.stdout
    before = counts(home)
    assert before[0] >= 300
    assert before[1] > 100

    file = home / "demo-users.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text()) == passwords(cold.stdout)
    assert len(set(passwords(cold.stdout).values())) == 4

    warm = demo()
    assert warm.returncode == 0, warm.stdout + warm.stderr
    assert LOADED.findall(warm.stdout) == []
    assert counts(home) == before
    assert passwords(warm.stdout) == passwords(cold.stdout)

    for name in ("postgres", "s3", "web", "worker", "relay", "beat"):
        process = processes.find(home, name)
        assert process is not None
        process.kill()
    healed = demo()
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert status(port, "/readyz") == 200
    assert counts(home)[:2] == before[:2]

    running = [psutil.Process(pid) for pid in hub.running(home).values() if pid]
    family = [member for process in running for member in (process, *process.children(recursive=True))]
    assert len(running) == len(hub.PROCESSES)
    assert manage("down").returncode == 0
    assert [process for process in family if process.is_running()] == []
    assert stack.running(home) == dict.fromkeys(stack.SERVERS, False)
