"""A run of the matcher over what waits, or over everything."""

import traceback
from uuid import UUID

from django.db.models.functions import Now

from matching.actions.manage_models import ensure_model
from matching.actions.match_records import Matched, match_records, one_at_a_time
from matching.actions.pipeline import Pipeline
from matching.engine.candidates import Stages
from matching.engine.local import Runner, match_all
from matching.models import MatchRun
from matching.queries import active_model
from party_hub.actions.closure import Divide
from party_hub.actions.resolution import Resolution
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.waiting import Waiting, waiting_since
from party_hub.models import SourceRecord

# A delta this large is matched quicker with everything in memory than record by record through the index.
_MUCH = 0.3
_PIECE = 2_000  # records of a smaller one that are matched together, while those before are resolved


def run_match(
    *,
    actor: str,
    full: bool = False,
    runner: Runner = match_all,
    runner_name: str = "local",
    divide: Divide | None = None,
) -> MatchRun:
    """Match the records that wait (or all), and bring parties in line; `divide` is as for `resolve_parties`.

    Nothing is lost where it stops halfway: records wait until their parties are resolved, and the next run takes them
    again. Raises whatever went wrong, after noting it on the run.
    """
    with one_at_a_time():
        run = MatchRun.objects.create(
            kind=MatchRun.Kind.FULL if full else MatchRun.Kind.INCREMENTAL,
            runner=runner_name,
            model_version=ensure_model(actor=actor),
            started_by=actor,
        )
        try:
            waiting = waiting_since()
            matched, resolution = _match(waiting, full, runner, divide, actor)
        except BaseException as error:
            _close(
                run,
                MatchRun.State.FAILED,
                error=f"{type(error).__name__}: {traceback.extract_tb(error.__traceback__)[-1].name}",
            )
            raise
        run.records, run.pairs = matched.records, matched.pairs
        run.automatic, run.suggested = matched.automatic, matched.suggested
        run.clusters_changed = resolution.clusters_changed
        run.seconds = matched.stages.rounded()
        _close(run, MatchRun.State.DONE)
    return run


def _match(
    waiting: Waiting, full: bool, runner: Runner, divide: Divide | None, actor: str
) -> tuple[Matched, Resolution]:
    if not waiting and not full:
        return Matched(), Resolution()
    everything = full or len(waiting) > _MUCH * SourceRecord.objects.count()
    if not everything:
        return _match_in_pieces(list(map(UUID, waiting)), actor)
    matched = match_records(model=active_model(), records=None, runner=runner)
    with matched.stages.time("resolve"):
        resolution = resolve_parties(records=None, actor=actor, settled=waiting, divide=divide)
    return matched, resolution


def _match_in_pieces(waiting: list[UUID], actor: str) -> tuple[Matched, Resolution]:
    total = Matched()
    with Pipeline(model=active_model(), actor=actor, alone=len(waiting) <= _PIECE) as pipeline:
        for begin in range(0, len(waiting), _PIECE):
            stages = Stages()
            matched, _ = pipeline.take(waiting[begin : begin + _PIECE], stages)
            total.add(matched)
            total.stages.add("resolve", stages.seconds["resolve"])
        with total.stages.time("resolve"):
            pipeline.catch_up()
    return total, pipeline.resolution


def _close(run: MatchRun, state: MatchRun.State, error: str = "") -> None:
    run.state, run.error = state, error
    run.finished_at = Now()
    run.save()
    run.refresh_from_db(fields=["finished_at"])
