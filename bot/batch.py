"""Questions from a program: lines in, one JSON line out for each, in order."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index.article import Answer, Quote
from index.errors import QuestionError
from index.library import Library

Ask = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Line:
    """A question as a program gives it."""

    question: str
    id: str | int | None = None
    article: str | None = None
    limit: int | None = None


def answer_lines(library: Library, lines: Iterable[str], ask: Ask) -> Iterator[dict[str, Any]]:
    """Answer each line; one that cannot be understood gets an `error` instead of quotes.

    Args:
        library: Where articles are looked up.
        lines: A plain question each, or `{"id"?, "question", "article"?, "limit"?}`.
        ask: `Library.ask` with the command's own filters.
    """
    for text in filter(None, map(str.strip, lines)):
        line = Line(text)
        try:
            line = read_line(text)
            yield answer_line(line, ask(line.question, **_arguments(library, line)))
        except QuestionError as error:
            failed = {"confident": False, "quotes": [], "milliseconds": 0.0, "error": str(error)}
            yield {"id": line.id, "question": line.question} | failed


def read_line(text: str) -> Line:
    """Read a plain question or a JSON object.

    Raises:
        QuestionError: It looks like JSON and is not a question.
    """
    if not text.startswith("{"):
        return Line(text)
    try:
        values = json.loads(text)
    except ValueError as error:
        raise QuestionError(f"not valid JSON: {error}") from None
    if not isinstance(values.get("question"), str):
        raise QuestionError("question: expected text")
    limit, article = values.get("limit"), values.get("article")
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        raise QuestionError("limit: expected a whole number from 1")
    return Line(
        values["question"], values.get("id"), None if article is None else str(article), limit
    )


def answer_line(line: Line, answer: Answer) -> dict[str, Any]:
    """An answer as programs read it."""
    return {
        "id": line.id,
        "question": line.question,
        "confident": answer.confident,
        "quotes": [_quote(quote) for quote in answer.quotes],
        "milliseconds": round(answer.milliseconds, 2),
    }


def scope_of(library: Library, reference: str) -> list[int]:
    """The number of the article with this id or URL.

    Raises:
        QuestionError: There is none.
    """
    article = library.find(reference)
    if article is None:
        raise QuestionError(f"no article has the id or URL {reference!r}")
    return [article.number]


def _arguments(library: Library, line: Line) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if line.limit is not None:
        arguments["limit"] = line.limit
    if line.article is not None:
        arguments["scope"] = scope_of(library, line.article)
    return arguments


def _quote(quote: Quote) -> dict[str, Any]:
    article = quote.article
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "score": round(quote.score, 4),
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "source": article.source,
            "published": article.published.isoformat() if article.published else None,
        },
    }
