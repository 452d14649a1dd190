"""The hub's own processes on one machine: web, workers, beat, relay and listener, each as a container runs it."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from party_hub.embedded import processes
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK, require_free

PROJECT = Path(__file__).resolve().parent.parent.parent
CELERY = ("celery", "-A", "party_hub.celery")
WORKER = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
# One line each, the same as in docker/compose.yml; `python -m` finds them in this very environment.
COMMANDS: dict[str, tuple[str, ...]] = {
    "web": ("gunicorn", "--config", "python:party_hub.serving", "party_hub.wsgi"),
    "worker": (*CELERY, "worker", "-Q", "default", "-n", "default@%h", "--concurrency", "2", *WORKER),
    "spark-worker": (*CELERY, "worker", "-Q", "spark", "-n", "spark@%h", "--concurrency", "1", *WORKER),
    "beat": (*CELERY, "beat", "--loglevel", "INFO"),
    "relay": ("manage.py", "relay_events"),
    "listener": ("manage.py", "listen_events"),
}  # fmt: skip
PROCESSES = tuple(COMMANDS)
# A worker or the listener finishes the work in hand before it goes; what takes longer is done again by the next one.
PATIENCE = {"web": 10.0, "worker": 20.0, "spark-worker": 20.0, "relay": 20.0, "listener": 20.0}
# The workers of a web process that was killed notice it within a beat, and hold its port until then (seconds).
ORPHANS_LEAVE = 15.0


def argv(name: str, port: int) -> list[str]:
    """The command line of a process."""
    first, *rest = COMMANDS[name]
    if first == "manage.py":
        return [sys.executable, str(PROJECT / first), *rest]
    bind = ["--bind", f"{LOOPBACK}:{port}"] if name == "web" else []
    return [sys.executable, "-m", first, *rest, *bind]


def check_port(home: Path, port: int) -> None:
    """Raise a `StackError` naming HUB_PORT where another program listens on it."""
    ours = _web_port(home) == port
    if not (ours and processes.find(home, "web")):
        require_free("HUB_PORT", port, patience=ORPHANS_LEAVE if ours else 0.0)


def start(home: Path, port: int, env: Mapping[str, str]) -> list[str]:
    """Start the processes that do not run; returns their names. A web process on another port is restarted."""
    check_port(home, port)
    if _web_port(home) != port:
        processes.stop(home, "web")
    started = [name for name in PROCESSES if processes.find(home, name) is None]
    for name in started:
        processes.spawn(home, name, argv(name, port), cwd=PROJECT, env=env)
    (home / "run" / "hub.json").write_text(json.dumps({"port": port}))
    return started


def wait(home: Path, port: int, timeout: float = 120) -> None:
    """Wait until the web process answers; raises a `StackError` with the last words of a process that has died."""
    processes.wait_until(home, "web", lambda: _alive(port), timeout=timeout)
    for name in PROCESSES:
        if processes.find(home, name) is None:
            raise StackError(f"{name} ended while it was starting. {processes.last_words(home, name)}")


def stop(home: Path) -> list[str]:
    """Stop them, those that take work in first; returns the names of those that ran."""
    home = home.resolve()
    with ThreadPoolExecutor(max_workers=len(PROCESSES)) as pool:
        stopped = pool.map(lambda name: processes.stop(home, name, patience=PATIENCE.get(name, 10.0)), PROCESSES)
        return [name for name, ran in zip(PROCESSES, stopped, strict=True) if ran]


def running(home: Path) -> dict[str, int | None]:
    """The pid of each process, None for one that does not run."""
    found = {name: processes.find(home.resolve(), name) for name in PROCESSES}
    return {name: process.pid if process else None for name, process in found.items()}


def environment(endpoints: Mapping[str, str]) -> dict[str, str]:
    """How the processes run locally: as in production, but over plain HTTP. What the caller's environment says wins."""
    local = {
        "DEBUG": "0",
        "INSECURE_COOKIES": "1",
        "SECRET_KEY": endpoints.get("secret_key", ""),
        "DATABASE_URL": endpoints.get("database_url", ""),
        "PYTHONUNBUFFERED": "1",
    }
    return {name: os.environ.get(name) or value for name, value in local.items() if os.environ.get(name) or value}


def _web_port(home: Path) -> int | None:
    try:
        port: int = json.loads((home / "run" / "hub.json").read_text())["port"]
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return None
    return port


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
