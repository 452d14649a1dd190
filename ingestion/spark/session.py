"""The Spark session: one a process, started when it is first needed, kept for the next run."""

import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.sql import SparkSession

_LOGS = Path(__file__).with_name("log4j2.properties")
_STARTING = threading.Lock()
_PROJECT = Path(__file__).resolve().parents[2]


_NEEDED = {
    "spark.sql.session.timeZone": "UTC",
}


@dataclass(frozen=True)
class SparkOptions:
    """How to reach Spark. `java_home` "" leaves the choice to the machine."""

    master: str = "local[*]"
    driver_memory: str = "2g"
    java_home: str = ""
    ui: bool = False


def session(options: SparkOptions) -> SparkSession:
    """This process's session, started with `options` if there is none yet, or if its Java has died."""
    with _STARTING:
        _forget_the_dead()
        spark = SparkSession.getActiveSession() or _start(options)
    # Also where somebody else started it.
    for name, value in _NEEDED.items():
        spark.conf.set(name, value)
    return spark


def cancel_jobs() -> None:
    """Break off whatever Spark is at in this process; nothing happens where it is at nothing."""
    with suppress(Py4JError, OSError, AttributeError):
        if SparkContext._active_spark_context is not None:
            SparkContext._active_spark_context.cancelAllJobs()


def tasks_done() -> tuple[int, int] | None:
    """Of the tasks of what Spark is at, how many are done, and how many there are; None where it is at nothing."""
    with suppress(Py4JError, OSError, AttributeError):  # one that is just starting has no handles yet
        if SparkContext._active_spark_context is not None:
            tracker = SparkContext._active_spark_context.statusTracker()
            stages = [found for stage in tracker.getActiveStageIds() if (found := tracker.getStageInfo(stage))]
            if stages:
                return sum(one.numCompletedTasks for one in stages), sum(one.numTasks for one in stages)
    return None


def _forget_the_dead() -> None:
    """A Java that was killed leaves its handles behind; without them the next session starts a new one."""
    context = SparkContext._active_spark_context
    if context is None:
        return
    try:
        alive = not context._jsc.sc().isStopped()
    except (Py4JError, OSError):
        alive = False
    if not alive:
        SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None
        SparkSession._instantiatedSession = None


def _start(options: SparkOptions) -> SparkSession:
    if options.java_home:
        os.environ["JAVA_HOME"] = options.java_home
    # The workers' Python must be this one, and find the project: they import the mapping kernel.
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    paths = [str(_PROJECT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in paths if path))
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.driver.memory": options.driver_memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": str(options.ui).lower(),
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # A feed's steps are small against a cluster's defaults; adaptive execution splits what grows.
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.adaptive.enabled": "true",
        # A load's work in the JVM is short: the second compiler would take more time than it saves (measured: half).
        "spark.driver.extraJavaOptions": "-XX:+UseParallelGC -XX:TieredStopAtLevel=1 -Xss4m "
        f"-Dlog4j2.configurationFile={_LOGS.as_uri()}",
    }
    if not options.master.startswith("local"):
        settings = {name: value for name, value in settings.items() if not name.startswith("spark.driver.host")}
        settings.pop("spark.driver.bindAddress")
    builder = SparkSession.builder.appName("party-hub").master(options.master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
