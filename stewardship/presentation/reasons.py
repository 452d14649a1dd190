"""A score in plain words: what speaks for a match, what against it, and why the machine did not decide by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

from django.utils.translation import gettext, gettext_noop

from matching.engine.bands import CONTRADICTING, NUMBERED_APART, OF_ONE_SOURCE

from .waterfall import Step, signed

TELLING = 1.0  # log-odds from which a contribution is worth a word
# Levels that say that two values have nothing in common. Their weight may still be above zero, since a pair that shares
# a key starts from a low prior; but nobody would call them a reason for a match.
UNLIKE = frozenset({"different", "none", "few"})
OPPOSED = "opposed"  # a conflict of decisions among themselves
BY_KIND = {
    OPPOSED: gettext_noop("Somebody has matched them, and another decision keeps records of the two apart."),
    "conflict": gettext_noop("The model would join them, but a decision keeps records of the two apart."),
    "weak_cluster": gettext_noop("The model would join them, but this is the only link between two groups of records."),
    "ambiguous": gettext_noop(
        "The model would join them, but one of their records fits two parties about as well, and the identifiers of "
        "those two contradict each other."
    ),
    "contradiction": gettext_noop(
        "The model would join them by one of their records, but identifiers of the two contradict each other."
    ),
    "lei_news": gettext_noop(
        "The LEI register names one as the successor of the other, whose LEI was merged, retired or given twice. If "
        "they are one party now, a match merges them; if both go on, no match keeps them apart."
    ),
    "source_duplicate": gettext_noop("The model would join them, but the source is said to hold each party once."),
}
# As the matcher says that a score alone does not join.
STILL = {
    CONTRADICTING: gettext_noop("Not joined by itself, whatever its score: their identifiers contradict each other."),
    NUMBERED_APART: gettext_noop("Not joined by itself, whatever its score: their names have different numbers."),
    OF_ONE_SOURCE: gettext_noop("Not joined by itself: both come from one source, which asks for more."),
}


@dataclass(frozen=True)
class Reasons:
    """The verdict in a sentence, what weighs most on each side, and why not automatic."""

    verdict: str
    speaks_for: list[str] = field(default_factory=list)
    speaks_against: list[str] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """All of it as one text."""
        said = [self.verdict]
        if self.speaks_for:
            said.append(gettext("For it: %(reasons)s.") % {"reasons": "; ".join(self.speaks_for)})
        if self.speaks_against:
            said.append(gettext("Against it: %(reasons)s.") % {"reasons": "; ".join(self.speaks_against)})
        return " ".join(said)


def in_words(probability: float) -> str:
    """A probability as people say it."""
    share = (
        f"{round(100 * probability)} %" if 0.005 <= probability < 0.995 else "> 99 %" if probability > 0.5 else "< 1 %"
    )
    for least, words in (
        (0.99, gettext("Almost certainly the same")),
        (0.8, gettext("Probably the same")),
        (0.6, gettext("Rather the same than not")),
        (0.4, gettext("An even chance")),
        (0.2, gettext("Rather different")),
        (0.01, gettext("Probably different")),
    ):
        if probability >= least:
            return f"{words} ({share})."
    return gettext("Almost certainly different") + f" ({share})."


def reasons(
    *,
    steps: Sequence[Step],
    total: float,
    probability: float,
    thresholds: tuple[float, float] | None,
    kind: str,
    rules: Sequence[str],
    still: str = "",
) -> Reasons:
    """The score of a pair in words. `thresholds` are the log-odds (automatic, review); `still` is why a score that
    would join does not."""
    heaviest = sorted(steps, key=lambda step: -abs(step.value))
    speaks_for = [_said(step) for step in heaviest if step.value >= TELLING and step.detail not in UNLIKE][:3]
    against = [step for step in heaviest if step.value <= -TELLING]
    why_not = [gettext(BY_KIND[kind])] if kind in BY_KIND else []
    if thresholds and not why_not:
        why_not = [gettext(STILL[still])] if still in STILL else []
        why_not += _too_little(total, thresholds, against)
    return Reasons(
        in_words(probability), speaks_for, [_said(step) for step in against[:3]], why_not, list(map(gettext, rules))
    )


def _said(step: Step) -> str:
    label = gettext(step.label)
    if label == step.label and not label[:2].isupper():  # within a sentence; other languages have rules of their own
        label = label[:1].lower() + label[1:]
    return f"{label}: {gettext(step.detail)}" if step.detail else label


def _too_little(total: float, thresholds: tuple[float, float], against: Sequence[Step]) -> list[str]:
    """How far the score is from the bands next to it, and what it would be without its heaviest counter-argument."""
    automatic, review = thresholds
    said = []
    if total < automatic:
        said.append(
            gettext(
                "Not joined by itself: that takes %(share)s (%(needed)s). This pair has %(total)s, %(short).1f short."
            )
            % {
                "share": _share(automatic),
                "needed": signed(automatic),
                "total": signed(total),
                "short": automatic - total,
            }
        )
    if total >= review:
        said.append(
            gettext("Not left alone: from %(share)s (%(needed)s) on a steward is asked.")
            % {"share": _share(review), "needed": signed(review)}
        )
    if against:
        without = _share(total - against[0].value)
        said.append(
            gettext("Without “%(reason)s” it would be %(share)s.") % {"reason": _said(against[0]), "share": without}
        )
    return said


def _share(log_odds: float) -> str:
    share = 100 / (1 + exp(-log_odds))
    return f"{share:.0f} %" if 1 <= share <= 99 else f"{share:.1f} %"
