"""The feeds' adapters: each file in this folder is one, found by itself.

To add a feed, add a file that defines `ADAPTER`.
"""

import importlib
import pkgutil
from functools import cache

from ingestion.mapping.adapter import Adapter


class UnknownFeed(LookupError):
    """There is no such feed; the text says which there are."""


@cache
def adapters() -> dict[str, Adapter]:
    """Every adapter by its name, in the order of the names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found: dict[str, Adapter] = {}
    for name in names:
        adapter = importlib.import_module(f"{__name__}.{name}").ADAPTER
        found[adapter.name] = adapter
    return found


def adapter_of(name: str) -> Adapter:
    """The adapter of this name; raises UnknownFeed."""
    try:
        return adapters()[name]
    except KeyError:
        raise UnknownFeed(f"There is no feed {name!r}. There are {', '.join(adapters())}.") from None
