"""Labels: given, corrected, taken back, settled. They teach the matcher; they join and part nothing."""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from matching.canonical import as_table, canonical_row
from matching.engine.compare import PairView, compare
from matching.engine.model import KindModel
from matching.engine.prepared import prepare
from matching.engine.score import contributions, probability, totals
from matching.labelling import HELD_FOR, labels_on, live_label
from matching.models import Label, LabelRound, Question, Reading
from matching.queries import active_model
from party_hub.actions.audit import audit
from party_hub.actions.decide import ordered
from party_hub.actions.errors import Conflict, NotFound
from party_hub.chain import Step, hand_over
from party_hub.domain.attributes import kind_of
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord

LABEL_LOCK = 727_020
CHOSEN_ANEW = 25  # answers after which the questions that are still open are chosen anew


@dataclass(frozen=True)
class Seen:
    """A pair as the model in force sees it: its probability, and a name for how the two records compare."""

    model_version: str
    probability: float
    features: str


def features_name(levels: object) -> str:
    """Names the levels (one a term, in the model's order) at which two records compare."""
    return hashlib.sha256(np.ascontiguousarray(levels, dtype=np.int8).tobytes()).hexdigest()[:16]


@transaction.atomic
def label_pair(*, left: UUID, right: UUID, verdict: Judgement, actor: str) -> Label:
    """Answer a pair, or correct one's own answer. The same answer again changes nothing.

    Raises NotFound for an unknown or withdrawn record, Conflict where the two can never be one or somebody has settled
    the pair.
    """
    left, right = ordered(left, right)
    seen = _see(left, right)
    _one_at_a_time(left, right)
    said = list(labels_on(left, right))
    if any(one.reading == Reading.SETTLED for one in said):
        raise Conflict("Two answers differed here, and a lead has settled the pair. It stays as it was settled.")
    own = next((one for one in said if one.author == actor), None)
    if own is not None and own.verdict == verdict:
        return own
    if own is not None:
        _close(own)
    reading = own.reading if own is not None else Reading.SECOND if said else Reading.FIRST
    return _store(left, right, verdict, reading, actor, seen)


@transaction.atomic
def settle_pair(*, left: UUID, right: UUID, verdict: Judgement, actor: str) -> Label:
    """Say what a pair is where two readings differ; it then goes before both. Saying otherwise later corrects it.

    Raises Conflict where they do not differ, or for one of the two who read it.
    """
    left, right = ordered(left, right)
    seen = _see(left, right)
    _one_at_a_time(left, right)
    said = list(labels_on(left, right))
    readings = [one for one in said if one.reading != Reading.SETTLED]
    if len({one.verdict for one in readings}) < 2:
        raise Conflict("There is nothing to settle: the answers do not differ.")
    if any(one.author == actor for one in readings):
        raise Conflict("You gave one of the two answers, so somebody else settles it.")
    for former in said:
        if former.reading == Reading.SETTLED:
            _close(former)
    return _store(left, right, verdict, Reading.SETTLED, actor, seen)


@transaction.atomic
def take_back(*, label: int, actor: str) -> Label:
    """Take one's own answer back; the pair is asked again. Raises NotFound, and Conflict once it is settled."""
    own = live_label(label, actor)
    _one_at_a_time(own.left_id, own.right_id)
    if own.reading != Reading.SETTLED and labels_on(own.left_id, own.right_id).filter(reading="settled").exists():
        raise Conflict("A lead has settled this pair since.")
    _close(own)
    audit(act=uuid4(), actor=actor, verb="take_back", subject_type="label", subject_id=own.pk)
    return own


def hold_question(*, question: Question, actor: str) -> None:
    """Note that somebody looks at it, so that nobody else is asked the same meanwhile."""
    Question.objects.filter(pk=question.pk).update(held_by=actor, held_until=timezone.now() + HELD_FOR)


@transaction.atomic
def skip_question(*, question: int, actor: str) -> None:
    """Leave a question to others. Raises NotFound."""
    asked = Question.objects.select_for_update().filter(pk=question, round__open=True).first()
    if asked is None:
        raise NotFound("This question is no longer asked.")
    if actor not in asked.skipped_by:
        asked.skipped_by.append(actor)
    asked.held_by, asked.held_until = "", None
    asked.save(update_fields=["skipped_by", "held_by", "held_until"])


def _store(left: UUID, right: UUID, verdict: Judgement, reading: str, actor: str, seen: Seen) -> Label:
    label = Label.objects.create(
        left_id=left,
        right_id=right,
        verdict=verdict.value,
        reading=reading,
        author=actor,
        model_version=seen.model_version,
        probability=seen.probability,
        features=seen.features,
    )
    verb = "settle" if reading == Reading.SETTLED else "label"
    audit(act=uuid4(), actor=actor, verb=verb, subject_type="label", subject_id=label.pk)
    asked = Question.objects.filter(round__open=True, left=left, right=right)
    asked.update(held_by="", held_until=None)
    _choose_anew_at_times()
    return label


def _choose_anew_at_times() -> None:
    asked = LabelRound.objects.filter(open=True, chosen_at__isnull=False).first()
    if asked is None:
        return
    answers = Label.objects.filter(created_at__gte=asked.started_at, retracted_at__isnull=True).count()
    if answers % CHOSEN_ANEW == 0:
        hand_over(Step.CHOOSE_QUESTIONS, round_id=asked.pk)


def _close(label: Label) -> None:
    label.retracted_at = timezone.now()
    label.save(update_fields=["retracted_at"])


def _one_at_a_time(left: UUID, right: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LABEL_LOCK, f"{left}{right}"])


def _see(left: UUID, right: UUID) -> Seen:
    found = {record.pk: record for record in SourceRecord.objects.filter(pk__in=[left, right], withdrawn_at=None)}
    if len(found) < 2:
        raise NotFound("One of these records does not exist any more.")
    pair = [found[left], found[right]]
    kind = kind_of(pair[0].party_type)
    if kind != kind_of(pair[1].party_type):
        raise Conflict("A person and an organisation are never the same, so there is nothing to ask.")
    model = active_model()
    rows = [canonical_row(str(one.pk), one.source_id, one.party_type, one.attributes) for one in pair]
    return _seen(model.kinds[kind], model.version, rows)


def _seen(model: KindModel, version: str, rows: list[dict[str, str | None]]) -> Seen:
    records = prepare(as_table(rows), model.kind)
    levels, rarities = compare(model.terms, PairView(records, model.frequencies, np.array([0]), np.array([1])))
    chance = float(probability(totals(model, contributions(model, levels, rarities)))[0])
    return Seen(version, chance, features_name(levels[:, 0]))
