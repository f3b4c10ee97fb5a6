"""Questions from a program: lines in, one JSON line out for each, in order."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index.article import Answer, Quote, StoredArticle
from index.errors import QuestionError
from index.library import Library
from index.period import Period

Ask = Callable[..., Answer]
Scalar = str | int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A question as a program gives it."""

    question: str
    id: Scalar = None
    article: str | None = None
    limit: int | None = None


def answer_lines(
    library: Library, lines: Iterable[str], ask: Ask, most: int
) -> Iterator[dict[str, Any]]:
    """Answer each line; one that cannot be understood gets an `error` instead of quotes.

    Args:
        library: Where articles are looked up.
        lines: A plain question each, or `{"id"?, "question", "article"?, "limit"?}`; blank
            ones are skipped.
        ask: `Library.ask` with the command's own filters.
        most: How many quotes a line may ask for.
    """
    for text in filter(None, map(str.strip, lines)):
        line = Line(text)
        try:
            values = _values(text)
            if values is not None:
                line = Line(text, _id(values))
                line = _line(values, line.id, most)
            asked = whole(line.question, "question")
            yield answer_line(line, ask(asked, **_arguments(library, line)))
        except QuestionError as error:
            failed = {"confident": False, "quotes": [], "milliseconds": 0.0, "error": str(error)}
            yield {"id": line.id, "question": line.question} | failed


def whole(text: str, name: str) -> str:
    """Return a text if all of it is characters.

    Raises:
        QuestionError: If it holds half of one (a lone surrogate), or bytes that are none.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise QuestionError(f"{name}: not valid UTF-8 text") from None
    return text


def answer_line(line: Line, answer: Answer) -> dict[str, Any]:
    """An answer as programs read it."""
    return {
        "id": line.id,
        "question": line.question,
        "confident": answer.confident,
        "quotes": [_quote(quote) for quote in answer.quotes],
        "milliseconds": round(answer.milliseconds, 2),
        "period": _period(answer.period),
    }


def scope_of(library: Library, reference: str) -> list[int]:
    """The number of the article with this id or URL.

    Raises:
        QuestionError: There is none.
    """
    article = library.find(whole(reference, "article"))
    if article is None:
        raise QuestionError(f"no article has the id or URL {reference!r}")
    return [article.number]


def _values(text: str) -> dict[str, Any] | None:
    """The object that a line is, or None if it is a plain question."""
    if not text.startswith("{"):
        return None
    try:
        values: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise QuestionError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise QuestionError("not valid JSON: nested too deeply") from None
    return values


def _id(values: dict[str, Any]) -> Scalar:
    given = values.get("id")
    if given is None or isinstance(given, (str, int, float)):
        return given
    raise QuestionError("id: expected text or a number")


def _line(values: dict[str, Any], number: Scalar, most: int) -> Line:
    """Read an object.

    Raises:
        QuestionError: It is not a question.
    """
    question, article, limit = (values.get(name) for name in ("question", "article", "limit"))
    if not isinstance(question, str):
        raise QuestionError("question: expected text")
    if article is not None and (isinstance(article, bool) or not isinstance(article, (str, int))):
        raise QuestionError("article: expected an id or URL")
    is_number = isinstance(limit, int) and not isinstance(limit, bool)
    if limit is not None and not (is_number and 1 <= limit <= most):
        raise QuestionError(f"limit: expected a whole number from 1 to {most}")
    return Line(question, number, None if article is None else str(article), limit)


def _arguments(library: Library, line: Line) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if line.limit is not None:
        arguments["limit"] = line.limit
    if line.article is not None:
        arguments["scope"] = scope_of(library, line.article)
    return arguments


def _period(period: Period | None) -> dict[str, str | None] | None:
    if period is None:
        return None
    ends = {"since": period.first, "until": period.last}
    return {name: day.isoformat() if day else None for name, day in ends.items()}


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "score": round(quote.score, 4),
        "article": _named(quote.article),
        "also_in": [_named(article) for article in quote.also_in],
    }


def _named(article: StoredArticle) -> dict[str, Any]:
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
    }
