"""What matching keeps. Models and labels are facts; runs tell what was done; all else is derived."""

from .label import Label, LabelRound, Question, Reading
from .match import (
    Band,
    CandidatePair,
    ExhaustedKeyRecord,
    IndexedRecord,
    MatchModel,
    MatchRun,
    OverfullKey,
    RealField,
    RecordKey,
)
from .training import TrainingRun

__all__ = [
    "Band",
    "CandidatePair",
    "ExhaustedKeyRecord",
    "IndexedRecord",
    "Label",
    "LabelRound",
    "MatchModel",
    "MatchRun",
    "OverfullKey",
    "Question",
    "Reading",
    "RealField",
    "RecordKey",
    "TrainingRun",
]
