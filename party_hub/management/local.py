"""Bring the local stack and the hub's processes up and down: what `up`, `down` and `demo` share."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError

from party_hub.embedded import hub, stack
from party_hub.embedded.errors import StackError
from party_hub.management.stages import Stages

BEGUN = "HUB_UP_BEGUN"


def start_servers(stages: Stages) -> None:
    """Start the embedded servers that the environment does not replace, and see that settings know them.

    Settings were read before the servers had addresses: where these are new, this process begins anew (once).
    """
    begun = os.environ.get(BEGUN, "")
    with (Stages(io.StringIO()) if begun else stages).stage("Start servers") as stage:
        try:
            hub.check_port(settings.HUB_HOME, settings.HUB_PORT)
            servers = stack.needed(os.environ)
            endpoints = stack.start(settings.HUB_HOME, servers)
        except StackError as error:
            raise CommandError(str(error)) from None
        stage.told = ", ".join(servers) or "none of the embedded ones is needed"
    if any(settings.STACK.get(name) != value for name, value in endpoints.items()):
        if begun:
            raise CommandError(f"{settings.HUB_HOME}/stack.json changes while the hub starts: does another start run?")
        sys.stdout.flush()
        again = {**os.environ, BEGUN: str(stage.seconds)}
        os.execve(sys.executable, [sys.executable, *sys.argv], again)  # noqa: S606 - this very command
    if begun:
        stages.done.append(replace(stage, seconds=float(begun)))


def prepare(stages: Stages) -> list[str]:
    """Bring the database, the topics, the lake and the static files up to date; returns the topics that were made."""
    from party_hub.events import kafka

    with stages.stage("Migrate the database"):
        call_command("migrate", interactive=False, verbosity=0)
    with stages.stage("Make lake and topics") as stage:
        made = kafka.ensure_topics()
        if "init_lake" in get_commands():
            call_command("init_lake", stdout=io.StringIO())
        stage.told = settings.LAKE_URL
    with stages.stage("Collect static files"):
        _collect_static()
    return made


def _collect_static() -> None:
    """With the settings of the web process, whose static files carry their fingerprint in the name."""
    stamp = settings.STATIC_ROOT / ".collected"
    found = _fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return
    env = {**os.environ, **hub.environment(settings.STACK)}
    argv = [sys.executable, str(hub.PROJECT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
    ran = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if ran.returncode:
        raise CommandError(f"Static files could not be collected:\n{ran.stderr.strip()[-2000:]}")
    stamp.write_text(found)


def _fingerprint() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def start_processes(stages: Stages) -> None:
    """Start web, workers, beat, relay and listener, and wait until the web process answers."""
    with stages.stage("Start processes") as stage:
        try:
            started = hub.start(settings.HUB_HOME, settings.HUB_PORT, hub.environment(settings.STACK))
            hub.wait(settings.HUB_HOME, settings.HUB_PORT)
        except StackError as error:
            raise CommandError(str(error)) from None
        stage.told = ", ".join(started) or "all were running"


def stop_all(stages: Stages) -> dict[str, list[str]]:
    """Stop the processes, then the servers; returns the names of those that ran."""
    with stages.stage("Stop processes") as stage:
        stopped = hub.stop(settings.HUB_HOME)
        stage.told = ", ".join(stopped) or "none was running"
    with stages.stage("Stop servers") as stage:
        servers = stack.stop(settings.HUB_HOME)
        stage.told = ", ".join(servers) or "none was running"
    return {"processes": stopped, "servers": servers}


def address() -> str:
    """Where the hub answers."""
    return f"http://localhost:{settings.HUB_PORT}/"


def report(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What runs now, for `--json`."""
    return {
        "address": address(),
        "processes": hub.running(settings.HUB_HOME),
        "servers": stack.running(settings.HUB_HOME),
        **extra,
    }
