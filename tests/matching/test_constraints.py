"""Every constraint of matching, broken once: the database itself says no."""

import pytest
from django.db import IntegrityError, transaction

from matching.models import CandidatePair, Label, MatchModel, MatchRun
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
