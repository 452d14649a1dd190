"""`up` and `down` on a home of their own, as an operator runs them."""

import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from party_hub.embedded import stack

Manage = Callable[..., "subprocess.CompletedProcess[str]"]


def answer(ran: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_servers_come_up_and_go_down(manage: Manage) -> None:
    up = answer(manage("up", "--servers", "--json"))
    assert up["servers"] == dict.fromkeys(stack.SERVERS, True)

    down = answer(manage("down", "--json"))
    assert down["servers"] == list(stack.SERVERS)
    assert down["processes"] == []

    assert answer(manage("down", "--json"))["servers"] == []


def test_a_busy_port_is_told_before_anything_starts(home: Path, manage: Manage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        ran = manage("up", HUB_PORT=str(port))

    assert ran.returncode == 1
    assert f"Port {port} is busy. Set HUB_PORT to a free port" in ran.stderr
    assert stack.running(home) == dict.fromkeys(stack.SERVERS, False)
