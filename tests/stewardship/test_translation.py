"""Every text of the workbench is marked for translation, and whatever is marked is in the German catalogue."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation.template import templatize

from ingestion.adapters import adapter_in_force
from ingestion.models import Feed, QualityRule
from ingestion.quality import drift
from stewardship.presentation import run_phrases
from stewardship.presentation.feed_sentences import feed_sentence
from stewardship.presentation.grounds import ground
from stewardship.presentation.values import country_name
from tests.stewardship.test_preferences import GERMAN, entries
from tests.stewardship.unmarked import unmarked

Found = Callable[[], Iterator[tuple[str, str]]]
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""\b(?:_|n?gettext)\((u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""", re.DOTALL)


def in_templates() -> Iterator[tuple[str, str]]:
    """(file, text) for everything that a template marks."""
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        for literal in MARKED.findall(templatize(file.read_text(), origin=str(file))):
            yield file.name, ast.literal_eval(literal)


def in_code() -> Iterator[tuple[str, str]]:
    """(file, text) for everything that the modules of the workbench and of the kernel's acts mark."""
    for file in (file for room in ("stewardship", "party_hub") for file in (settings.BASE_DIR / room).rglob("*.py")):
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


def test_no_template_says_anything_that_is_not_marked() -> None:
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    said = {file.name: unmarked(file) for file in templates if file.parent.name != "admin"}
    assert len(said) > 100
    assert {name: texts for name, texts in said.items() if texts} == {}


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        ("<p>{{ number }} records</p>", ["records"]),
        ('<a title="More" href="{% url "tasks" %}">{% translate "Open" %}</a>', ["More"]),
        ('{% include "x.html" with title="Nothing yet" %}', ["Nothing yet"]),
        ('{{ day|default:"never" }}', ["never"]),
        ("<kbd>ctrl</kbd>{% blocktranslate %}<b>Two</b> words{% endblocktranslate %} · {{ name }}", []),
    ],
)
def test_an_unmarked_text_is_found(template: str, texts: list[str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(template)
    assert unmarked(file) == texts


def test_no_entry_of_the_catalogue_is_a_guess() -> None:
    assert "fuzzy" not in GERMAN.read_text()


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        ("the only value", "der einzige Wert"),
        ("crm (trust 80) outranks trust 60", "crm (Vertrauen 80) geht vor Vertrauen 60"),
        ("tie, most recent: 2024-05-01", "Gleichstand, am neuesten: 2024-05-01"),
        ("the only value; dnb is not heard, forbidden by user:ada: Misread.",
         "der einzige Wert; dnb wird nicht gehört, untersagt von user:ada: Misread."),
        ("for reasons of its own", "for reasons of its own"),
    ],
)  # fmt: skip
def test_the_reason_of_a_golden_value_is_said_in_the_readers_language(reason: str, german: str) -> None:
    assert ground(reason) == reason
    with translation.override("de"):
        assert ground(reason) == german


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("The name is missing. '1985-02-30' is no date that exists.",
         "Der Name fehlt. '1985-02-30' ist kein Datum, das es gibt."),
        ("… is no date that exists. The key is missing.", "… ist kein Datum, das es gibt. Der Schlüssel fehlt."),
        ("""'it\\'s "so". No' is no country.""", """'it\\'s "so". No' ist kein Land."""),
        ("Less than 50% of the rows have a postcode.",
         "Weniger als 50% der Zeilen haben einen Wert für „Postleitzahl“."),
        ("The key occurs more than once in the file; … was taken.",
         "Der Schlüssel kommt in der Datei mehrmals vor; genommen wurde Zeile …."),
        ("The name is missing. And more.", "Der Name fehlt. And more."),
    ],
)  # fmt: skip
def test_why_a_row_waits_is_said_in_the_readers_language(said: str, german: str) -> None:
    assert feed_sentence(said) == said
    with translation.override("de"):
        assert feed_sentence(said) == german


@pytest.mark.parametrize(
    ("error", "german"),
    [
        ("crm.csv is empty: it has a header but no rows. Export it anew, with its rows, and send it again.",
         "crm.csv ist leer: Sie hat eine Kopfzeile, aber keine Zeilen. Exportieren Sie sie neu, mit ihren Zeilen, und "
         "senden Sie sie noch einmal."),
        ("a. b.csv has the column 'A \\'B' more than once. Rename one and send it again.",
         "a. b.csv hat die Spalte 'A \\'B' mehr als einmal. Benennen Sie eine um und senden Sie die Datei noch "
         "einmal."),
        ("Cannot read s3://hub/raw/a b.csv: it is not there. Put it there, or correct the name.",
         "s3://hub/raw/a b.csv lässt sich nicht lesen: es ist nicht da. Legen Sie es dorthin, oder berichtigen Sie den "
         "Namen."),
        ("More than one in ten tax ids fails its country's check. (1 of 1 row) Mend the file and send it again, or let "
         "an administrator make the rule less severe, and retry the run.",
         "Mehr als jede zehnte Steuernummer besteht die Prüfung ihres Landes nicht. (1 von 1 Zeile) Beheben Sie das "
         "in der Datei und senden Sie sie noch einmal, oder lassen Sie einen Administrator die Regel mildern, und "
         "wiederholen Sie den Lauf."),
        ("Our own rule. (1,200 of 3,400 rows)", "Our own rule. (1\u202f200 von 3\u202f400 Zeilen)"),
        ("1,200 of 3,000 records of crm are not in this full file (40%); at most 20 % may go without being confirmed. "
         "If this is right, confirm it on the page of run 7, or load the file with --confirm-withdrawals. If the file "
         "is a delta, load it as one.",
         "Nicht in dieser vollständigen Datei: 1\u202f200 von 3\u202f000 Datensätzen von crm (40%); höchstens 20 % "
         "dürfen ohne Bestätigung fortfallen. Wenn das richtig ist, bestätigen Sie es auf der Seite von Lauf 7, oder "
         "laden Sie die Datei mit --confirm-withdrawals. Wenn die Datei nur Änderungen enthält, laden Sie sie so."),
        ("The file is empty. Choose one with a header and rows.",
         "Die Datei ist leer. Wählen Sie eine mit Kopfzeile und Zeilen."),
        ("The file is a picture, no CSV. Export its rows as CSV in UTF-8, and send that.",
         "Die Datei ist ein Bild, keine CSV-Datei. Exportieren Sie ihre Zeilen als CSV in UTF-8 und senden Sie diese."),
        ("1 row; 12 are usual.", "1 Zeile; üblich sind 12."),
        ("Run 7 is over: it has failed.", "Lauf 7 ist vorbei: fehlgeschlagen."),
        ("A disk said something of its own.", "A disk said something of its own."),
    ],
)  # fmt: skip
def test_why_a_run_failed_is_said_in_the_readers_language(error: str, german: str) -> None:
    assert feed_sentence(error) == error
    with translation.override("de"):
        assert feed_sentence(error) == german


def test_every_phrase_of_a_run_has_its_german() -> None:
    phrases = [one for one in run_phrases.PHRASES if isinstance(one, str)]
    assert len(phrases) > 80
    held = {"stage": "land", "text": "'x'", "state": "failed"}
    with translation.override("de"):
        for phrase in phrases:
            said = phrase % {place: held.get(place, "7") for place in re.findall(r"%\((\w+)\)s", phrase)}
            assert feed_sentence(said) != said


@pytest.mark.django_db
def test_every_rule_of_every_feed_has_its_german() -> None:
    rules = {rule.says for feed in Feed.objects.all() for rule in adapter_in_force(feed).rules}
    rules |= {told.says for told in (drift.volume(7, []), drift.arrival(timezone.now(), []))}
    rules |= set(QualityRule.objects.values_list("says", flat=True))
    with translation.override("de"):
        assert len(rules) > 20
        assert [says for says in rules if feed_sentence(says) == says] == []


@pytest.mark.parametrize(("code", "english", "german"), [("DE", "Germany", "Deutschland"), ("TW", "Taiwan", "Taiwan")])
def test_a_country_has_its_name_in_the_readers_language(code: str, english: str, german: str) -> None:
    assert country_name(code) == english
    with translation.override("de"):
        assert country_name(code) == german
        assert country_name("XX") == "XX"
