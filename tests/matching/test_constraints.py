"""Every constraint of matching, broken once: the database itself says no."""

import pytest
from django.db import IntegrityError, transaction

from matching.models import CandidatePair, Label, LabelRound, MatchModel, MatchRun, Question
from tests.factories import SourceRecordFactory

pytestmark = pytest.mark.django_db

SCORED = {
    "kind": "individual", "model_version": "m1", "total": 2.0, "probability": 0.88, "contributions": [2.0],
    "band": "review",
}  # fmt: skip


@pytest.fixture
def pair():
    """Two source records, the lower id first."""
    return sorted((SourceRecordFactory(), SourceRecordFactory()), key=lambda record: record.id)


def refuses(constraint, create):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        create()


def test_one_model_is_in_force():
    MatchModel.objects.create(version="m1", artefact=b"", active=True, created_by="t")
    refuses(
        "match_model_one_active",
        lambda: MatchModel.objects.create(version="m2", artefact=b"", active=True, created_by="t"),
    )


def test_a_model_has_a_version():
    refuses("match_model_has_version", lambda: MatchModel.objects.create(version="", artefact=b"", created_by="t"))


def test_a_run_that_is_over_says_when():
    refuses(
        "match_run_ends_when_not_running",
        lambda: MatchRun.objects.create(kind="full", state="done", model_version="m1", started_by="t"),
    )


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("candidate_pair_band_known", {"band": "perhaps"}),
        ("candidate_pair_probability", {"probability": 1.5}),
    ],
)
def test_a_pair_s_score_makes_sense(pair, constraint, wrong):
    left, right = pair
    refuses(constraint, lambda: CandidatePair.objects.create(left=left, right=right, **{**SCORED, **wrong}))


def test_a_pair_is_kept_once_with_the_lower_id_first(pair):
    left, right = pair
    CandidatePair.objects.create(left=left, right=right, **SCORED)
    refuses("candidate_pair_once", lambda: CandidatePair.objects.create(left=left, right=right, **SCORED))
    refuses("candidate_pair_left_first", lambda: CandidatePair.objects.create(left=right, right=left, **SCORED))


def test_a_person_labels_a_pair_once_with_the_lower_id_first(pair):
    left, right = pair
    Label.objects.create(left=left, right=right, verdict="match", author="user:ada")
    refuses(
        "label_once_per_author",
        lambda: Label.objects.create(left=left, right=right, verdict="no_match", author="user:ada"),
    )
    refuses(
        "label_left_first", lambda: Label.objects.create(left=right, right=left, verdict="match", author="user:ben")
    )


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("label_verdict_known", {"verdict": "perhaps"}),
        ("label_reading_known", {"reading": "third"}),
        ("label_probability", {"probability": 1.5}),
    ],
)
def test_a_label_makes_sense(pair, constraint, wrong):
    left, right = pair
    told = {"left": left, "right": right, "verdict": "match", "author": "user:ada", **wrong}
    refuses(constraint, lambda: Label.objects.create(**told))


def test_a_pair_is_settled_once(pair):
    left, right = pair
    told = {"left": left, "right": right, "verdict": "match", "reading": "settled"}
    Label.objects.create(**told, author="user:cleo")
    refuses("label_settled_once", lambda: Label.objects.create(**told, author="user:dan"))


def test_one_round_is_open():
    LabelRound.objects.create(started_by="user:ada")
    refuses("label_round_one_open", lambda: LabelRound.objects.create(started_by="user:cleo"))


@pytest.mark.parametrize(("constraint", "wrong"), [("label_round_share", {"second_share": 101})])
def test_a_round_makes_sense(constraint, wrong):
    refuses(constraint, lambda: LabelRound.objects.create(started_by="user:ada", **wrong))
    refuses("label_round_size", lambda: LabelRound.objects.create(started_by="user:ada", wanted=0))


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [("question_purpose_known", {"purpose": "fun"}), ("question_probability", {"probability": -0.1})],
)
def test_a_question_makes_sense(pair, constraint, wrong):
    left, right = pair
    asked = LabelRound.objects.create(started_by="user:ada")
    told = {"round": asked, "rank": 1, "purpose": "learn", "twice": False, "probability": 0.5}
    refuses(constraint, lambda: Question.objects.create(left=left, right=right, **{**told, **wrong}))


def test_a_pair_is_asked_once_a_round_with_the_lower_id_first(pair):
    left, right = pair
    asked = LabelRound.objects.create(started_by="user:ada")
    told = {"round": asked, "rank": 1, "purpose": "learn", "twice": False, "probability": 0.5}
    Question.objects.create(left=left, right=right, **told)
    refuses("question_once_a_round", lambda: Question.objects.create(left=left, right=right, **told))
    refuses("question_left_first", lambda: Question.objects.create(left=right, right=left, **told))
