"""The lake: the one door to S3, or to a folder in its place. Zones hold sets, each whole or not there at all.

    raw/<feed>/<date>/<run>/<file>              as landed, never changed
    curated/<feed>/run=<run>/part-*.parquet     cleaned and validated
    quarantine/<feed>/run=<run>/part-*.parquet  rows set aside, each with its reason
    golden/<snapshot>/…                         published

What belongs together is written as a set: the data first, `manifest.json` last. A set without a manifest does not
exist for a reader, so a crash between the two shows nothing; the next write of the same set replaces it.
"""

from .errors import LakeAway, LakeError
from .store import Entry, FolderStore
from .zones import MANIFEST, Lake, Zone, checksum, fetch, open_lake

__all__ = [
    "MANIFEST",
    "Entry",
    "FolderStore",
    "Lake",
    "LakeAway",
    "LakeError",
    "Zone",
    "checksum",
    "fetch",
    "open_lake",
]
