"""Totals over the whole hub. While it is small they are counted for every page; what takes long is counted once a
minute.
"""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache

SLOW = 0.2  # seconds
Figures = TypeVar("Figures")


def kept(name: str, count: Callable[[], Figures]) -> Figures:
    """What `count` gives, or gave less than `FIGURES_KEPT` seconds ago where it was slow."""
    key = f"figures:{name}"
    known: Figures | None = cache.get(key)
    if known is not None:
        return known
    begun = perf_counter()
    figures = count()
    if perf_counter() - begun > SLOW:
        cache.set(key, figures, settings.FIGURES_KEPT)
    return figures
