"""Names as they are searched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rigour.text.translit import ascii_text

from party_hub.domain.names import in_latin_letters, search_form, search_names


@pytest.mark.parametrize(
    ("name", "found_as"),
    [
        ("Müller & Söhne  GmbH", "muller & sohne gmbh"),
        ("Łódź Straße", "lodz strasse"),
        ("Газпром", "gazprom"),
        ("ACME\tLtd", "acme ltd"),
    ],
)
def test_a_name_is_searched_in_small_latin_letters(name, found_as):
    assert search_form(name) == found_as


@given(st.text(alphabet=[char for char in map(chr, range(0xC0, 0x250)) if unicodedata.category(char).startswith("L")]))
def test_taking_accents_off_gives_what_the_transliterator_gives(name):
    assert search_form(name) == " ".join(ascii_text(name).casefold().split())


def test_each_form_of_a_name_is_searched_once():
    assert search_names([{"full": "Café"}, {"full": "CAFE"}, {"full": ""}, {"full": "Bar"}]) == "cafe\nbar"


_ALPHABETS = ["ЩщЁёЬьЪъКиїЄ", "ΑΩαωςΨψΗηυ", "ԱաՖֆՇշՈՒու", "აბგხშჯ", "한국은행가", "中国银行", "بنك", "ÄÖßéœ½"]


@given(st.sampled_from(_ALPHABETS).flatmap(lambda signs: st.text(st.sampled_from(signs + "ABab12 -'."))))
def test_word_by_word_a_text_is_written_in_latin_letters_as_a_whole_one_is(text: str) -> None:
    assert in_latin_letters(text).casefold() == ascii_text(text).casefold()
