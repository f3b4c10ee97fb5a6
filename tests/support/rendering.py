"""Hypothesis strategies of articles with quotes, and a parser of rendered messages."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.conversation.callback_data import CALLBACK_LIMIT
from bot.messages import Messages
from bot.messages.html import Piece, utf16_length
from bot.messages.rendered import ENTITY_LIMIT, MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.playground.bot_api.html_parser import parse_html
from bot.playground.world.entities import Entity
from bot.questions.quotes.sharing import COPY_LIMIT, read_shared_quote
from index.models.answer import Quote
from index.models.article import StoredArticle

MESSAGES = Messages.load()
VOICE = Translator(MESSAGES, "vi", "hoibao_bot")
PUBLISHED = datetime(2021, 1, 5, 7, 23, tzinfo=UTC)

TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"' \n😀ế\u0301\u200d")),
    max_size=80,
)
ADDRESSES = st.one_of(
    st.none(), st.sampled_from(['https://b.example/a?x=1&y="2"#p', "ftp://x", "http://b.example"])
)
REPEATS = st.lists(st.integers(10, 99), max_size=5, unique=True)


@st.composite
def articles(draw: st.DrawFn) -> list[tuple[StoredArticle, list[Quote]]]:
    """Articles of a few sentences, each sentence a quote with highlights."""
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        sentences = draw(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=6))
        if draw(st.booleans()):
            place = draw(st.integers(0, len(sentences) - 1))
            sentences[place] *= draw(st.integers(1, 200))
        article = StoredArticle(
            number=number,
            id=str(number),
            title=draw(TEXTS) * draw(st.integers(1, 9)) or "Không đề",
            text=" ".join(sentences),
            url=draw(ADDRESSES),
            published=draw(st.one_of(st.none(), st.just(PUBLISHED))),
            source=draw(st.one_of(st.none(), TEXTS)),
            also=tuple(draw(st.lists(TEXTS, max_size=5))),
            removed=draw(st.one_of(st.none(), st.just(PUBLISHED))),
        )
        quotes, start = [quote_of(article, 0, None, article.title, draw)], 0
        for position, sentence in enumerate(sentences, start=1):
            quotes.append(quote_of(article, position, start, sentence, draw))
            start += len(sentence) + 1
        found.append((article, quotes))
    return found


def quote_of(
    article: StoredArticle, position: int, start: int | None, text: str, draw: st.DrawFn
) -> Quote:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return Quote(
        text=text,
        start=start,
        end=None if start is None else start + len(text),
        score=1.0,
        article=article,
        position=position,
        highlights=tuple(zip(edges[::2], edges[1::2], strict=False)),
        also_in=tuple(replace(article, number=number) for number in draw(REPEATS)),
    )


def one_quote(
    text: str,
    *highlights: tuple[int, int],
    number: int = 1,
    title: str = "Tiêu đề",
    url: str | None = "https://b.example/a",
) -> Quote:
    article = StoredArticle(
        number=number,
        id=str(number),
        title=title,
        text=text,
        url=url,
        published=PUBLISHED,
        source="Báo Thử",
    )
    return Quote(
        text=text,
        start=0,
        end=len(text),
        score=1,
        article=article,
        position=1,
        highlights=highlights,
    )


def parse_rendered(rendered: Rendered) -> tuple[str, tuple[Entity, ...]]:
    text, entities = parse_html(rendered.html)
    assert 0 < utf16_length(text) <= MESSAGE_LIMIT
    assert len(entities) <= ENTITY_LIMIT
    assert Piece.parse(rendered.html) == Piece(rendered.html, utf16_length(text), len(entities))
    for row in rendered.keyboard.inline_keyboard if rendered.keyboard else ():
        for button in row:
            if button.copy_text:
                assert 1 <= utf16_length(button.copy_text.text) <= COPY_LIMIT
            elif chosen := button.switch_inline_query_chosen_chat:
                assert read_shared_quote(chosen.query or "")
            else:
                assert isinstance(button.callback_data, str)
                assert len(button.callback_data.encode()) <= CALLBACK_LIMIT
    return text, entities
