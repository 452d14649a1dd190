"""What matching keeps. Models and labels are facts; runs tell what was done; all else is derived."""

from .label import Label, LabelRound, Question, Reading
from .match import Band, CandidatePair, MatchModel, MatchRun, OverfullKey, RealField, RecordForm, RecordKey
from .training import TrainingRun

__all__ = [
    "Band",
    "CandidatePair",
    "Label",
    "LabelRound",
    "MatchModel",
    "MatchRun",
    "OverfullKey",
    "Question",
    "Reading",
    "RealField",
    "RecordForm",
    "RecordKey",
    "TrainingRun",
]
