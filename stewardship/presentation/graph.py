"""Where parties, records and what ties them lie in a drawing. Units are the SVG's."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin
from uuid import UUID

from django.utils.translation import gettext as _

WIDTH, MARGIN = 760, 14
DOT = 7
# The two parties asked about stand in the middle; the others around them, in this order.
MIDDLE = ((250, 225), (510, 225))
AROUND = ((110, 390), (650, 390), (380, 405), (650, 75), (110, 75), (380, 55))


class Tie(StrEnum):
    """What there is between two records."""

    LINK = "link"
    HELD = "held"
    PAIR = "pair"
    MATCH = "match"
    NO_MATCH = "no_match"

    @property
    def label(self) -> str:
        """In words."""
        return {
            Tie.LINK: _("joined by the model"),
            Tie.HELD: _("link held back"),
            Tie.PAIR: _("alike"),
            Tie.MATCH: _("match, decided"),
            Tie.NO_MATCH: _("no match, decided"),
        }[self]


@dataclass(frozen=True)
class Node:
    """A source record."""

    record: UUID
    source: str
    key: str


@dataclass(frozen=True)
class Group:
    """A party with the records shown of it and the number of those not shown; `letter` is A or B, or empty."""

    party: UUID
    letter: str
    name: str
    nodes: list[Node]
    hidden: int


@dataclass(frozen=True)
class Edge:
    """What there is between two records, and its probability where one is known."""

    left: UUID
    right: UUID
    tie: Tie
    probability: float | None


@dataclass(frozen=True)
class Dot:
    """A drawn record."""

    node: Node
    x: float
    y: float


@dataclass(frozen=True)
class Circle:
    """A drawn party."""

    group: Group
    x: float
    y: float
    radius: float
    dots: list[Dot]

    @property
    def label_y(self) -> float:
        """Where the name's base line is."""
        return self.y + self.radius + 15


@dataclass(frozen=True)
class Line:
    """A drawn edge with the records that it ties."""

    edge: Edge
    one: Node
    other: Node
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def width(self) -> float:
        """The likelier, the thicker."""
        return round(1 + 2.5 * (self.edge.probability or 0), 1)


@dataclass(frozen=True)
class Graph:
    """Everything drawn."""

    circles: list[Circle]
    lines: list[Line]
    top: float
    height: float
    width: int = WIDTH
    dot: int = DOT


def draw(groups: Sequence[Group], edges: Sequence[Edge]) -> Graph:
    """The drawing; always the same for the same input."""
    middle, around = iter(MIDDLE), iter(AROUND)
    circles = []
    for group in sorted(groups, key=lambda group: group.letter or "Z"):
        x, y = next(middle) if group.letter else next(around)
        circles.append(_circle(group, x, y))
    dots = {dot.node.record: dot for circle in circles for dot in circle.dots}
    lines = [
        Line(edge, one.node, other.node, one.x, one.y, other.x, other.y)
        for edge in edges
        if (one := dots.get(edge.left)) and (other := dots.get(edge.right))
    ]
    top = min((circle.y - circle.radius for circle in circles), default=0) - MARGIN
    bottom = max((circle.label_y for circle in circles), default=0) + MARGIN
    return Graph(
        circles, sorted(lines, key=lambda line: line.edge.tie not in (Tie.PAIR, Tie.LINK)), top, round(bottom - top, 1)
    )


def _circle(group: Group, x: float, y: float) -> Circle:
    number = len(group.nodes)
    ring = 0.0 if number < 2 else max(18.0, number * (DOT + 1) * 2.4 / (2 * pi))
    dots = [
        Dot(node, round(x + ring * cos(angle), 1), round(y + ring * sin(angle), 1))
        for node, angle in zip(group.nodes, (2 * pi * place / (number or 1) for place in range(number)), strict=True)
    ]
    return Circle(group, x, y, round(ring + DOT + 9, 1), dots)
