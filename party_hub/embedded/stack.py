"""The stack as a whole: start, stop, and where its servers are.

`stack.json` in the home folder holds the endpoints that settings read, and the ports and passwords that restarts keep.
Both calls may be made at any time, twice, by two processes at once, or after somebody killed anything.
"""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from party_hub.embedded import broker, java, postgres, processes, s3, valkey
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import keep_or_find

SERVERS = (postgres.NAME, valkey.NAME, broker.NAME, s3.NAME)
# Who brings a server of their own names it here; the embedded one then stays down.
REPLACED_BY = {
    postgres.NAME: "DATABASE_URL",
    valkey.NAME: "REDIS_URL",
    broker.NAME: "KAFKA_BOOTSTRAP_SERVERS",
    s3.NAME: "LAKE_URL",
}
PORTS = {
    postgres.NAME: ("postgres",),
    valkey.NAME: ("valkey",),
    broker.NAME: ("broker",),
    s3.NAME: tuple(f"s3_{role}" for role in s3.ROLES),
}
T = TypeVar("T")
ENDPOINTS = (
    "database_url", "redis_url", "kafka_bootstrap_servers", "lake_url", "aws_endpoint_url", "aws_access_key_id",
    "aws_secret_access_key", "java_home", "secret_key",
)  # fmt: skip


def needed(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The servers for which the environment names no other."""
    return tuple(name for name in SERVERS if not environ.get(REPLACED_BY[name]))


def start(home: Path, servers: tuple[str, ...] = SERVERS) -> dict[str, str]:
    """Start what does not run, all at once; returns the endpoints. Raises a `StackError` that says what failed."""
    home = _prepared(home)
    with _alone(home):
        state = _read(home)
        postgres.adopt(home)
        _choose_ports(home, state, servers)
        _choose_secrets(home, state)
        state["java_home"] = java.find(home)
        _write(home, state)  # before any server runs: its password must never be lost
        for found in _each_at_once(_starters(home, state), servers):
            state.update(found)
        _write(home, state)
    return endpoints(home)


def stop(home: Path) -> list[str]:
    """Stop every server; returns the names of those that ran."""
    home = home.resolve()
    if not home.exists():
        return []
    with _alone(home):
        ports = {}
        with contextlib.suppress(StackError):  # a damaged file must not keep the servers running
            ports = _read(home).get("ports", {})
        s3_ports = {role: ports[f"s3_{role}"] for role in s3.ROLES if f"s3_{role}" in ports}
        stoppers: dict[str, Callable[[], bool]] = {
            postgres.NAME: lambda: postgres.stop(home),
            valkey.NAME: lambda: valkey.stop(home),
            broker.NAME: lambda: broker.stop(home),
            s3.NAME: lambda: s3.stop(home, s3_ports),
        }
        return [name for name, ran in zip(SERVERS, _each_at_once(stoppers, SERVERS), strict=True) if ran]


def endpoints(home: Path) -> dict[str, str]:
    """The endpoints of the last start; empty where there was none."""
    state = _read(home.resolve())
    return {name: state[name] for name in ENDPOINTS if name in state}


def running(home: Path) -> dict[str, bool]:
    """Which servers run."""
    return {name: processes.find(home.resolve(), name) is not None for name in SERVERS}


def _prepared(home: Path) -> Path:
    home = home.resolve()
    # For root, PostgreSQL runs as another user, who must get through.
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    for name in ("run", "logs"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    return home


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One start or stop at a time for one home; the others wait."""
    with (home / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(home: Path) -> dict[str, Any]:
    file = home / "stack.json"
    if not file.exists():
        return {}
    try:
        state: dict[str, Any] = json.loads(file.read_text())
    except json.JSONDecodeError as error:
        raise StackError(
            f"{file} is damaged ({error}). Restore it, or delete {home} to begin anew without its data."
        ) from None
    return state


def _write(home: Path, state: Mapping[str, Any]) -> None:
    """Only for the owner's eyes, and never half-written."""
    draft = home / f"stack.json.{os.getpid()}"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(state, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / "stack.json")


def _choose_ports(home: Path, state: dict[str, Any], servers: tuple[str, ...]) -> None:
    """Ports of running servers stay; those of stopped ones stay if they are free."""
    ports: dict[str, int] = state.setdefault("ports", {})
    for server in servers:
        if processes.find(home, server) is not None and all(name in ports for name in PORTS[server]):
            continue
        patience = 3.0 if processes.pid_file(home, server).exists() else 0.0  # a pid file without its process: killed
        for name in PORTS[server]:
            others = frozenset(port for other, port in ports.items() if other != name)
            companion = s3.GRPC_OFFSET if server == s3.NAME else 0
            ports[name] = keep_or_find(ports.get(name), companion=companion, taken=others, patience=patience)


def _choose_secrets(home: Path, state: dict[str, Any]) -> None:
    if "passwords" not in state:
        if (home / "postgres" / "PG_VERSION").exists():
            raise StackError(
                f"{home}/stack.json is gone, and with it the passwords. Restore it, or delete {home} to begin anew."
            )
        state["passwords"] = {name: secrets.token_urlsafe(24) for name in ("postgres", "valkey", "s3_key", "s3_secret")}
        state["secret_key"] = secrets.token_urlsafe(48)


def _starters(home: Path, state: dict[str, Any]) -> dict[str, Callable[[], dict[str, str]]]:
    ports, passwords = state["ports"], state["passwords"]
    return {
        postgres.NAME: lambda: postgres.start(home, ports["postgres"], passwords["postgres"]),
        valkey.NAME: lambda: valkey.start(home, ports["valkey"], passwords["valkey"]),
        broker.NAME: lambda: broker.start(home, ports["broker"]),
        s3.NAME: lambda: s3.start(
            home, {role: ports[f"s3_{role}"] for role in s3.ROLES}, passwords["s3_key"], passwords["s3_secret"]
        ),
    }


def _each_at_once(acts: Mapping[str, Callable[[], T]], names: tuple[str, ...]) -> list[T]:
    """Run the acts in parallel; the first error is raised when all have ended."""
    with ThreadPoolExecutor(max_workers=len(names) or 1) as pool:
        futures = [pool.submit(acts[name]) for name in names]
    return [future.result() for future in futures]
