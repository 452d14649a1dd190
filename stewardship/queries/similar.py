"""How questions like this one were answered before."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext, gettext_noop

from party_hub.domain.judgement import Judgement

LOOK_BACK, SHOWN = 200, 5
WORDS = {
    Judgement.MATCH: gettext_noop("match"),
    Judgement.NO_MATCH: gettext_noop("no match"),
    Judgement.UNSURE: gettext_noop("unsure"),
}
# Of the latest answers, those whose scores were made of the same terms by the same model; the nearest get their names.
NEAREST = """
WITH asked AS MATERIALIZED (
    SELECT kind, model_version, contributions FROM matching_candidatepair
    WHERE left_id = %(left)s AND right_id = %(right)s
), answered AS MATERIALIZED (
    SELECT id, judgement, left_id, right_id, probability, reason FROM stewardship_reviewtask
    WHERE state = 'done' AND judgement <> 'unsure' AND id <> %(task)s ORDER BY decided_at DESC LIMIT %(most)s
), nearest AS (
    SELECT t.*, (SELECT sum(abs(a - b)) FROM unnest(asked.contributions, p.contributions) AS term (a, b)) AS distance
    FROM asked
    CROSS JOIN answered t
    JOIN matching_candidatepair p ON p.left_id = t.left_id AND p.right_id = t.right_id
     AND p.kind = asked.kind AND p.model_version = asked.model_version
     AND cardinality(p.contributions) = cardinality(asked.contributions)
    ORDER BY distance, t.id LIMIT %(shown)s
)
SELECT n.id, n.judgement, l.attributes #>> '{names,0,full}', r.attributes #>> '{names,0,full}', n.probability, n.reason
FROM nearest n
JOIN party_hub_sourcerecord l ON l.id = n.left_id
JOIN party_hub_sourcerecord r ON r.id = n.right_id
ORDER BY n.distance, n.id
"""


@dataclass(frozen=True)
class Precedent:
    """A question that was answered."""

    task: int
    judgement: Judgement
    names: tuple[str, str]
    probability: float
    reason: str


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
    """Answered questions nearest to this pair: by the sum of differences between the contributions to both scores, in
    log-odds. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"left": left, "right": right, "task": task, "most": LOOK_BACK, "shown": SHOWN})
        return Precedents(
            [
                Precedent(number, Judgement(judgement), (left_name, right_name), chance, reason)
                for number, judgement, left_name, right_name, chance, reason in cursor.fetchall()
            ]
        )
