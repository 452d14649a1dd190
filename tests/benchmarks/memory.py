"""The peak of what a process and all its children hold in memory, Java among them."""

import threading
from types import TracebackType
from typing import Self

import psutil


class PeakMemory:
    """Adds up the resident memory of a process tree, four times a second, while the `with` block lasts."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self.total = 0
        self.java = 0

    @property
    def total_mb(self) -> int:
        """Peak of the whole tree."""
        return self.total // 1024**2

    @property
    def java_mb(self) -> int:
        """Peak of its Java processes."""
        return self.java // 1024**2

    def _sample(self) -> None:
        while not self._ended.wait(0.25):
            total = java = 0
            for process in self._tree():
                try:
                    held = process.memory_info().rss
                    total += held
                    java += held if process.name() == "java" else 0
                except psutil.NoSuchProcess:
                    continue
            self.total, self.java = max(self.total, total), max(self.java, java)

    def _tree(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def __enter__(self) -> Self:
        self._sampler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._sampler.join()
