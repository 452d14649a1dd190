"""Which runner a batch takes. Imported by tasks and commands only, never by the web: it brings Spark along."""

from django.conf import settings

from matching.engine.local import Runner, match_all
from matching.engine.spark import SparkRunner
from party_hub.models import SourceRecord

# Below, starting Spark and shuffling costs more than it saves.
WORTH_SPARK = 2_000_000


def choose_runner(name: str = "auto") -> tuple[str, Runner]:
    """The runner of that name with its name; "auto" takes Spark where it pays, or where it is a cluster."""
    if name == "auto":
        clustered = not settings.SPARK_MASTER.startswith("local")
        name = "spark" if clustered or SourceRecord.objects.count() >= WORTH_SPARK else "local"
    if name == "local":
        return name, match_all
    return name, SparkRunner(settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY, settings.JAVA_HOME)
