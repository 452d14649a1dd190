"""The graph behind golden values, and where its nodes lie in a drawing: the value on the left, the runs of the feeds on
the right. Units are the SVG's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 178, 46, 214, 60, 8
DRAWN = 60  # nodes; of a larger graph the list tells the rest


class NodeKind(StrEnum):
    """What stands at a point of the graph."""

    GOLDEN = "golden"
    RULE = "rule"
    PIN = "pin"
    VALUE = "value"
    RECORD = "record"
    RUN = "run"
    RAW = "raw"
    DECISION = "decision"
    LINK = "link"


class EdgeKind(StrEnum):
    """What the first of two nodes is to the second."""

    WON = "won"
    LOST = "lost"
    NOT_HEARD = "not_heard"
    CHOSE = "chose"
    SET = "set"
    SILENCED = "silenced"
    SAYS = "says"
    BROUGHT = "brought"
    HOLDS = "holds"
    JOINED = "joined"


@dataclass(frozen=True)
class Node:
    """A point of the graph. `page` is where more is told of it, empty where nowhere is."""

    id: str
    kind: NodeKind
    label: str
    note: str = ""
    page: str = ""
    attribute: str = ""
    source: str = ""


@dataclass(frozen=True)
class Edge:
    """From what it is told to what follows from it: `start` and `end` are ids of nodes."""

    start: str
    end: str
    kind: EdgeKind


@dataclass
class LineageGraph:
    """Nodes, each once, from the golden value backwards; and what ties them."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, EdgeKind], Edge] = field(default_factory=dict)

    def tie(self, start: Node, end: Node, kind: EdgeKind) -> None:
        """Adds the edge, and whichever of its ends is not there yet."""
        for node in (end, start):
            self.nodes.setdefault(node.id, node)
        self.edges.setdefault((start.id, end.id, kind), Edge(start.id, end.id, kind))

    def into(self, node: Node, *kinds: EdgeKind) -> list[Node]:
        """What leads to this node by edges of these kinds."""
        return [self.nodes[edge.start] for edge in self.edges.values() if edge.end == node.id and edge.kind in kinds]


COLUMNS = {
    NodeKind.GOLDEN: 0,
    NodeKind.RULE: 0,
    NodeKind.VALUE: 1,
    NodeKind.PIN: 2,
    NodeKind.RECORD: 2,
    NodeKind.RAW: 3,
    NodeKind.DECISION: 3,
    NodeKind.LINK: 3,
    NodeKind.RUN: 4,
}


@dataclass(frozen=True)
class Box:
    """A drawn node."""

    node: Node
    x: float
    y: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def text_x(self) -> float:
        """Where both lines begin."""
        return self.x + 10

    @property
    def label_y(self) -> float:
        """The base line of the label."""
        return self.y + 19

    @property
    def note_y(self) -> float:
        """The base line of the note."""
        return self.y + 36


@dataclass(frozen=True)
class Line:
    """A drawn edge, as the path of an SVG."""

    edge: Edge
    path: str


@dataclass(frozen=True)
class Drawing:
    """Everything drawn; `left_out` counts the nodes that are not."""

    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float
    left_out: int


def draw(graph: LineageGraph) -> Drawing:
    """The drawing, always the same for the same graph."""
    columns: dict[int, list[Node]] = {}
    drawn = list(graph.nodes.values())[:DRAWN]
    for node in drawn:
        columns.setdefault(COLUMNS[node.kind], []).append(node)
    tallest = max((len(nodes) for nodes in columns.values()), default=0)
    boxes: dict[str, Box] = {}
    for column, nodes in columns.items():
        top = MARGIN + (tallest - len(nodes)) * DOWN / 2
        for row, node in enumerate(nodes):
            boxes[node.id] = Box(node, MARGIN + column * ACROSS, top + row * DOWN)
    lines = [
        Line(edge, _path(boxes[edge.start], boxes[edge.end]))
        for edge in graph.edges.values()
        if edge.start in boxes and edge.end in boxes
    ]
    width = 2 * MARGIN + max(columns, default=0) * ACROSS + WIDTH
    return Drawing(list(boxes.values()), lines, width, 2 * MARGIN + tallest * DOWN, len(graph.nodes) - len(drawn))


def _path(start: Box, end: Box) -> str:
    """From the left side of what is told to the right side of what follows; within a column straight up."""
    if start.x == end.x:
        x = start.x + WIDTH / 2
        return f"M {x} {start.y} V {end.y + HEIGHT}"
    x1, y1, x2, y2 = start.x, start.y + HEIGHT / 2, end.x + WIDTH, end.y + HEIGHT / 2
    bend = (ACROSS - WIDTH) * 0.8
    return f"M {x1} {y1} C {x1 - bend} {y1}, {x2 + bend} {y2}, {x2} {y2}"


@dataclass(frozen=True)
class RecordTold:
    """A record that says a value: where it came from, step by step, and what put it into the party."""

    record: Node
    origins: list[Node]
    joins: list[Node]


@dataclass(frozen=True)
class ValueTold:
    """A value of the attribute, what became of it, the pins on it, and the records that say it."""

    value: Node
    pins: list[Node]
    records: list[RecordTold]


def in_words(graph: LineageGraph) -> Iterator[ValueTold]:
    """The same as the drawing, for a list: each value, the golden ones first."""
    for value in graph.nodes.values():
        if value.kind is NodeKind.VALUE:
            records = [
                RecordTold(record, list(_origins(graph, record)), graph.into(record, EdgeKind.JOINED))
                for record in graph.into(value, EdgeKind.SAYS)
            ]
            yield ValueTold(value, graph.into(value, EdgeKind.SET, EdgeKind.SILENCED), records)


def _origins(graph: LineageGraph, record: Node) -> Iterator[Node]:
    for line in graph.into(record, EdgeKind.HOLDS):
        yield line
        yield from graph.into(line, EdgeKind.BROUGHT)
