"""Training by what people answered: a worker's piece of work, from reading the answers to a model that is kept.

Nothing is written before the end but progress, and the same answers give the same model: a training that broke off is
simply done again.
"""

import hashlib
import traceback
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models.functions import Now

from matching.actions.manage_models import ensure_model, store_model
from matching.actions.training_runs import FEWEST, close_training
from matching.answers import Answer, known_answers, rows_of
from matching.canonical import canonical_table
from matching.engine.calibration import score_bands
from matching.engine.columns import kind_mask
from matching.engine.evidence import Compared
from matching.engine.model import Model
from matching.engine.prepared import prepare
from matching.engine.teach import Answered, check, curve_steps, first, predictions, taught
from matching.models import TrainingRun
from matching.queries import model_of
from matching.review_size import queue_sizes
from matching.training_lock import Busy, alone
from party_hub.domain.attributes import Kind

_AROUND = 3  # steps beside those of the curve


class Cancelled(Exception):
    """Somebody does not want it any more."""


class TooFew(Exception):
    """There is not enough to learn from; the message says what to do."""


@dataclass(frozen=True)
class Lesson:
    """The answers of each kind, those to learn from and those held back, in the order of `kinds`."""

    kinds: list[Kind]
    learn: list[Answered]
    held_back: list[Answered]
    digest: str

    @property
    def answers(self) -> int:
        """How many there are to learn from."""
        return sum(map(len, self.learn))


def train_from_answers(*, run_id: int) -> TrainingRun | None:
    """Do a training that was asked for; None where another process is at it or it is over.

    What goes wrong is written on the run. Raises what nobody foresaw, after that.
    """
    try:
        with alone():
            run = TrainingRun.objects.filter(pk=run_id, live=True).first()
            return _work(run) if run is not None else None
    except Busy:
        return None


def _work(run: TrainingRun) -> TrainingRun:
    TrainingRun.objects.filter(pk=run.pk, live=True).update(state=TrainingRun.State.RUNNING, started_at=Now())
    run.refresh_from_db()
    try:
        _train(run)
    except Cancelled:
        close_training(run, TrainingRun.State.CANCELLED)
    except TooFew as problem:
        close_training(run, TrainingRun.State.FAILED, error=str(problem))
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1].name
        close_training(run, TrainingRun.State.FAILED, error=f"{type(error).__name__} in {where}. The log says more.")
        raise
    return run


def _train(run: TrainingRun) -> None:
    active = model_of(ensure_model(actor=run.asked_by))
    root, base = _base(active)
    _note(run, step="Reading the answers", active_version=active.version)
    lesson = _lesson(base)
    if lesson.answers < FEWEST:
        raise TooFew(f"There are {lesson.answers} answers to learn from; it takes at least {FEWEST}. Label more pairs.")
    steps = curve_steps(lesson.answers)
    held = sum(map(len, lesson.held_back))
    _note(run, answers=lesson.answers, held_back=held, total=len(steps) + _AROUND, done=1)
    curve = []
    for step in steps:
        _note(run, step=f"Learning from {step:,} answers", done=run.done + 1)
        models = [
            taught(base.kinds[kind], first(own, step)) for kind, own in zip(lesson.kinds, lesson.learn, strict=True)
        ]
        curve.append({"answers": step, **check(models, lesson.held_back).to_json()})
    told = {
        "base": root,
        "taught": {"answers": lesson.answers, "held_back": held, "data": lesson.digest},
        "why": f"Learned from {lesson.answers:,} answers of stewards.",
    }
    new = Model({**base.kinds, **dict(zip(lesson.kinds, models, strict=True))}, {**base.trained, **told})
    _note(run, step="Counting the review queue", done=run.done + 1)
    result = {"curve": curve, **_side_by_side(active, new, lesson)}
    _note(run, step="Keeping the model", done=run.done + 1)
    kept = store_model(model=new, actor=run.asked_by)
    close_training(run, TrainingRun.State.DONE, model_version=kept.version, result=result, done=run.total)


def _note(run: TrainingRun, **told: Any) -> None:
    """Write progress. Raises Cancelled where that is wished for, or the run was closed meanwhile."""
    if not TrainingRun.objects.filter(pk=run.pk, live=True, cancelled_by="").update(**told):
        raise Cancelled
    run.refresh_from_db()


def _base(active: Model) -> tuple[str, Model]:
    """The version whose weights no answer has touched yet, and that model with the thresholds in force: so no answer
    counts twice."""
    root = str(active.trained.get("base") or active.trained.get("weights_of") or active.version)
    base = model_of(root)
    for kind, body in active.kinds.items():
        base = base.with_thresholds(kind, body.thresholds)
    return root, base


def _lesson(base: Model) -> Lesson:
    answers = known_answers()
    table = canonical_table({record for one in answers for record in (one.left, one.right)})
    kinds, learn, held_back = list[Kind](), list[Answered](), list[Answered]()
    number = {id(one): place for place, one in enumerate(one for one in answers if not one.held_back)}
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            records = prepare(own, kind)
            rows, places = rows_of(records, answers)
            mine = [answers[place] for place in places]
            answered = Answered(
                Compared.of(base.kinds[kind], records, rows),
                np.array([one.same for one in mine], bool),
                np.array([number.get(id(one), -1) for one in mine], np.int64),
            )
            held = np.array([one.held_back for one in mine], bool)
            kinds.append(kind)
            learn.append(answered.where(~held))
            held_back.append(answered.where(held))
    return Lesson(kinds, learn, held_back, _digest(answers))


def _digest(answers: list[Answer]) -> str:
    """Names what was learned from."""
    told = "\n".join(sorted(f"{one.left} {one.right} {one.same}" for one in answers if not one.held_back))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _side_by_side(active: Model, new: Model, lesson: Lesson) -> dict[str, Any]:
    """Both models on the answers that were held back, and how many pairs each would show to stewards."""
    found = {}
    sizes = queue_sizes([active, new])
    for name, model, size in zip(("active", "new"), (active, new), sizes, strict=True):
        kinds = [model.kinds[kind] for kind in lesson.kinds]
        bands = [band.to_json() for band in score_bands(predictions(kinds, lesson.held_back))]
        found[name] = {**check(kinds, lesson.held_back).to_json(), "review": size, "bands": bands}
    return found
