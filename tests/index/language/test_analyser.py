"""The analyser: the same terms for articles, questions and subscriptions, whatever the text."""

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.language.analyser import Analyser, Terms, syllable_spans, syllables_of
from index.language.sentences import split_sentences

ODD = (
    "aAàÀạĐđoOàèuỳý05.,_-/@:\u200b\u200d\u00ad\ufeff"
    "\u0301\u0323\u0302 \n\t\x00İΣß²٣ﬁ\ud800\U0001f600한\u1112\u1161"
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def test_words_syllables_bigrams_and_folded_syllables_come_from_one_text(
    analyser: Analyser,
) -> None:
    terms = analyser.analyse("Dự Hội nghị tại điểm cầu Bộ CHQS tỉnh Hải Dương.")
    assert terms.text == "dự hội_nghị tại điểm cầu bộ chqs tỉnh hải_dương"
    assert terms.words[1] == "hội_nghị"
    assert terms.syllables[:3] == ["dự", "hội", "nghị"]
    assert terms.folded[-2:] == ["hai", "duong"]
    assert Terms(terms.text) == terms


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("COVID-19", ["covid", "19"]),
        ("5/1/2021", ["5", "1", "2021"]),
        ("05/01/2021 và 5-1-2021", ["5", "1", "2021", "và", "5", "1", "2021"]),
        ("03 người, 007 và 00", ["3", "người", "007", "và", "0"]),
        ("3,2 tỷ; 1.234.567 đồng", ["3,2", "tỷ", "1.234.567", "đồng"]),
        ("Khoẻ, HOÀ, Thuỷ, quý", ["khỏe", "hòa", "thủy", "quý"]),
        ("TP.HCM Q.1", ["tp", "hcm", "q", "1"]),
        ("a_b __ c", ["a", "b", "c"]),
        ("ng\u00adười ho\u200bà\ufeff bình", ["người", "hòa", "bình"]),
        ("😀 … “” 👍🏽", []),
        ("", []),
    ],
)
def test_syllables_are_normal(analyser: Analyser, text: str, syllables: list[str]) -> None:
    assert analyser.analyse(text).syllables == syllables
    assert analyser.analyse(text.upper()).syllables == syllables


def test_every_spelling_of_a_text_gives_the_same_terms(analyser: Analyser) -> None:
    text = "Hoà giải ở Thuỷ Nguyên khoẻ mạnh"
    terms = analyser.analyse(text)
    assert terms.text == "hòa_giải ở thủy_nguyên khỏe_mạnh"
    assert analyser.analyse(unicodedata.normalize("NFD", text)) == terms
    assert analyser.analyse("Hòa giải ở Thủy Nguyên khỏe mạnh") == terms


def test_spans_are_those_of_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Ở Hoà\u200b Bình, 05/1")
    found = [(syllable, text[start:end]) for syllable, start, end in syllable_spans(text)]
    assert [syllable for syllable, _ in found] == ["ở", "hòa", "bình", "5", "1"]
    assert unicodedata.normalize("NFC", found[2][1]) == "Bình"
    assert found[3] == ("5", "05")


def test_spans_of_real_news_are_those_of_its_syllables(
    analyser: Analyser, real_news: list[str]
) -> None:
    for text in real_news[:200]:
        spans = syllable_spans(text)
        assert [syllable for syllable, _, _ in spans] == analyser.analyse(text).syllables
        for start, end in split_sentences(text):
            inside = [syllable for syllable, first, _ in spans if start <= first < end]
            assert analyser.analyse(text[start:end]).syllables == inside


@settings(max_examples=300)
@given(st.text(alphabet=ODD, max_size=80) | st.text(alphabet=st.characters(), max_size=40))
@example("\u0301\u0323" * 40 + "a" + "\u0323\u0301" * 40)
@example("x_1.5 1.5a@b.c http://a/1.5a 1.5_3")
def test_any_text_is_analysed_and_its_terms_hold(analyser: Analyser, text: str) -> None:
    terms = analyser.analyse(text)
    assert terms.text == " ".join(terms.text.split())
    assert terms.text.isprintable() or not terms.text.isascii()
    assert terms.syllables == terms.text.replace("_", " ").split()
    assert len(terms.folded) == len(terms.syllables)
    spans = syllable_spans(text)
    assert [syllable for syllable, _, _ in spans] == terms.syllables
    assert syllables_of(text) == terms.syllables
    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    again = analyser.analyse(" ".join(terms.syllables))
    assert again.syllables == terms.syllables


@pytest.mark.parametrize(
    "hostile",
    ["a", "a.", "\u0301\u0323", "@a.", "ho\u200bà", "\ud800\x00 ", "😀", "1.", "A.", "\u202eשלום "],
)
def test_much_of_anything_is_analysed_in_linear_time(analyser: Analyser, hostile: str) -> None:
    text = hostile * (300_000 // len(hostile))  # squared, these would be minutes
    started = time.process_time()
    terms = analyser.analyse(text)
    assert [syllable for syllable, _, _ in syllable_spans(text)] == terms.syllables
    assert time.process_time() - started < 10


def test_no_word_reaches_over_a_line_end(analyser: Analyser) -> None:
    assert analyser.analyse("hội nghị").words == ["hội_nghị"]
    assert analyser.analyse("hội\nnghị").words == ["hội", "nghị"]
