"""Pages of quotes, in which a title takes no sentence's place."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.questions.quotes.pages import part_into_pages, ranked_for
from index.models.answer import Quote
from tests.support.rendering import one_quote


def sentence(article: int, position: int = 1) -> Quote:
    return replace(one_quote("Câu.", number=article), position=position)


def title(article: int) -> Quote:
    return replace(sentence(article), start=None, end=None, position=0)


def test_a_title_gives_its_place_to_a_sentence_of_its_article() -> None:
    quotes = [title(1), sentence(2), sentence(1), sentence(3), sentence(4)]

    pages = part_into_pages(quotes, 3)

    assert pages == [[sentence(1), sentence(2), sentence(3)], [sentence(4)]]


def test_a_title_is_left_out_after_a_sentence_of_its_article() -> None:
    quotes = [sentence(1), title(1), sentence(2), title(2)]

    assert part_into_pages(quotes, 2) == [[sentence(1), sentence(2)]]


def test_a_title_stays_where_no_sentence_of_its_article_is_quoted_beside_it() -> None:
    quotes = [title(1), sentence(2), sentence(1)]

    assert part_into_pages(quotes, 2) == [[title(1), sentence(2)], [sentence(1)]]


def test_without_quotes_there_is_an_empty_page() -> None:
    assert part_into_pages([], 3) == [[]]


RANKED = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), unique=True).map(
    lambda places: [sentence(*place) if place[1] else title(place[0]) for place in places]
)


@given(RANKED, st.integers(1, 3), st.integers(0, 3))
def test_a_page_is_the_same_however_many_quotes_are_ranked_behind_it(
    ranked: list[Quote], size: int, number: int
) -> None:
    enough = ranked[: ranked_for((number + 1) * size)]

    few, all_pages = part_into_pages(enough, size), part_into_pages(ranked, size)

    assert few[number : number + 1] == all_pages[number : number + 1]
    assert (number + 1 < len(few)) == (number + 1 < len(all_pages))
