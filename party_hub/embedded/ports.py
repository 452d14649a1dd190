"""Loopback ports: found once, kept as long as they stay free."""

import random
import socket
import time

from party_hub.embedded.errors import StackError

LOOPBACK = "127.0.0.1"
# Below the range from which systems draw outgoing ports, so that no passing call takes a stopped server's port.
RANGE = range(15_000, 22_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: the remains of closed connections do not count as busy, a listener does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def keep_or_find(
    remembered: int | None, *, companion: int = 0, taken: frozenset[int] = frozenset(), patience: float = 0.0
) -> int:
    """The remembered port where it is still free, else another free one.

    `companion` asks that the port that many numbers further is free too; `taken` are ports already promised to others.
    A killed server lets go of its port a moment after its death: `patience` (seconds) waits for that.
    """

    def usable(port: int) -> bool:
        return port not in taken and is_free(port) and (not companion or is_free(port + companion))

    deadline = time.monotonic() + patience
    while remembered:
        if usable(remembered):
            return remembered
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for port in random.sample(RANGE, k=200):
        if usable(port):
            return port
    raise StackError(f"No free port found between {RANGE.start} and {RANGE.stop} on {LOOPBACK}.")


def require_free(variable: str, port: int, *, patience: float = 0.0) -> None:
    """Raise a `StackError` naming the environment variable where somebody else listens on its port.

    `patience` (seconds) is what somebody who is about to leave is given.
    """
    deadline = time.monotonic() + patience
    while not is_free(port):
        if time.monotonic() < deadline:
            time.sleep(0.1)
            continue
        raise StackError(
            f"Port {port} is busy. Set {variable} to a free port, for example {variable}={find_near(port)}."
        )


def find_near(port: int) -> int:
    """The first free port above `port`, as a suggestion."""
    return next((other for other in range(port + 1, min(port + 100, 65_536)) if is_free(other)), port + 1)
