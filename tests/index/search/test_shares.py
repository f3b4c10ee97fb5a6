"""Shares add up to the scores of quotes, and evidence to their confidence. Today is 25/11/2026."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from index import Answer, Article, Library
from index.search.ranking.reranking import BOOST
from index.search.ranking.weights import DATES, NEWEST
from tests.support.libraries import open_library

TODAY = date(2026, 11, 25)
VIETNAM = timezone(timedelta(hours=7))


def article(name: str, published: datetime, text: str) -> Article:
    return Article(id=name, title=f"Tin {name}", text=text, published=published)


ARTICLES = (
    article(
        "hop",
        datetime(2021, 1, 6, 8, tzinfo=VIETNAM),
        "Sáng 5/1, dự hội nghị đê điều có ông Trần Văn Khải. Hội nghị bàn kinh phí 42 tỷ đồng.",
    ),
    article(
        "hop-sau",
        datetime(2022, 5, 3, 8, tzinfo=VIETNAM),
        "Chiều 2/5, dự hội nghị đê điều có ông Đỗ Văn Sáu. Có ai dự hội nghị đê điều nữa không?",
    ),
    article(
        "chay",
        datetime(2026, 11, 24, 19, tzinfo=VIETNAM),
        "Cháy ở chợ Bình Tây, 12 gian hàng bị thiêu rụi.",
    ),
    article(
        "chay-truoc",
        datetime(2026, 3, 2, 8, tzinfo=VIETNAM),
        "Cháy ở chợ Đầm Sen, 30 gian hàng bị thiêu rụi.",
    ),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("explained"), ARTICLES) as opened:
        yield opened


def names(answer: Answer) -> list[set[str]]:
    return [{share.name for share in quote.shares} for quote in answer.quotes]


@pytest.mark.parametrize(
    "question",
    [
        "Ai dự hội nghị đê điều?",
        "ai du hoi nghi de dieu",
        "Who attended the dike conference?",
        "Ngày 5/1/2021 ai dự hội nghị đê điều?",
        "Hôm qua cháy chợ nào?",
        "Hôm kia ai dự hội nghị đê điều?",
        "Tin mới nhất về cháy chợ là gì?",
        "đê điều",
    ],
)
def test_shares_add_up_to_the_score_and_evidence_to_the_confidence(
    library: Library, question: str
) -> None:
    answer = library.ask(question, limit=10, today=TODAY)

    assert answer.quotes
    for quote in answer.quotes:
        assert sum(share.points for share in quote.shares) == pytest.approx(quote.score)
    log_odds = sum(share.points for share in answer.evidence)
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(answer.confidence)


def test_within_an_article_they_add_up_too(library: Library) -> None:
    found = library.find("hop")
    assert found is not None
    answer = library.ask("ai dự?", scope=[found.number])

    assert sum(share.points for share in answer.quotes[0].shares) == pytest.approx(
        answer.quotes[0].score
    )
    log_odds = sum(share.points for share in answer.evidence)
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(answer.confidence)


def test_what_a_text_says_and_asks_has_shares_of_its_own(library: Library) -> None:
    answer = library.ask("Ai dự hội nghị đê điều?", limit=10)
    by_text = {quote.text: of for quote, of in zip(answer.quotes, names(answer), strict=True)}

    assert "attendance.person" in by_text["Sáng 5/1, dự hội nghị đê điều có ông Trần Văn Khải."]
    assert "asks" in by_text["Có ai dự hội nghị đê điều nữa không?"]


def test_a_sentence_of_the_date_asked_for_has_a_share_for_it(library: Library) -> None:
    answer = library.ask("Ngày 5/1/2021 ai dự hội nghị đê điều?", limit=10, today=TODAY)
    (first, *_), shares = names(answer), dict(answer.quotes[0].shares)

    assert answer.quotes[0].article.id == "hop"
    assert DATES in first
    assert 0 < shares[DATES] <= BOOST * answer.quotes[0].score
    for quote, of in zip(answer.quotes, names(answer), strict=True):
        assert (DATES in of) == (quote.article.id == "hop")


def test_the_newest_of_equal_sentences_has_a_share_for_that(library: Library) -> None:
    answer = library.ask("Tin mới nhất: cháy chợ thiêu rụi gian hàng", limit=10, today=TODAY)
    assert NEWEST in set().union(*names(answer))


def test_of_nothing_asked_there_is_no_evidence(library: Library) -> None:
    answer = library.ask("???")
    assert (answer.confidence, answer.evidence) == (0.0, ())
