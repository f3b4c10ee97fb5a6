"""Lists of articles and sources in words."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import LANGUAGES, Language
from bot.messages.voice import Translator
from bot.questions.overviews.listings import render_article, render_latest
from bot.sources.views import render_sources
from index.models.answer import Quote
from index.models.article import SourceSummary, StoredArticle
from tests.support.rendering import MESSAGES, PUBLISHED, VOICE, articles, parse_rendered


@pytest.mark.slow
@given(articles(), st.text(max_size=300))
def test_lists_of_any_articles_and_sources_keep_the_limits(
    stored: list[tuple[StoredArticle, list[Quote]]], name: str
) -> None:
    found = [article for article, _ in stored]
    summaries = [SourceSummary(f"{name}{count}", count, None) for count in range(60)]

    for article, quotes in stored:
        parse_rendered(render_article(VOICE, article, quotes[1:4]))
    parse_rendered(render_latest(VOICE, found * 5, name or None))
    text, _ = parse_rendered(render_sources(VOICE, summaries))
    assert "và 30 nguồn khác" in text


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    st.lists(
        st.builds(
            SourceSummary,
            name=st.text(st.sampled_from("aĐ<😀 "), min_size=1, max_size=200),
            articles=st.integers(1, 10**9),
            latest=st.sampled_from([None, PUBLISHED]),
        ),
        min_size=1,
        max_size=40,
    ),
    st.booleans(),
)
@example([SourceSummary(f"{number:02d}" * 60, 12_345, PUBLISHED) for number in range(31)], False)
def test_lists_of_many_sources_with_long_names_keep_the_limits(
    language: Language, summaries: list[SourceSummary], long: bool
) -> None:
    if long:
        summaries = [replace(each, name=each.name * 200, latest=PUBLISHED) for each in summaries]
    text, _ = parse_rendered(
        render_sources(Translator(MESSAGES, language, "hoibao_bot"), summaries)
    )

    left = re.search(r"(\d+) (?:more|nguồn khác)", text)
    assert text.count("\n• ") + int(left[1] if left else 0) == len(summaries)


@pytest.mark.parametrize(("language", "count"), [("vi", "12.000 bài"), ("en", "12,000 · newest")])
def test_counts_are_written_as_the_language_writes_them(language: Language, count: str) -> None:
    summary = SourceSummary("Báo", 12_000, None)

    assert count in render_sources(Translator(MESSAGES, language, "hoibao_bot"), [summary]).html
