import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.readers.json_lines import parse_record
from index.errors import InputError
from index.models.article import Article


def test_a_full_record_becomes_an_article() -> None:
    record = {
        "url": " https://songthuong.example/cau ",
        "id": 4471,
        "title": "  Thông xe\n cầu Bến Sỏi ",
        "text": "Cầu dài 486,5 m.\n\nXe chạy  hai làn. ",
        "published": "2021-01-05T14:23:00+07:00",
        "source": "Báo Sông Thương",
        "author": "Lê Minh",
        "tags": ["cầu"],
    }
    assert parse_record(record) == Article(
        url="https://songthuong.example/cau",
        id="4471",
        title="Thông xe cầu Bến Sỏi",
        text="Cầu dài 486,5 m.\n\nXe chạy  hai làn. ",
        published=datetime.fromisoformat("2021-01-05T14:23:00+07:00"),
        source="Báo Sông Thương",
        author="Lê Minh",
    )


def test_a_record_needs_only_a_text() -> None:
    assert parse_record({"text": "Một câu."}) == Article(title="", text="Một câu.")


def test_the_source_is_the_host_of_the_address_where_none_is_given() -> None:
    url = "https://www.songthuong.example/1"
    article = parse_record({"title": "Tin", "text": "Một tin", "url": url})
    assert article.source == "songthuong.example"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": 5}, "title: expected text, got number"),
        ({"text": ["a"]}, "text: expected text, got list"),
        ({"text": {"a": 1}}, "text: expected text, got object"),
        ({"url": True}, "url: expected text, got true or false"),
        ({"url": "ftp://a.example/1"}, r"url: expected an http\(s\) address"),
        ({"url": "javascript:alert(1)"}, r"url: expected an http\(s\) address"),
        ({"url": "https://"}, r"url: expected an http\(s\) address"),
        ({"url": "http://[::1"}, r"url: expected an http\(s\) address"),
        ({"url": "https://a.example/một hai"}, r"url: expected an http\(s\) address"),
        ({"id": 1.5}, "id: expected text, got number"),
        ({"id": True}, "id: expected text, got true or false"),
        ({"published": 1609831380}, "published: expected text, got number"),
        ({"published": "2021-02-31"}, "'2021-02-31' is not a date"),
        ({"published": "hôm qua"}, "'hôm qua' is not a date"),
        ({"source": 1}, "source: expected text, got number"),
        ({"author": 1}, "author: expected text, got number"),
        ({"text": "a\ud800b"}, "text: holds half a character"),
        ({"text": "a" * 5_000_001}, "text: 5,000,001 characters, more than 5,000,000"),
        ({"title": "a" * 10_001}, "title: 10,001 characters"),
        ({"text": "Héi nghÞ giao ban Bé C«ng an vµ Bé Quèc phßng"}, r"TCVN3 \(ABC\)"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected(
    fields: dict[str, object], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        parse_record({"title": "Một tin", "text": "Một câu."} | fields)


@pytest.mark.parametrize(
    "record", [{}, {"title": "Tin", "text": "\n"}, {"title": "Tin"}, {"text": "\0"}]
)
def test_a_record_without_text_is_rejected(record: dict[str, object]) -> None:
    with pytest.raises(InputError, match="text: missing or empty"):
        parse_record(record)


def test_control_characters_are_removed_and_marks_composed() -> None:
    text = unicodedata.normalize("NFD", "Một\0 câu\x1b.\r\n\tHai câu.\u200b")
    assert parse_record({"title": "Một tin", "text": text}).text == "Một câu.\r\n\tHai câu.\u200b"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0x7F), min_size=1))
def test_plain_text_is_kept_verbatim(text: str) -> None:
    assert parse_record({"title": "Một tin", "text": f"{text}."}).text == f"{text}."


@given(st.text("aàảãáạăâđêôơưnghtc .,“”–…\n\t\u200b\u00a0🙂", min_size=1))
def test_vietnamese_text_is_kept_verbatim(text: str) -> None:
    whole = f"Một câu bình thường ở đầu bài.\n{text}"
    assert parse_record({"title": "Một tin", "text": whole}).text == whole


@given(
    st.dictionaries(
        st.sampled_from(["url", "id", "title", "text", "published", "source", "author"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    )
)
def test_any_record_becomes_an_article_or_an_input_error(record: dict[str, object]) -> None:
    try:
        article = parse_record(record)
    except InputError:
        return
    assert article.text
