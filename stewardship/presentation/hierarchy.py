"""A party's group as a reader sees it: nested, and drawn from the top on the left. Units are the SVG's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from party_hub.queries import GroupMember, Tree

COLUMN, ROW, MARGIN = 250, 44, 8
BOX_WIDTH, BOX_HEIGHT = 210, 32
DRAWN = 120  # a larger group is a list only


@dataclass
class Node:
    """A party of the group with those below it. `asked` is the party that the page is about."""

    member: GroupMember
    asked: bool
    in_cycle: bool
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Box:
    """A drawn party."""

    node: Node
    x: float
    y: float
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def text_x(self) -> float:
        """Where the name begins."""
        return self.x + 10

    @property
    def text_y(self) -> float:
        """Where the name's base line is."""
        return self.y + BOX_HEIGHT / 2 + 4


@dataclass(frozen=True)
class Branch:
    """A drawn relationship: from the parent's right side to the child's left."""

    child: Node
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def middle(self) -> float:
        """Where the line turns."""
        return (self.x1 + self.x2) / 2


@dataclass(frozen=True)
class Drawing:
    """Everything drawn."""

    boxes: list[Box]
    branches: list[Branch]
    width: float
    height: float


def nested(tree: Tree, asked: UUID) -> Node | None:
    """The top with all that is shown below it; None where nothing is known."""
    nodes: dict[UUID, Node] = {}
    for member in tree.members:
        node = nodes[member.id] = Node(member, member.id == asked, member.id in tree.cycle)
        if member.parent in nodes:
            nodes[member.parent].children.append(node)
    return nodes[tree.members[0].id] if tree.members else None


def draw(top: Node) -> Drawing | None:
    """The drawing, always the same for the same group; None where it would be too large to be read."""
    boxes: dict[UUID, Box] = {}
    rows = 0
    for node in _deepest_first(top):
        if node.children:
            ys = [boxes[child.member.id].y for child in node.children]
            y = (ys[0] + ys[-1]) / 2
        else:
            y, rows = MARGIN + rows * ROW, rows + 1
        boxes[node.member.id] = Box(node, MARGIN + node.member.depth * COLUMN, y)
    if len(boxes) > DRAWN:
        return None
    branches = [
        Branch(child, box.x + BOX_WIDTH, box.y + BOX_HEIGHT / 2, below.x, below.y + BOX_HEIGHT / 2)
        for box in boxes.values()
        for child in box.node.children
        if (below := boxes[child.member.id])
    ]
    deepest = max(box.node.member.depth for box in boxes.values())
    width = MARGIN * 2 + deepest * COLUMN + BOX_WIDTH
    return Drawing(list(boxes.values()), branches, width, MARGIN * 2 + (rows - 1) * ROW + BOX_HEIGHT)


def _deepest_first(top: Node) -> Iterator[Node]:
    """Every node after those below it, in the order in which they are shown."""
    waiting = [(top, False)]
    while waiting:
        node, opened = waiting.pop()
        if opened or not node.children:
            yield node
        else:
            waiting.append((node, True))
            waiting += [(child, False) for child in reversed(node.children)]
