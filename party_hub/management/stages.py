"""Stages of a long command on the terminal: what runs now, for how long, and at the end a table of all."""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Stage:
    """One step: `told` is what came of it, in a few words."""

    name: str
    told: str = ""
    seconds: float = 0.0


@dataclass
class Stages:
    """The steps so far. On a terminal the running one counts its seconds."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    done: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Show and time one step."""
        stage, started, ended = Stage(name), time.monotonic(), threading.Event()
        ticker = threading.Thread(target=self._tick, args=(name, started, ended), daemon=True)
        ticker.start()
        try:
            yield stage
        finally:
            ended.set()
            ticker.join()
            stage.seconds = time.monotonic() - started
        self._line(f"✓ {name:<28} {stage.seconds:7.1f} s  {stage.told}", last=True)
        self.done.append(stage)

    def _tick(self, name: str, started: float, ended: threading.Event) -> None:
        if not self.out.isatty():
            return
        while not ended.wait(0.2):
            self._line(f"… {name:<28} {time.monotonic() - started:7.1f} s", last=False)

    def _line(self, text: str, *, last: bool) -> None:
        overwrite = "\r\x1b[2K" if self.out.isatty() else ""
        self.out.write(f"{overwrite}{text}" + ("\n" if last else ""))
        self.out.flush()

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(stage.seconds for stage in self.done)


def table(rows: Sequence[Sequence[str]], head: Sequence[str], numbers: Sequence[int] = ()) -> str:
    """Rows under a head, as wide as they need; the columns in `numbers` are right-aligned."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.rjust(width) if at in numbers else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([line(head), "  ".join("─" * width for width in widths), *map(line, rows)])
