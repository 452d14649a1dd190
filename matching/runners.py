"""Which runner a batch takes. Imported by tasks and commands only, never by the web: it brings Spark along."""

from collections.abc import Iterable

from django.conf import settings

from matching.division import divide_on_spark
from matching.engine.local import Runner, match_all
from matching.engine.spark import SparkRunner
from party_hub.actions.closure import in_whole_components
from party_hub.models import Link, SourceRecord

# Below, starting Spark and shuffling costs more than it saves.
WORTH_SPARK = 2_000_000
# So many links take about 10 GB in one process while their components are found.
HELD_BY_DRIVER = 50_000_000


def choose_runner(name: str = "auto") -> tuple[str, Runner]:
    """The runner of that name with its name; "auto" takes Spark where it pays, or where it is a cluster."""
    if name == "auto":
        clustered = not settings.SPARK_MASTER.startswith("local")
        name = "spark" if clustered or SourceRecord.objects.count() >= WORTH_SPARK else "local"
    return (name, match_all) if name == "local" else (name, _spark())


def whole_components() -> Iterable[list[str]]:
    """All records in chunks of whole components, found where `MATCH_COMPONENTS` says."""
    where = settings.MATCH_COMPONENTS
    if where == "spark" or (where == "auto" and Link.objects.count() > HELD_BY_DRIVER):
        return divide_on_spark(_spark())
    return in_whole_components(None)


def _spark() -> SparkRunner:
    return SparkRunner(settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY, settings.JAVA_HOME)
