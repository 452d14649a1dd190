"""Whatever a page or a sentence of the workbench marks for translation is in the German catalogue."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tests.stewardship.test_preferences import entries

Found = Callable[[], Iterator[tuple[str, str]]]
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""\b(?:_|n?gettext)\((u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""", re.DOTALL)


def in_templates() -> Iterator[tuple[str, str]]:
    """(file, text) for everything that a template marks."""
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        for literal in MARKED.findall(templatize(file.read_text(), origin=str(file))):
            yield file.name, ast.literal_eval(literal)


def in_code() -> Iterator[tuple[str, str]]:
    """(file, text) for everything that the workbench's modules mark."""
    for file in (settings.BASE_DIR / "stewardship").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield file.name, first.value


@pytest.mark.parametrize("found", [in_templates, in_code])
def test_every_marked_text_is_in_the_catalogue(found: Found) -> None:
    known = {entry["msgid"] for entry in entries()}
    marked = [(file, text.replace("%%", "%"), text) for file, text in found()]
    assert len(marked) > 100
    assert [(file, text) for file, once, text in marked if once not in known and text not in known] == []
