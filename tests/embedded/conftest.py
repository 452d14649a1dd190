"""A home of its own for each module that starts and kills servers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from party_hub.embedded import stack


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home folder; whatever runs in it at the end is stopped."""
    folder = Path(__file__).resolve().parent.parent.parent / ".hub" / "test-embedded"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    if folder.exists():
        stack.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
