"""Processes are found again by pid and start time, and never mistaken for somebody else's."""

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from party_hub.embedded import hub, ports, processes
from party_hub.embedded.errors import StackError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print('up', flush=True); time.sleep(60)",
]


def test_a_recycled_pid_is_never_killed(tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEP)
    try:
        (tmp_path / "run").mkdir()
        processes.pid_file(tmp_path, "web").write_text(json.dumps({"pid": stranger.pid, "started": time.time() - 3600}))

        assert processes.find(tmp_path, "web") is None
        assert processes.stop(tmp_path, "web") is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1}'])
def test_a_damaged_pid_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run").mkdir()
    processes.pid_file(tmp_path, "web").write_text(text)

    assert processes.find(tmp_path, "web") is None


def test_who_does_not_listen_is_killed_with_its_children(tmp_path: Path) -> None:
    process = processes.spawn(tmp_path, "stubborn", STUBBORN)
    log = processes.log_file(tmp_path, "stubborn")
    processes.wait_until(tmp_path, "stubborn", lambda: "up" in log.read_text(), timeout=20)
    family = [process, *process.children(recursive=True)]
    assert len(family) == 2

    assert processes.stop(tmp_path, "stubborn", patience=0.5)

    assert [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE] == []


def test_a_server_that_dies_while_starting_says_its_last_words(tmp_path: Path) -> None:
    processes.spawn(
        tmp_path, "doomed", [sys.executable, "-c", "import time; time.sleep(.3); raise SystemExit('no such disk')"]
    )

    with pytest.raises(StackError, match="no such disk"):
        processes.wait_until(tmp_path, "doomed", lambda: False, timeout=20)


def test_a_server_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    processes.spawn(tmp_path, "slow", SLEEP)

    with pytest.raises(StackError, match="not ready after 0 s"):
        processes.wait_until(tmp_path, "slow", lambda: False, timeout=0.3)
    processes.stop(tmp_path, "slow")


def test_a_busy_port_is_an_error_that_names_the_variable() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as somebody:
        port = somebody.getsockname()[1]

        with pytest.raises(
            StackError, match=rf"Port {port} is busy\. Set HUB_PORT to a free port, for example HUB_PORT=\d+"
        ):
            ports.require_free("HUB_PORT", port)
    ports.require_free("HUB_PORT", port)


def test_the_workers_of_a_killed_web_process_are_given_time_to_let_go_of_its_port(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with socket.create_server((ports.LOOPBACK, 0)) as orphan:
        port = orphan.getsockname()[1]
        (tmp_path / "run" / "hub.json").write_text(json.dumps({"port": port}))
        leaving = threading.Timer(0.5, orphan.close)
        leaving.start()

        hub.check_port(tmp_path, port)

        leaving.join()


def test_a_long_log_is_put_aside_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    (tmp_path / "logs").mkdir()
    processes.log_file(tmp_path, "chatty").write_text("more than ten bytes")

    processes.spawn(tmp_path, "chatty", SLEEP)
    processes.stop(tmp_path, "chatty")

    assert (tmp_path / "logs" / "chatty.log.1").read_text() == "more than ten bytes"
