"""Run gold questions against a library, and judge the quotes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.evaluation.gold import GoldQuestion
from index.language.spelling import nfc
from index.models.answer import Answer, Certainty, Quote
from index.models.article import StoredArticle

QUOTES = 10
"""How many quotes are looked at: what MRR@10 takes."""

SHORTEST_PART = 20
"""Characters of a sentence within another that still count as the same sentence: sentences are
split differently by different hands."""


class Answering(Protocol):
    """A system under evaluation: a `Library`, or a peer beside it."""

    def ask(self, question: str, *, limit: int = 3, scope: Sequence[int] = ()) -> Answer:
        """Answer a question with ranked quotes, from the articles with these numbers."""

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this id or URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of one question.

    `rank` counts from 1 to the first right quote, `article_rank` to the first article that
    answers; None if it is not there. `is_absent` says that the article that answers is not in
    the collection: nothing can then be right but by another article.
    """

    question: GoldQuestion
    rank: int | None
    article_rank: int | None
    certainty: Certainty
    is_absent: bool
    milliseconds: float

    @property
    def confident(self) -> bool:
        """Whether the answer is to be trusted."""
        return self.certainty is Certainty.ANSWER


def ask_all(system: Answering, questions: Iterable[GoldQuestion]) -> Iterator[Outcome]:
    """Ask each question; a follow-up whose article is absent cannot be asked, and is left out."""
    for question in questions:
        article = system.find(question.article) if question.article else None
        is_absent = article is None and question.article is not None
        if question.is_follow_up and article is None:
            continue
        scope = [article.number] if article and question.is_follow_up else []
        answer = system.ask(question.text, limit=QUOTES, scope=scope)
        rights = [is_right(quote, question, article) for quote in answer.quotes]
        articles = list(dict.fromkeys(quote.article.number for quote in answer.quotes))
        yield Outcome(
            question=question,
            rank=rights.index(True) + 1 if any(rights) else None,
            article_rank=(
                articles.index(article.number) + 1
                if article and article.number in articles
                else None
            ),
            certainty=answer.certainty,
            is_absent=is_absent,
            milliseconds=answer.milliseconds,
        )


def is_right(quote: Quote, question: GoldQuestion, article: StoredArticle | None) -> bool:
    """Whether a quote answers a question.

    Args:
        quote: A sentence, or a title.
        question: Either it has spans of the article's text, one of which the quote must overlap,
            or sentences, one of which the quote must be, whatever article it is of.
        article: The one that answers, if it is there.
    """
    if question.spans:
        is_of_it = article is not None and quote.article.number == article.number
        start, end = quote.start, quote.end
        if not is_of_it or start is None or end is None:
            return False
        return any(start < last and first < end for first, last in question.spans)
    return any(is_same(quote.text, sentence) for sentence in question.gold)


def is_same(text: str, sentence: str) -> bool:
    """Whether two texts are one sentence, white space aside, or one is a long part of the other."""
    shorter, longer = sorted((_plain(text), _plain(sentence)), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_PART and shorter in longer)


def _plain(text: str) -> str:
    return " ".join(nfc(text).split())
