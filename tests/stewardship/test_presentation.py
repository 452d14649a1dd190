"""How values, differences and scores are shown."""

import pytest
from django.utils import translation
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as some

from stewardship.presentation.compare import compare, tally
from stewardship.presentation.difference import Verdict, segments
from stewardship.presentation.histogram import histogram
from stewardship.presentation.impact import listed
from stewardship.presentation.markup import markup, with_markup
from stewardship.presentation.values import HIDDEN, show
from stewardship.presentation.waterfall import NUMBERS, WIDTH, Step, draw, signed
from stewardship.presentation.wording import gettext


def lineage(attribute: str, *values: object) -> dict[str, dict[str, object]]:
    entries = [{"value": value, "won": True, "records": [{"source": "crm"}]} for value in values]
    return {attribute: {"rule": "source_trust", "reason": "", "values": entries}}


def marked(text: str, other: str) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in segments(text, other))


def test_the_characters_that_differ_are_marked() -> None:
    assert marked("Jon Müller", "John Müller") == "Jon Müller"
    assert marked("John Müller", "Jon Müller") == "Jo[h]n Müller"


def test_case_and_spacing_are_no_difference() -> None:
    assert marked("ACME  Ltd", "Acme Ltd") == "ACME  Ltd"


def test_texts_that_have_nothing_in_common_are_not_marked_letter_by_letter() -> None:
    assert marked("Northwind", "Quux 17") == "Northwind"


@given(some.text(max_size=40), some.text(max_size=40))
def test_the_pieces_always_add_up_to_the_text(text: str, other: str) -> None:
    assert "".join(piece.text for piece in segments(text, other)) == text


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (["+441"], ["+441"], Verdict.SAME),
        (["+441", "+442"], ["+442"], Verdict.SHARED),
        (["+442079460018"], ["+442079460019"], Verdict.SIMILAR),
        (["+442079460018"], ["+15550100"], Verdict.DIFFERS),
        (["+441"], [], Verdict.ONLY_A),
        ([], ["+441"], Verdict.ONLY_B),
    ],
)
def test_a_row_says_in_a_word_how_the_sides_compare(a: list[str], b: list[str], verdict: Verdict) -> None:
    rows = compare(lineage("phones", *a), lineage("phones", *b), {})
    assert [row.verdict for row in rows] == [verdict]
    assert verdict.label
    assert sum(tally(rows).values()) == 1


def test_each_identifier_scheme_has_a_row_of_its_own() -> None:
    lei, duns = {"scheme": "lei", "value": "X1", "valid": False}, {"scheme": "duns", "value": "7"}
    rows = compare(lineage("identifiers", lei, duns), lineage("identifiers", duns), {})
    assert [(row.label, row.verdict) for row in rows] == [("D-U-N-S", Verdict.SAME), ("LEI", Verdict.ONLY_A)]
    assert rows[1].a[0].shown.warning == "fails its check digits"


def test_masked_values_still_tell_whether_they_agree() -> None:
    a, b = lineage("date_of_birth", "1984-03-12"), lineage("date_of_birth", "1984-03-21")
    row = compare(a, b, a, personal=False)[0]
    assert row.verdict is not Verdict.SAME
    assert [cell.shown.text for cell in row.a + row.b] == [HIDDEN, HIDDEN]
    assert [[piece.text for piece in cell.pieces] for cell in row.a] == [[HIDDEN]]
    assert row.golden[0].shown.text == HIDDEN
    assert row.golden[0].sides == "A"


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        ("country", "DE", "Germany"),
        ("country", "ZZ", "ZZ"),
        ("employees", 12345, "12,345"),
        ("addresses", {"full": "1 Poultry", "country": "GB"}, "GB"),
        ("addresses", {"full": "1 Poultry, London"}, "1 Poultry, London"),
        ("names", {"full": "Ann Smith", "type": "legal"}, "Ann Smith"),
        ("identifiers", {"scheme": "lei", "value": "529900T8"}, "529900T8"),
    ],
)
def test_values_are_shown_as_people_write_them(attribute: str, value: object, text: str) -> None:
    assert show(attribute, value).text == text


def test_a_persons_tax_id_is_hidden_and_a_lei_is_not() -> None:
    assert show("identifiers", {"scheme": "tax_id", "value": "12"}, personal=False).masked
    assert not show("identifiers", {"scheme": "lei", "value": "12"}, personal=False).masked


@given(some.floats(-25, 5), some.lists(some.floats(-12, 12), max_size=12))
def test_a_waterfall_stays_inside_its_frame_and_ends_at_the_total(prior: float, weights: list[float]) -> None:
    drawn = draw(prior, [Step(f"a{place}", weight) for place, weight in enumerate(weights)], 0.5, "")
    assert [bar.label for bar in drawn.bars] == ["Starting point", *(f"a{n}" for n in range(len(weights))), "Total"]
    for bar in drawn.bars:
        assert bar.x >= -0.2
        assert bar.x + bar.width <= WIDTH - NUMBERS + 2
    assert drawn.bars[-1].value == signed(prior + sum(weights))


def test_a_histogram_without_numbers_has_no_columns_to_see() -> None:
    assert {column.height for column in histogram([("a", 0), ("b", 0)]).columns} == {0}
    assert histogram([]).columns == []


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abcdef"), "a, b, c and 3 more")]
)
def test_a_list_reads_like_a_sentence(words: list[str], said: str) -> None:
    assert listed(words) == said


@pytest.mark.parametrize("said", ["<b>", '" onclick="x', "it's", "a & b"])
def test_what_is_put_into_markup_is_escaped_once_unless_it_is_markup(said: str) -> None:
    once = markup("<p>{}</p>", said)
    assert once == format_html("<p>{}</p>", said)
    assert markup("<div>{}</div>", once) == f"<div>{once}</div>"
    assert with_markup("<b>%(what)s</b>", what=said) == format_html("<b>{}</b>", said)


def test_a_text_is_said_in_the_language_of_whoever_reads() -> None:
    said = {}
    for language in ("en", "de", "en"):
        with translation.override(language):
            said[language] = gettext("Golden record")
    assert said["en"] == "Golden record" != said["de"]
