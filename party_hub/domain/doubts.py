"""Links that do not join by themselves but ask a person, found from the links and what the records say, never from
decisions: so a decision elsewhere cannot turn a link that joined into one that does not.

Links join best first. One that would join two groups whose identifiers contradict each other is held. Where its record
is linked to its own group hardly better (by less than the margin), nobody can tell which of the two it belongs to, and
its links to its own group are held too (the runner-up is too close: as JeMPI's review window does). And a link is held
that would join two larger groups all alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

from party_hub.domain.contradiction import Marks, contradict
from party_hub.domain.groups import Partition, T

CONTRADICTION, AMBIGUOUS, WEAK_BRIDGE = "contradiction", "ambiguous", "weak_bridge"
# Two groups of at least this many records are not joined by one link alone.
WEAK_BRIDGE_SIZE = 3
_CERTAIN = 1 - 2.0**-53

Link = tuple[float, T, T]  # minus the probability, the lesser record, the greater: sorted, the best come first


def doubtful(links: Sequence[Link[T]], marks: Mapping[T, Marks], margins: Mapping[T, float]) -> dict[tuple[T, T], str]:
    """The links to hold, with the reason. `links` are sorted; `margins` are in log-odds, by record (none: 0)."""
    held, ambiguous = _contradictions(links, marks, margins)
    held |= ambiguous
    sound = [link for link in links if (link[1], link[2]) not in held] if held else links
    return held | dict.fromkeys(_weak_bridges(sound), WEAK_BRIDGE)


def _contradictions(
    links: Sequence[Link[T]], marks: Mapping[T, Marks], margins: Mapping[T, float]
) -> tuple[dict[tuple[T, T], str], dict[tuple[T, T], str]]:
    """Links between groups that contradict each other, and links within a group of records that may as well belong to
    another."""
    if not marks:
        return {}, {}
    partition: Partition[T] = Partition((end for _, left, right in links for end in (left, right)), marks=marks)
    across, within = list[Link[T]](), defaultdict[T, list[tuple[float, T]]](list)
    for score, left, right in links:
        if not partition.together(left, right) and partition.contradicts(left, right):
            across.append((score, left, right))
        else:
            partition.join(left, right)
            within[left].append((score, right))
            within[right].append((score, left))
    torn = {
        end
        for score, left, right in across
        for end, other in ((left, right), (right, left))
        if _torn(end, partition.group[other].marks, _log_odds(-score) + margins.get(end, 0.0), within[end], marks)
    }
    held = {(left, right): AMBIGUOUS if left in torn or right in torn else CONTRADICTION for _, left, right in across}
    if not torn:
        return held, {}
    # Records that are torn alike stay together: it is their common party that is in doubt.
    asunder = {(left, right): AMBIGUOUS for _, left, right in links if (left in torn) != (right in torn)}
    return held, asunder


def _torn(end: T, theirs: Marks, enough: float, within: Sequence[tuple[float, T]], marks: Mapping[T, Marks]) -> bool:
    """True where a record, which might be of the other party (`theirs`), is linked to those of its group that cannot
    be, but with less than `enough`."""
    if contradict(marks.get(end, {}), theirs):
        return False
    rivals = [score for score, record in within if contradict(marks.get(record, {}), theirs)]
    return bool(rivals) and _log_odds(-min(rivals)) < enough


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1 - _CERTAIN), _CERTAIN)
    return log(kept / (1 - kept))


def _weak_bridges(links: Sequence[Link[T]]) -> set[tuple[T, T]]:
    """The links that would join two larger groups all alone, when links join best first and nothing else counts."""
    whole: Partition[T] = Partition(end for _, left, right in links for end in (left, right))
    for _, left, right in links:
        whole.join(left, right)
    links = [link for link in links if len(whole.group[link[1]].members) >= 2 * WEAK_BRIDGE_SIZE]
    neighbours: dict[T, set[T]] = {}
    for _, left, right in links:
        neighbours.setdefault(left, set()).add(right)
        neighbours.setdefault(right, set()).add(left)
    partition: Partition[T] = Partition(neighbours)
    weak = set()
    for _, left, right in links:
        small, large = sorted((partition.group[left], partition.group[right]), key=lambda group: len(group.members))
        if small is large:
            continue
        if len(small.members) >= WEAK_BRIDGE_SIZE:
            across = (partition.group[other] is large for member in small.members for other in neighbours[member])
            if sum(across) < 2:
                weak.add((left, right))
                continue
        partition.join(left, right)
    return weak
