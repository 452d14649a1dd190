"""All records in chunks that keep together what is joined, where one process would not hold all links: Spark finds the
components, and the chunks are then clustered as ever, by the same function in the same processes."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from matching.engine.components import chunks, components
from matching.engine.spark import SparkRunner
from party_hub.actions.closure import CHUNK_RECORDS, EDGES
from party_hub.models import SourceRecord
from party_hub.models.copy import copy_to


def divide_on_spark(runner: SparkRunner) -> Iterator[list[str]]:
    """Lists of about `CHUNK_RECORDS` ids. The links go by a file that every machine of Spark's must see."""
    with TemporaryDirectory(dir=settings.SPARK_SCRATCH or None) as folder:
        path = Path(folder) / "edges.csv"
        with path.open("wb") as file:
            copy_to(f"{EDGES} UNION ALL SELECT id, id FROM party_hub_sourcerecord", file)
        edges = runner.session().read.csv(str(path), schema="left string, right string")
        number = SourceRecord.objects.count() // CHUNK_RECORDS
        for row in chunks(components(edges), number).toLocalIterator(prefetchPartitions=True):
            yield row.nodes
