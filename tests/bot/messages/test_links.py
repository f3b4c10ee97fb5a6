from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.links import (
    LINK_LIMIT,
    article_link,
    deep_link,
    deep_link_number,
    link_to_sentences,
    payload_number,
    strip_text_fragment,
)

SENTENCES = st.lists(st.text(st.characters(codec="utf-8"), max_size=300), max_size=4)


def test_a_source_opens_at_the_quoted_sentence() -> None:
    link = link_to_sentences("https://bao.example/a", ["Ai dự hội nghị?"])

    assert link.startswith("https://bao.example/a#:~:text=")
    assert unquote(link.partition("text=")[2]) == "Ai dự hội nghị?"


def test_signs_with_a_meaning_in_text_fragments_are_encoded() -> None:
    link = link_to_sentences("https://bao.example/a", ["kinh tế - xã hội, A&B #1"])

    fragment = link.partition("text=")[2]
    assert not set("-,& #") & set(fragment)
    assert unquote(fragment) == "kinh tế - xã hội, A&B #1"


def test_a_long_sentence_is_named_by_its_ends() -> None:
    words = [f"từ{number}" for number in range(40)]

    start, _, end = link_to_sentences("https://b.example/", [" ".join(words)]).partition(",")

    assert unquote(start).endswith("text=từ0 từ1 từ2 từ3 từ4")
    assert unquote(end) == "từ35 từ36 từ37 từ38 từ39"


def test_several_sentences_are_named_one_after_the_other() -> None:
    assert link_to_sentences("https://b.example/", ["Một.", "Hai."]) == (
        "https://b.example/#:~:text=M%E1%BB%99t.&text=Hai."
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://b.example/a#phan-2", "https://b.example/a#phan-2:~:text=Hai."),
        ("https://b.example/a#:~:text=C%C5%A9", "https://b.example/a#:~:text=Hai."),
        ("https://b.example/a#p:~:text=C%C5%A9", "https://b.example/a#p:~:text=Hai."),
        ("https://b.example/a?x=1&y=2", "https://b.example/a?x=1&y=2#:~:text=Hai."),
    ],
)
def test_a_fragment_of_the_address_is_kept(url: str, link: str) -> None:
    assert link_to_sentences(url, ["Hai."]) == link


@given(SENTENCES)
def test_links_lead_back_to_their_address_and_stay_short(sentences: list[str]) -> None:
    for url in ("https://b.example/a", "https://b.example/a#phan-2"):
        link = link_to_sentences(url, sentences)

        assert strip_text_fragment(link) == url
        assert len(link) <= LINK_LIMIT
        assert link.isascii()


@pytest.mark.parametrize("url", [None, "", "file:///a.txt", "ftp://x/", "https://", "http://[x"])
def test_an_article_without_a_web_address_opens_in_the_bot(url: str | None) -> None:
    assert article_link(url, 7, "hoibao_bot", ["Một."]) == "https://t.me/hoibao_bot?start=a_7"


def test_deep_links_lead_to_their_article() -> None:
    assert deep_link_number(deep_link("hoibao_bot", 42), "HoiBao_Bot") == 42


@pytest.mark.parametrize(
    "url",
    [
        "https://t.me/other_bot?start=a_1",
        "https://t.me/hoibao_bot?start=b_1",
        "https://t.me/hoibao_bot",
        "https://bao.example/?start=a_1",
    ],
)
def test_other_links_are_no_deep_links(url: str) -> None:
    assert deep_link_number(url, "hoibao_bot") is None


@pytest.mark.parametrize(
    "text", ["", "a_", "a_0", "a_-1", "a_1x", "inline", "a_²", "a_" + "9" * 30]
)
def test_other_payloads_name_no_article(text: str) -> None:
    assert payload_number(text) is None
