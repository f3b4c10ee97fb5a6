"""An answer in words: within Telegram's limits, and its quotes word for word."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import LANGUAGES
from bot.messages.html import ELLIPSIS, shorten, utf16_length
from bot.messages.rendered import Rendered
from bot.questions.page_state import Heading, PageState
from bot.questions.quotes.passages import Contexts
from bot.questions.rendering import render_answer, render_quote
from index.alerts import AlertPhrase, AlertQuery
from index.models.answer import Quote
from index.models.article import StoredArticle
from tests.support.rendering import PUBLISHED, TEXTS, VOICE, articles, one_quote, parse_rendered


def blockquotes(rendered: Rendered, kind: str = "blockquote") -> list[str]:
    text, entities = parse_rendered(rendered)
    units = text.encode("utf-16-le")
    return [
        units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in entities
        if entity.type == kind
    ]


def folded(rendered: Rendered) -> list[str]:
    """Return the text of the expandable blocks, of which there is one at most."""
    return blockquotes(rendered, "expandable_blockquote")


def is_quoted(shown: str, source: str) -> bool:
    """Whether a text is an excerpt of a source, apart from ellipses where it was cut."""
    forms = {shown, shown.removesuffix(ELLIPSIS), shown.removeprefix(ELLIPSIS)}
    forms.add(shown.removeprefix(ELLIPSIS).removesuffix(ELLIPSIS))
    return any(form in source for form in forms)


@pytest.mark.slow
@given(articles(), st.data())
def test_any_answer_keeps_the_limits_parses_and_quotes_word_for_word(
    stored: list[tuple[StoredArticle, list[Quote]]], data: st.DataObject
) -> None:
    everything = [quote for _, quotes in stored for quote in quotes]
    chosen = data.draw(st.permutations(everything).map(lambda found: found[:12]))
    view = data.draw(
        st.builds(
            PageState,
            heading=st.sampled_from(Heading),
            page=st.integers(0, 9),
            more=st.booleans(),
            scope=st.lists(st.integers(1, 9), max_size=3).map(tuple),
        )
    )
    contexts = data.draw(st.sampled_from([None, around(stored)]))
    voice = replace(VOICE, language=data.draw(st.sampled_from(list(LANGUAGES))))

    rendered = render_answer(voice, view, chosen, contexts)

    shown = blockquotes(rendered)
    assert shown
    assert len(folded(rendered)) <= 1
    sources = [f"{article.title}\n{article.text}" for article, _ in stored]
    for block in shown:
        assert any(is_quoted(block, source) for source in sources)


def around(stored: list[tuple[StoredArticle, list[Quote]]]) -> Contexts:
    return {
        (article.number, quote.position): quotes[max(1, quote.position - 1) : quote.position + 3]
        for article, quotes in stored
        for quote in quotes
    }


def test_an_answer_shows_quote_title_source_and_date() -> None:
    quote = one_quote("Ông Cầu dự hội nghị.", (0, 7))

    assert render_answer(VOICE, PageState(), [quote]).html == (
        "<blockquote><b>Ông Cầu</b> dự hội nghị.</blockquote>\n"
        '<a href="https://b.example/a#:~:text=%C3%94ng%20C%E1%BA%A7u%20d%E1%BB%B1%20h%E1%BB%99i'
        '%20ngh%E1%BB%8B.">Tiêu đề</a>\n'
        "Báo Thử · Thứ Ba, 05/01/2021 14:23"
    )


def test_neighbouring_words_are_bold_in_one() -> None:
    quote = one_quote("ai dự hội nghị", (0, 2), (3, 5), (10, 14))

    assert "<b>ai dự</b> hội <b>nghị</b>" in render_answer(VOICE, PageState(), [quote]).html


def test_quotes_of_one_article_stand_over_its_title_once() -> None:
    article = one_quote("Một. Hai.").article
    first, second = (
        Quote(text=text, start=start, end=start + 4, score=1, article=article, position=position)
        for text, start, position in [("Hai.", 5, 2), ("Một.", 0, 1)]
    )
    other = one_quote("Ba.", number=2, title="Bài khác")

    rendered = render_answer(VOICE, PageState(), [first, other, second])

    assert blockquotes(rendered) == ["Hai."]
    assert folded(rendered) == ["Một.\n\nBa.\nBài khác\nBáo Thử · Thứ Ba, 05/01/2021 14:23"]
    assert re.findall(r"<a [^>]+>([^<]+)</a>", rendered.html) == ["Tiêu đề", "Bài khác"]


def test_a_title_quoted_beside_its_sentences_is_not_repeated() -> None:
    sentence = one_quote("Ông Cầu dự.", title="Ai dự")
    title = replace(sentence, text="Ai dự", start=None, end=None, position=0, highlights=((0, 2),))

    beside = render_answer(VOICE, PageState(), [title, sentence])
    alone = render_answer(VOICE, PageState(), [title])

    assert blockquotes(beside) == ["Ông Cầu dự."]
    assert folded(beside) == []
    assert "<b>Ai</b> dự</a>" in beside.html
    assert blockquotes(alone) == ["Ai dự"]


def test_context_opens_around_the_quote_which_stays_bold() -> None:
    article = one_quote("Một. Hai. Ba. Bốn. Năm.").article
    starts = [0, 5, 10, 14, 19]
    sentences = [
        Quote(
            text=article.text[start:].split(" ")[0],
            start=start,
            end=start + len(article.text[start:].split(" ")[0]),
            score=1,
            article=article,
            position=position,
        )
        for position, start in enumerate(starts, start=1)
    ]

    rendered = render_answer(VOICE, PageState(), [sentences[1]], {(1, 2): sentences[0:4]})

    assert "<blockquote>Một. <b>Hai.</b> Ba. Bốn.</blockquote>" in rendered.html


def test_contexts_that_meet_are_one_passage() -> None:
    article = one_quote("Một. Hai. Ba.").article
    one, two, three = (
        Quote(text=text, start=start, end=start + len(text), score=1, article=article, position=at)
        for text, start, at in [("Một.", 0, 1), ("Hai.", 5, 2), ("Ba.", 10, 3)]
    )

    rendered = render_answer(
        VOICE, PageState(), [three, one], {(1, 3): [two, three], (1, 1): [one, two]}
    )

    assert "<blockquote><b>Một.</b> Hai. <b>Ba.</b></blockquote>" in rendered.html


def test_a_very_long_sentence_is_cut_around_its_matching_words() -> None:
    text = "mở đầu " * 400 + "ông Cầu dự " + "kết thúc " * 400
    start = text.index("ông")

    (shown,) = blockquotes(render_answer(VOICE, PageState(), [one_quote(text, (start, start + 7))]))

    assert shown.startswith(ELLIPSIS)
    assert shown.endswith(ELLIPSIS)
    assert "ông Cầu" in shown


def test_cutting_splits_neither_surrogate_pairs_nor_combining_marks() -> None:
    assert shorten("😀😀😀", 5) == ("😀😀…", 0)
    assert shorten("😀😀😀", 4) == ("😀…", 0)
    assert shorten("ae\u0301e\u0301", 4) == ("ae\u0301…", 0)
    assert shorten("ae\u0301e\u0301", 3) == ("a…", 0)


@given(TEXTS, st.integers(2, 60), st.integers(0, 80))
def test_shortened_texts_fit_and_are_excerpts(text: str, limit: int, start: int) -> None:
    shown, begins = shorten(text, limit, start=min(start, len(text)))

    assert utf16_length(shown) <= limit
    assert is_quoted(shown, text)
    assert begins in {0, start, len(text)}


@pytest.mark.parametrize(
    ("view", "heading"),
    [
        (PageState(heading=Heading.SCOPED, scope=(1,)), "Trong bài này:"),
        (PageState(heading=Heading.SCOPED, scope=(1, 2)), "Trong các bài này:"),
        (
            PageState(heading=Heading.WIDENED),
            "Bài bạn hỏi không có câu trả lời. Ở bài khác:",
        ),
        (PageState(heading=Heading.MAYBE), "Có thể là:"),
        (PageState(heading=Heading.MAYBE, scope=(1,)), "Trong bài này, có thể là:"),
        (PageState(heading=Heading.MAYBE, scope=(1, 2)), "Trong các bài này, có thể là:"),
        (
            PageState(heading=Heading.NEAREST),
            "Tôi không chắc câu nào trả lời đúng. Gần nhất là:",
        ),
        (PageState(page=1), "Các câu khác (2)"),
    ],
)
def test_an_answer_says_where_it_comes_from(view: PageState, heading: str) -> None:
    text, _ = parse_rendered(render_answer(VOICE, view, [one_quote("Một.")]))

    assert text.splitlines()[:2] == [heading, "Một."]


def test_an_answer_has_a_button_that_subscribes_to_its_topic() -> None:
    topic = AlertQuery.of([AlertPhrase(("quảng", "ngãi"), typed="Quảng Ngãi")])

    keyboard = render_answer(VOICE, PageState(), [one_quote("Một.")], topic=topic).keyboard

    assert keyboard is not None
    (last,) = keyboard.inline_keyboard[-1]
    assert last.text == "🔔 Nhận tin “Quảng Ngãi”"
    assert last.callback_data == '1sW"Quảng Ngãi"'


def test_an_answer_has_one_row_of_at_most_eight_icons() -> None:
    def labels(view: PageState, *quotes: Quote) -> list[str]:
        keyboard = render_answer(VOICE, view, quotes).keyboard
        assert keyboard is not None
        (row,) = keyboard.inline_keyboard
        assert len(row) <= 8
        return [button.text for button in row]

    one, other = one_quote("Một."), one_quote("Hai.", number=2)

    assert labels(PageState(), one) == ["📖", "🔎", "📋", "📤", "👍", "👎"]
    assert labels(PageState(page=1, more=True), one, other) == (
        ["⬅️", "📖", "🔎", "📋", "📤", "👍", "👎", "➡️"]
    )
    assert "🔎" not in labels(PageState(heading=Heading.SCOPED, scope=(1,)), one)


def test_the_context_of_the_best_article_stands_whole_and_that_of_others_folded() -> None:
    one, other = one_quote("Một."), one_quote("Hai.", number=2)

    opened = render_answer(VOICE, PageState(), [one, other], {(1, 1): [one], (2, 1): [other]})

    assert blockquotes(opened) == ["Một."]
    assert folded(opened)[0].startswith("Hai.\n")


def test_an_article_without_source_is_named_by_its_host() -> None:
    quote = one_quote("Một.", url="https://www.b.example/a")
    nameless = replace(quote, article=replace(quote.article, source=None))
    nowhere = replace(quote, article=replace(quote.article, source=" ", url=None, published=None))

    assert "b.example · Thứ Ba" in parse_rendered(render_quote(VOICE, nameless))[0]
    assert parse_rendered(render_quote(VOICE, nowhere))[0].endswith(nowhere.article.title)


def test_an_article_without_a_date_says_when_it_was_received() -> None:
    quote = one_quote("Một.")
    undated = replace(quote, article=replace(quote.article, published=None, received=PUBLISHED))

    text = parse_rendered(render_quote(VOICE, undated))[0]

    day = f"{PUBLISHED.day}/{PUBLISHED.month}/{PUBLISHED.year}"
    assert text.endswith(f"Báo Thử · nhận lúc {PUBLISHED:%H:%M} ngày {day}")


@pytest.mark.parametrize(
    ("also", "shown"),
    [
        (["Báo B"], "Báo Thử, cũng đăng ở Báo B · "),
        (["Báo B", "Báo C"], "Báo Thử, cũng đăng ở Báo B, Báo C · "),
        (["Báo B", "Báo C", "Báo D", "Báo E"], "Báo Thử, cũng đăng ở Báo B, Báo C +2 · "),
        (["B" * 100], f"Báo Thử, cũng đăng ở {'B' * 39}… · "),
    ],
)
def test_an_article_at_several_sources_names_them(also: list[str], shown: str) -> None:
    quote = one_quote("Một.")
    several = replace(quote, article=replace(quote.article, also=tuple(also)))

    assert shown in parse_rendered(render_quote(VOICE, several))[0]
    if len(also) == 1:
        english = replace(VOICE, language="en")
        assert "Báo Thử, also in B" in parse_rendered(render_quote(english, several))[0]


def test_an_article_that_was_removed_at_its_source_says_so() -> None:
    quote = one_quote("Một.")
    removed = replace(quote, article=replace(quote.article, removed=PUBLISHED))

    english = replace(VOICE, language="en")
    for voice, words in ((VOICE, "bài đã bị gỡ"), (english, "removed by the source")):
        assert parse_rendered(render_quote(voice, removed))[0].endswith(f" · {words}")
        assert words not in parse_rendered(render_quote(voice, quote))[0]


def test_an_article_without_a_title_is_linked_by_its_first_words() -> None:
    rendered = render_quote(VOICE, one_quote(f"Cầu thông xe {'từ sáng ' * 20}.", title=""))
    (link,) = re.findall(r"<a href=[^>]*>([^<]*)</a>", rendered.html)
    assert link.startswith("Cầu thông xe từ sáng")
    assert link.endswith(ELLIPSIS)
    assert len(link) <= 60


def test_a_quote_says_in_which_other_articles_it_is() -> None:
    quote = one_quote("Một.")
    others = [
        replace(quote.article, number=2, source="Báo <B>", url="https://c.example/?a=1&b=2"),
        replace(quote.article, number=3, title="Bài & bản", url=None),
        replace(quote.article, number=4, source=None, url=None, title="T" * 90),
        replace(quote.article, number=5, source="Báo E"),
        replace(quote.article, number=6, source="Báo F"),
    ]
    rendered = render_quote(VOICE, replace(quote, also_in=tuple(others)))

    assert rendered.html.split("\n")[-1] == (
        '<i>Cũng có trong: <a href="https://c.example/?a=1&amp;b=2">Báo &lt;B&gt;</a>, '
        '<a href="https://t.me/hoibao_bot?start=a_3">Bài &amp; bản</a>, '
        f'<a href="https://t.me/hoibao_bot?start=a_4">{"T" * 59}…</a> +2</i>'
    )
    parse_rendered(rendered)
    english = render_quote(replace(VOICE, language="en"), replace(quote, also_in=tuple(others[:1])))
    assert parse_rendered(english)[0].endswith("\nAlso in: Báo <B>")


def test_quotes_of_one_article_name_another_article_once() -> None:
    quote = one_quote("Một. Hai.")
    other = replace(quote.article, number=2, source="Báo B")
    both = [
        replace(quote, text="Một.", end=4, also_in=(other,)),
        replace(quote, text="Hai.", start=5, position=2, also_in=(other,)),
    ]

    assert render_answer(VOICE, PageState(), both).html.count("Báo B") == 1
