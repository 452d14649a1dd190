"""Choosing what to ask: run by a worker when a round opens, and again as answers come in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from matching.answers import Paired, known_answers, rows_of
from matching.canonical import canonical_table
from matching.engine.ask import most_telling, spread_evenly
from matching.engine.columns import kind_mask
from matching.engine.evidence import Compared
from matching.engine.holding import is_held_back, is_read_twice
from matching.engine.model import KindModel
from matching.engine.prepared import prepare
from matching.labelling import questions_with_readings
from matching.models import LabelRound, Question
from matching.models.label import Purpose
from matching.queries import active_model
from party_hub.domain.attributes import Kind

SEED = 1
CHECKED = 4  # every so many-th question is one to check by
_A_BAND = 250  # stored pairs that are looked at of each kind and step of log-odds
_NOBODY_ASKED = """
SELECT left_id, right_id, kind, total, probability FROM (
    SELECT p.*, row_number() OVER (
        PARTITION BY kind, width_bucket(total, -12, 12, 24) ORDER BY md5(left_id::text || right_id::text)
    ) AS place
    FROM matching_candidatepair p
    WHERE NOT EXISTS (SELECT FROM matching_label l
                      WHERE l.left_id = p.left_id AND l.right_id = p.right_id AND l.retracted_at IS NULL)
      AND NOT EXISTS (SELECT FROM party_hub_decision d
                      WHERE d.left_id = p.left_id AND d.right_id = p.right_id AND d.retracted_at IS NULL)
) drawn WHERE place <= %s
ORDER BY left_id, right_id
"""


@dataclass(frozen=True)
class Pair:
    """A stored candidate pair that nobody has answered."""

    left: UUID
    right: UUID
    kind: str
    total: float
    probability: float

    @property
    def held_back(self) -> bool:
        """Whether it is one to check by."""
        return is_held_back(str(self.left), str(self.right))


@transaction.atomic
def choose_questions(*, round_id: int) -> int:
    """Choose, or choose anew, what is not answered yet in an open round; gives how many questions it has.

    Three of four are the most telling pairs to learn from, the fourth is one to check by. Questions that somebody has
    answered, looks at or skipped stay. Repeatable: the same pairs and answers give the same questions.
    """
    asked = LabelRound.objects.select_for_update().filter(pk=round_id, open=True).first()
    if asked is None:
        return 0
    model = active_model()
    touched = Q(read__gt=0) | Q(settled=True) | Q(held_until__gt=timezone.now()) | ~Q(skipped_by=[])
    kept = list(questions_with_readings(asked).filter(touched).values_list("pk", flat=True))
    asked.questions.exclude(pk__in=kept).delete()
    standing = {(one.left_id, one.right_id) for one in asked.questions.all()}
    free = [pair for pair in _drawn() if (pair.left, pair.right) not in standing]
    chosen = _chosen(model.kinds, free, asked.wanted - len(kept))
    first = max((one.rank for one in asked.questions.all()), default=0) + 1
    Question.objects.bulk_create(_question(asked, rank, pair) for rank, pair in enumerate(chosen, first))
    asked.model_version, asked.chosen_at, asked.error = model.version, timezone.now(), ""
    asked.save(update_fields=["model_version", "chosen_at", "error"])
    return len(kept) + len(chosen)


def _question(asked: LabelRound, rank: int, pair: Pair) -> Question:
    return Question(
        round=asked,
        left_id=pair.left,
        right_id=pair.right,
        rank=rank,
        purpose=Purpose.CHECK if pair.held_back else Purpose.LEARN,
        twice=is_read_twice(str(pair.left), str(pair.right), asked.second_share),
        probability=pair.probability,
    )


def _drawn() -> list[Pair]:
    """Pairs of all scores that nobody has answered."""
    with connection.cursor() as cursor:
        cursor.execute(_NOBODY_ASKED, [_A_BAND])
        return [Pair(*row) for row in cursor.fetchall()]


def _chosen(models: dict[Kind, KindModel], free: Sequence[Pair], number: int) -> list[Pair]:
    """At most `number` of the pairs, all kinds in turn, each fourth one to check by."""
    learn = _ranked(models, [pair for pair in free if not pair.held_back])
    check = list[Iterator[Pair]]()
    by_kind = defaultdict[str, list[Pair]](list)
    for pair in free:
        if pair.held_back:
            by_kind[pair.kind].append(pair)
    for _, own in sorted(by_kind.items()):
        order = spread_evenly(np.array([pair.total for pair in own]), [f"{pair.left}{pair.right}" for pair in own])
        check.append(iter([own[place] for place in order]))
    telling, checking = _in_turn(learn), _in_turn(check)
    found: list[Pair] = []
    while len(found) < number:
        sources = (checking, telling) if len(found) % CHECKED == CHECKED - 1 else (telling, checking)
        following = next(sources[0], None) or next(sources[1], None)
        if following is None:
            break
        found.append(following)
    return found


def _in_turn(ranked: Iterable[Iterator[Pair]]) -> Iterator[Pair]:
    """The first of each, then the second of each, and so on."""
    return (pair for row in zip_longest(*ranked) for pair in row if pair is not None)


def _ranked(models: dict[Kind, KindModel], pairs: Sequence[Pair]) -> list[Iterator[Pair]]:
    """The pairs of each kind, the most telling first."""
    answers = [one for one in known_answers() if not one.held_back]
    about: list[Paired] = [*pairs, *answers]
    wanted = {record for one in about for record in (one.left, one.right)}
    if not pairs:
        return []
    table, found = canonical_table(wanted), []
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            records = prepare(own, kind)
            model, (asked, places) = models[kind], rows_of(records, pairs)
            known, answered = rows_of(records, answers)
            same = np.array([answers[place].same for place in answered], bool)
            seen = Compared.of(model, records, known)
            order = most_telling(model, Compared.of(model, records, asked), seen, same, SEED)
            found.append(iter([pairs[places[place]] for place in order]))
    return found
