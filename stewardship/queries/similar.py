"""How questions like this one were answered before."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils.translation import gettext, gettext_noop

from party_hub.domain.judgement import Judgement

LOOK_BACK, SHOWN = 400, 5
WORDS = {
    Judgement.MATCH: gettext_noop("match"),
    Judgement.NO_MATCH: gettext_noop("no match"),
    Judgement.UNSURE: gettext_noop("unsure"),
}
# The pair asked about first; then the latest answered ones whose scores were made of the same terms by the same model.
ANSWERED = """
SELECT p.contributions, NULL, NULL, '', '', NULL, ''
FROM matching_candidatepair p WHERE p.left_id = %(left)s AND p.right_id = %(right)s
UNION ALL (
    SELECT p.contributions, t.id, t.judgement, l.attributes #>> '{names,0,full}', r.attributes #>> '{names,0,full}',
           t.probability, t.reason
    FROM matching_candidatepair asked
    JOIN matching_candidatepair p ON p.kind = asked.kind AND p.model_version = asked.model_version
    JOIN stewardship_reviewtask t ON t.left_id = p.left_id AND t.right_id = p.right_id
    JOIN party_hub_sourcerecord l ON l.id = p.left_id
    JOIN party_hub_sourcerecord r ON r.id = p.right_id
    WHERE asked.left_id = %(left)s AND asked.right_id = %(right)s
      AND t.state = 'done' AND t.judgement <> 'unsure' AND t.id <> %(task)s
    ORDER BY t.decided_at DESC LIMIT %(most)s
)
"""


@dataclass(frozen=True)
class Precedent:
    """A question that was answered; `distance` is in log-odds, summed over the terms."""

    task: int
    judgement: Judgement
    names: tuple[str, str]
    probability: float
    reason: str
    distance: float


@dataclass(frozen=True)
class Precedents:
    """The answered questions whose scores were made up most alike."""

    nearest: list[Precedent]

    @property
    def sentence(self) -> str:
        """How they were answered, counted."""
        counts = Counter(one.judgement for one in self.nearest)
        if not counts:
            return gettext("No question like this has been answered yet.")
        said = [f"{number} {gettext(WORDS[judgement])}" for judgement, number in counts.most_common()]
        return gettext("The %(number)d most alike: %(answers)s.") % {
            "number": len(self.nearest),
            "answers": ", ".join(said),
        }


def precedents(task: int, left: UUID, right: UUID) -> Precedents:
    """Answered questions nearest to this pair by the contributions to their scores. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, {"left": left, "right": right, "task": task, "most": LOOK_BACK})
        rows = cursor.fetchall()
    if len(rows) < 2:
        return Precedents([])
    asked, answered = rows[0], [row for row in rows[1:] if len(row[0]) == len(rows[0][0])]
    distances = np.abs(np.array([row[0] for row in answered]) - np.array(asked[0])).sum(axis=1)
    return Precedents(
        [
            Precedent(number, Judgement(judgement), (left_name, right_name), chance, reason, float(distances[place]))
            for place in np.argsort(distances, kind="stable")[:SHOWN]
            for _, number, judgement, left_name, right_name, chance, reason in [answered[int(place)]]
        ]
    )
