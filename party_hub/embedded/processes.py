"""Detached processes with a pid file: started once, found again after a crash, stopped without leftovers.

A pid file holds the pid and the start time of its process. A number that the system has meanwhile given to somebody
else's process has another start time, so it is never mistaken for ours and never killed.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from party_hub.embedded.errors import StackError

SAME_START = 2.0  # seconds by which two readings of one start time may differ when the clock is set
LOG_LIMIT = 10_000_000  # bytes; a longer log is put aside once, at the next start


def pid_file(home: Path, name: str) -> Path:
    """Where the process called `name` is written down."""
    return home / "run" / f"{name}.pid"


def log_file(home: Path, name: str) -> Path:
    """Where the process called `name` writes its output."""
    return home / "logs" / f"{name}.log"


def find(home: Path, name: str) -> psutil.Process | None:
    """The live process called `name`, None where there is none (any more)."""
    try:
        noted = json.loads(pid_file(home, name).read_text())
        process = psutil.Process(noted["pid"])
        if abs(process.create_time() - noted["started"]) > SAME_START or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except (FileNotFoundError, json.JSONDecodeError, KeyError, psutil.NoSuchProcess):
        return None
    return process


def note(home: Path, name: str, pid: int) -> psutil.Process:
    """Write down that `pid` is the process called `name`."""
    process = psutil.Process(pid)
    target = pid_file(home, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"pid": pid, "started": process.create_time()}))
    draft.replace(target)
    return process


def spawn(
    home: Path,
    name: str,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: int | None = None,
    group: int | None = None,
) -> psutil.Process:
    """Start a process that outlives this one, in its own session, its output appended to its log.

    `env` is added to this process's environment. `user` and `group` need root.
    """
    log = log_file(home, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own command lines
            [*argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
        )
    try:
        return note(home, name, child.pid)
    except psutil.NoSuchProcess:
        raise StackError(f"{name} ended at once. {last_words(home, name)}") from None


def wait_until(home: Path, name: str, ready: Callable[[], bool], *, timeout: float) -> None:
    """Wait until `ready()`; raise a `StackError` with the end of the log where the process dies or the time is up."""
    deadline = time.monotonic() + timeout
    while not ready():
        if find(home, name) is None:
            raise StackError(f"{name} ended while it was starting. {last_words(home, name)}")
        if time.monotonic() > deadline:
            raise StackError(f"{name} is not ready after {timeout:.0f} s. {last_words(home, name)}")
        time.sleep(0.1)


def ensure(home: Path, name: str, launch: Callable[[], object], ready: Callable[[], bool], *, timeout: float) -> None:
    """See to it that the process called `name` runs and is ready; `launch` spawns it where it does not run."""
    if find(home, name) is not None:
        try:
            return wait_until(home, name, ready, timeout=timeout)
        except StackError:
            if find(home, name) is not None:
                raise
            # It was dying when we looked.
    launch()
    return wait_until(home, name, ready, timeout=timeout)


def last_words(home: Path, name: str, lines: int = 8) -> str:
    """The end of a log, for an error message."""
    log = log_file(home, name)
    text = log.read_text(errors="replace") if log.exists() else ""
    return f"The end of {log}:\n" + "\n".join(text.splitlines()[-lines:])


def stop(home: Path, name: str, *, gently: signal.Signals = signal.SIGTERM, patience: float = 15.0) -> bool:
    """Stop the process called `name` and all that it started; whether there was one.

    It is asked first; what is left after `patience` seconds is killed.
    """
    process = find(home, name)
    if process is not None:
        family = [process, *_descendants(process)]
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(gently)
        _gone, left = psutil.wait_procs([process], timeout=patience)
        _kill([*left, *family])
    pid_file(home, name).unlink(missing_ok=True)
    return process is not None


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return list(process.children(recursive=True))
    return []


def _kill(processes: Sequence[psutil.Process]) -> None:
    """Kill those still alive. psutil checks the start time first, so a recycled pid is safe."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)
