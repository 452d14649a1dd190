"""compose.yml starts the same processes as a developer's machine, with settings that exist."""

import os
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from party_hub.embedded import hub

PROJECT = Path(__file__).resolve().parent.parent.parent
DOCKER = PROJECT / "docker"
SERVERS = {"postgres", "redis", "kafka", "localstack"}


@cache
def compose() -> dict[str, Any]:
    return yaml.safe_load((DOCKER / "compose.yml").read_text())


def services() -> dict[str, Any]:
    """The hub's own, without the servers."""
    return {name: service for name, service in compose()["services"].items() if name not in SERVERS}


def has_compose() -> bool:
    try:
        return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_every_process_of_the_design_and_the_one_that_prepares_them_is_a_service() -> None:
    assert set(services()) == {*hub.PROCESSES, "migrate"}


@pytest.mark.parametrize("name", hub.PROCESSES)
def test_a_process_runs_the_same_command_as_on_a_developers_machine(name: str) -> None:
    command = [part for part in services()[name]["command"] if part not in ("python", "--bind", "0.0.0.0:8000")]

    assert command == list(hub.COMMANDS[name])


def test_every_management_command_in_use_exists() -> None:
    text = (DOCKER / "compose.yml").read_text() + (DOCKER / "Dockerfile").read_text()
    used = set(re.findall(r"manage\.py,? (\w+)", text))

    assert used >= {"migrate", "init_lake", "relay_events", "listen_events", "health_check", "collectstatic"}
    assert used <= set(get_commands())


def test_every_queue_that_work_is_sent_to_has_a_worker() -> None:
    served = {command[command.index("-Q") + 1] for command in hub.COMMANDS.values() if "-Q" in command}
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}

    assert served == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_every_setting_that_compose_or_the_image_gives_is_one_that_the_hub_reads() -> None:
    source = (PROJECT / "party_hub" / "settings.py").read_text()
    read = set(re.findall(r'(?:env(?:\.\w+)?|_address|environ\.get)\(\s*"([A-Z_]+)"', source))
    given = set(compose()["x-hub"]["environment"])
    example = set(re.findall(r"^([A-Z_]+)=", (DOCKER / ".env.example").read_text(), re.MULTILINE))
    image = set(
        re.findall(r"^\s+(?:ENV )?(HUB_\w+|DEBUG|JAVA_HOME)=", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    )

    assert given - read == set()
    assert image - read == set()
    assert example - read == {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def test_every_variable_without_a_default_stands_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DOCKER / "compose.yml").read_text()))
    example = set(re.findall(r"^([A-Z_]+)=", (DOCKER / ".env.example").read_text(), re.MULTILINE))

    assert wanted == example


def test_images_are_pinned() -> None:
    images = {name: compose()["services"][name]["image"] for name in SERVERS}

    assert all(re.search(r":\d+\.\d+", image) for image in images.values()), images
    assert images["localstack"] == "localstack/localstack:4.14.0"
    assert images["postgres"].startswith("postgres:17")
    assert images["kafka"].startswith("apache/kafka:4")


def test_every_server_and_the_web_process_have_a_health_check() -> None:
    checked = {name for name, service in compose()["services"].items() if "healthcheck" in service}

    assert checked >= SERVERS | {"web", "worker", "spark-worker", "relay", "listener"}


def test_only_the_web_process_is_published_and_only_on_loopback() -> None:
    published = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}

    assert set(published) == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_the_image_holds_every_path_that_it_copies_and_runs_as_a_user() -> None:
    lines = (DOCKER / "Dockerfile").read_text().splitlines()
    copied = [part for line in lines if re.match(r"COPY (?!--from)", line) for part in line.split()[1:-1]]
    allowed = {
        line.removeprefix("!") for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }

    assert [path for path in copied if not (PROJECT / path).exists()] == []
    assert set(copied) == allowed
    assert [line for line in lines if line.startswith("USER")] == ["USER hub"]


def run_entrypoint(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    # As the image's user: the script refuses root, which the tests may be.
    user = 65534 if os.geteuid() == 0 else None
    script = ["sh", "-c", (DOCKER / "entrypoint.sh").read_text(), "entrypoint.sh", *command]
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run(script, env={**path, **env}, user=user, cwd="/", capture_output=True, text=True, check=False)


def test_the_entrypoint_becomes_the_process_that_it_is_told_to_run() -> None:
    ran = run_entrypoint("echo", "relay", SECRET_KEY="x", DATABASE_URL="y")

    assert (ran.returncode, ran.stdout) == (0, "relay\n")


@pytest.mark.parametrize(
    ("env", "complaint"),
    [({"DATABASE_URL": "y"}, "SECRET_KEY is not set"), ({"SECRET_KEY": "x"}, "DATABASE_URL is not set")],
)
def test_the_entrypoint_names_what_is_missing(env: dict[str, str], complaint: str) -> None:
    ran = run_entrypoint("echo", "relay", **env)

    assert ran.returncode == 1
    assert complaint in ran.stderr


def test_the_entrypoint_asks_for_a_process() -> None:
    assert "Name a process" in run_entrypoint(SECRET_KEY="x", DATABASE_URL="y").stderr


def test_compose_accepts_the_file() -> None:
    if not has_compose():
        pytest.skip("this docker client has no compose")
    env = {**os.environ, "SECRET_KEY": "x", "POSTGRES_PASSWORD": "y", "REDIS_PASSWORD": "z"}
    command = shlex.split(f"docker compose -f {DOCKER / 'compose.yml'} config --quiet")
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
