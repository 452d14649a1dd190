"""Feeds and their runs. Runs and rejected rows are written by `ingestion.actions` alone."""

from .event import SeenEvent
from .feed import Feed, FeedMapping, LoadType, MappingDraft
from .quality import DIMENSIONS, SEVERITIES, QualityResult, QualityRule
from .reject import RejectedRow, RejectState
from .run import LIVE, OVER, FeedRun, RunState, Stage

__all__ = [
    "DIMENSIONS",
    "LIVE",
    "OVER",
    "SEVERITIES",
    "Feed",
    "FeedMapping",
    "FeedRun",
    "LoadType",
    "MappingDraft",
    "QualityResult",
    "QualityRule",
    "RejectState",
    "RejectedRow",
    "RunState",
    "SeenEvent",
    "Stage",
]
