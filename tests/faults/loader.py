"""Loads a run as the Spark worker does, in a process that a test may kill; tells each stage on its standard output.

`python -m tests.faults.loader RUN`: goes on while the run is put back into the queue, as the worker would.
"""

import contextlib
import sys

import django

django.setup()

from ingestion.loading import load  # noqa: E402
from ingestion.models import FeedRun, RunState  # noqa: E402


def tell(run: FeedRun) -> None:
    """One line for each step that the run has come further."""
    sys.stdout.write(f"{run.stage or run.state}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run = FeedRun.objects.select_related("feed").get(pk=int(sys.argv[1]))
    while run.live:
        with contextlib.suppress(Exception):
            load(run, watch=tell, again=True)
    sys.exit(0 if run.state == RunState.SUCCEEDED else 1)
