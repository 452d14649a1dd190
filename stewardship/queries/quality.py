"""Quality as the pages show it: of golden records, and of what the feeds bring, by side and over time."""

from dataclasses import dataclass

from django.db.models import Avg, Count, QuerySet

from ingestion.models import Feed, FeedRun, QualityResult
from ingestion.quality.dimensions import Dimension
from party_hub.models import GoldenRecord, SourceRecord

from .figures import kept

RUNS = 20  # that a trend looks back


@dataclass(frozen=True)
class QualityBand:
    """How many golden records score from `low` up to `high`."""

    low: int
    high: int
    parties: int
    share: float


@dataclass(frozen=True)
class Quality:
    """The distribution of quality, by type and overall, and the parties worth looking at first."""

    bands: list[QualityBand]
    by_type: list[tuple[str, int, float]]
    worst: list[GoldenRecord]
    average: float | None
    total: int


def quality() -> Quality:
    """How good the live golden records are. Three queries."""
    live = GoldenRecord.objects.filter(party__status="active")
    by_type, counts = kept("quality", lambda: (_by_type(live), _by_score(live)))
    total = sum(counts.values())
    tenths = [
        sum(n for score, n in counts.items() if low <= score < low + 10 or score == low + 10 == 100)
        for low in range(0, 100, 10)
    ]
    largest = max(tenths, default=0) or 1
    bands = [
        QualityBand(10 * place, 10 * place + 10, parties, parties / largest) for place, parties in enumerate(tenths)
    ]
    worst = list(live.select_related("party").order_by("quality", "party")[:15])
    average = sum(score * n for score, n in counts.items()) / total if total else None
    return Quality(bands, by_type, worst, average, total)


def _by_type(live: QuerySet[GoldenRecord]) -> list[tuple[str, int, float]]:
    numbers = live.values("party__party_type").annotate(parties=Count("pk"), average=Avg("quality"))
    return [(row["party__party_type"], row["parties"], row["average"]) for row in numbers.order_by("-parties")]


def _by_score(live: QuerySet[GoldenRecord]) -> dict[int, int]:
    return dict(live.values_list("quality").annotate(parties=Count("pk")).order_by())


@dataclass(frozen=True)
class Score:
    """How much of what a side of quality asks was kept, from 0 to 100; None where nothing asks it."""

    dimension: str
    percent: float | None
    failing: int


@dataclass(frozen=True)
class Scorecard:
    """A feed by sides of quality, in its last load."""

    feed: Feed
    run: FeedRun
    scores: list[Score]

    @property
    def overall(self) -> float:
        """All sides alike."""
        known = [score.percent for score in self.scores if score.percent is not None]
        return sum(known) / len(known) if known else 100.0


def scorecards() -> list[Scorecard]:
    """Every feed that has been loaded, in its last load. Two queries."""
    last = (
        FeedRun.objects.filter(results__isnull=False)
        .order_by("feed_id", "-pk")
        .distinct("feed_id")
        .select_related("feed__source")
    )
    runs = list(last)
    of_run: dict[int, list[QualityResult]] = {run.pk: [] for run in runs}
    for result in QualityResult.objects.filter(run__in=runs):
        of_run[result.run_id].append(result)
    return [Scorecard(run.feed, run, scores_of(of_run[run.pk])) for run in runs]


def scores_of(results: list[QualityResult]) -> list[Score]:
    """One score for each side of quality."""
    return [_score(side, [result for result in results if result.dimension == side]) for side in Dimension]


def _score(side: Dimension, results: list[QualityResult]) -> Score:
    """Each rule counts alike, by the share of rows that keep it, so that a rule on few rows is not drowned."""
    kept = [100 * (1 - result.failing / result.rows) for result in results if result.rows]
    return Score(side, sum(kept) / len(kept) if kept else None, sum(result.failing for result in results))


@dataclass(frozen=True)
class RuleShown:
    """A rule of a feed: its last result, and its share of kept rows over the runs (oldest first)."""

    result: QualityResult
    history: list[tuple[FeedRun, float]]

    @property
    def percent(self) -> float:
        """How many of the rows keep it, of 100."""
        return _percent(self.result)


@dataclass(frozen=True)
class FeedQuality:
    """A feed's quality over its last runs: by side, by number of rows, by rule."""

    feed: Feed
    runs: list[FeedRun]
    sides: list[tuple[str, list[tuple[FeedRun, float]]]]
    rules: list[RuleShown]


def feed_quality(name: str) -> FeedQuality:
    """How a feed's quality went over its last runs. Raises Feed.DoesNotExist. Three queries."""
    feed = Feed.objects.select_related("source").get(name=name)
    newest = FeedRun.objects.filter(feed=feed, results__isnull=False).distinct().order_by("-pk")[:RUNS]
    runs = sorted(newest, key=lambda run: run.pk)
    by_run: dict[int, list[QualityResult]] = {run.pk: [] for run in runs}
    for result in QualityResult.objects.filter(run__in=runs):
        by_run[result.run_id].append(result)
    scores = [(run, scores_of(by_run[run.pk])) for run in runs]
    sides = [(str(side), _over_time(scores, at)) for at, side in enumerate(Dimension)]
    last = by_run[runs[-1].pk] if runs else []
    rules = [
        RuleShown(
            result,
            [(run, _percent(one)) for run in runs for one in by_run[run.pk] if one.code == result.code and one.rows],
        )
        for result in last
    ]
    return FeedQuality(feed, runs, [(side, points) for side, points in sides if points], rules)


def _over_time(scores: list[tuple[FeedRun, list[Score]]], side: int) -> list[tuple[FeedRun, float]]:
    measured = ((run, of_run[side].percent) for run, of_run in scores)
    return [(run, percent) for run, percent in measured if percent is not None]


def _percent(result: QualityResult) -> float:
    return 100 * (1 - result.failing / result.rows) if result.rows else 100.0


@dataclass(frozen=True)
class NotedRow:
    """A row that breaks a rule and came in all the same; `record` is None once a later file has replaced it."""

    line: int
    record: SourceRecord | None


def noted_rows(pk: int) -> tuple[QualityResult, list[NotedRow]]:
    """The first rows behind a note. Raises QualityResult.DoesNotExist. Two queries."""
    result = QualityResult.objects.select_related("run__feed").get(pk=pk)
    places = {f"{result.run.raw_location}#{line}": line for line in result.lines}
    found = SourceRecord.objects.filter(raw_location__in=list(places))
    records = {places[record.raw_location]: record for record in found}
    return result, [NotedRow(line, records.get(line)) for line in result.lines]
