"""`hoibao ask`: answer one question as text, or questions on standard input as JSON Lines.

Each input line is a question; each output line is its answer, in the same order. A question that
asks for articles (`tin mới về X`, a bare name) also gets them: see `Library.headlines`.
"""

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import click

from bot.cli.context import Context, Day, print_json, warn_if_outdated
from bot.cli.explanation import explanation_lines, explanation_values
from index.errors import PROGRAM_ERRORS, QuestionError
from index.language.dates import format_datetime
from index.library import Library
from index.models.answer import Answer, Certainty, Quote
from index.models.article import StoredArticle
from index.models.headlines import Headline, HeadlinePage

MOST_QUOTES = 100  # for one question
MOST_REPEATS = 3  # other articles named under a quote

Ask = Callable[..., Answer]
Find = Callable[..., HeadlinePage | None]


@click.command()
@click.argument("question", required=False)
@click.option("--limit", type=click.IntRange(1, MOST_QUOTES), default=3, show_default=True)
@click.option("--since", type=Day(), help="First day of publication.")
@click.option("--until", type=Day(), help="Last day of publication.")
@click.option("--source", help="Name of a source.")
@click.option("--article", metavar="ID_OR_URL", help="Search only this article.")
@click.option(
    "--explain",
    "is_explained",
    is_flag=True,
    help="Show what each feature adds to the score of each quote, and to the confidence.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON line.")
@click.pass_obj
def ask(
    context: Context,
    question: str | None,
    limit: int,
    since: date | None,
    until: date | None,
    source: str | None,
    article: str | None,
    is_explained: bool,
    as_json: bool,
) -> None:
    """Answer QUESTION, or each line of standard input with a JSON line.

    A line is a question or {"id", "question", "article", "limit"}; blank lines are skipped.
    """
    for name, text in (("question", question), ("source", source)):
        require_valid_text(text or "", name)
    if question is not None and not question.strip():
        raise QuestionError("there is no question: write one in quotation marks after hoibao ask")
    with context.open_library() as library:
        warn_if_outdated(library)
        scope = scope_of(library, article) if article else ()
        days: dict[str, Any] = {"since": since, "until": until, "source": source}
        answer: Ask = partial(library.ask, limit=limit, scope=scope, **days)
        find: Find = partial(_headlines, library, limit=limit, scope=scope, **days)
        if question is None:
            failed = False
            lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")
            for line in answer_lines(library, lines, answer, find, is_explained=is_explained):
                print_json(line)
                failed |= "error" in line
            if failed:
                sys.exit(1)
        elif as_json:
            found = answer(question)
            values = answer_values(found, find(question), is_explained=is_explained)
            print_json({"id": None, "question": question} | values)
        elif not is_explained and (page := find(question)) and page.headlines:
            _print_headlines(page)
        else:
            found = answer(question)
            _print_answer(found, is_empty=library.status().articles == 0)
            if is_explained:
                click.echo("\n".join(explanation_lines(found)))


def _headlines(
    library: Library, question: str, *, limit: int, scope: Sequence[int] = (), **days: Any
) -> HeadlinePage | None:
    """Find the articles that a question asks for; none within articles that are named."""
    return None if scope else library.headlines(question, limit=limit, **days)


def _print_headlines(page: HeadlinePage) -> None:
    if page.period:
        click.echo(f"Published {page.period}:")
    elif page.missed:
        click.echo(f"Nothing found for {page.missed}; results from any date:")
    for row in page.headlines:
        click.echo(f"\n{click.style(row.article.title, fg='cyan')}")
        click.echo(f"  {_origin(row.article)}" + _number_of_sources(row))
        if row.article.url:
            click.echo(f"  {click.style(row.article.url, underline=True)}")
        if row.quote.start is not None:
            click.echo(f"  “{row.quote.text}”")


def _number_of_sources(row: Headline) -> str:
    return f" · {len(row.sources)} sources" if len(row.sources) > 1 else ""


def _origin(article: StoredArticle) -> str:
    return " · ".join(filter(None, (article.source, format_datetime(article.published, "en"))))


def _print_answer(answer: Answer, *, is_empty: bool) -> None:
    if is_empty:
        click.echo("There are no articles yet; add some with: hoibao ingest PATH")
    elif answer.certainty is Certainty.NONE:
        click.echo("No article answers this." + (" Closest:" if answer.quotes else ""))
    else:
        _print_heading(answer)
    for quote in answer.quotes:
        _print_quote(quote)


def _print_heading(answer: Answer) -> None:
    if answer.missed:
        click.echo(f"Nothing found for {answer.missed}; results from any date:")
    elif answer.period:
        click.echo(f"Published {answer.period}:")
    if answer.certainty is Certainty.MAYBE:
        click.echo("Perhaps:")


def _print_quote(quote: Quote) -> None:
    article = quote.article
    click.echo(f"\n“{_with_bold(quote)}”")
    click.echo(f"  {click.style(article.title, fg='cyan')}\n  {_origin(article)}")
    if article.url:
        click.echo(f"  {click.style(article.url, underline=True)}")
    if quote.also_in:
        titles = "; ".join(other.title for other in quote.also_in[:MOST_REPEATS])
        left = len(quote.also_in) - MOST_REPEATS
        click.echo(f"  Also in: {titles}" + (f" +{left}" if left > 0 else ""))


def _with_bold(quote: Quote) -> str:
    """Return a quote with its matching words in bold, which `click.echo` drops in a pipe."""
    text, end, parts = quote.text, 0, []
    for start, stop in quote.highlights:
        parts += [text[end:start], click.style(text[start:stop], bold=True)]
        end = stop
    return "".join([*parts, text[end:]])


def answer_lines(
    library: Library,
    lines: Iterable[str],
    ask: Ask,
    find: Find = lambda _, **__: None,
    *,
    is_explained: bool = False,
) -> Iterator[dict[str, Any]]:
    """Answer each line; one that is invalid, or fails, gets an `error` instead of quotes.

    Args:
        library: The library in which articles are looked up.
        lines: Plain questions, or `{"id"?, "question", "article"?, "limit"?}`; blank
            ones are skipped.
        ask: `Library.ask` with the command's own filters.
        find: `Library.headlines` likewise.
        is_explained: Whether each answer gets its `explanation`.
    """
    for text in filter(None, map(str.strip, lines)):
        line: dict[str, Any] = {"id": None, "question": text}
        values: dict[str, Any] = {"question": text}
        try:
            if text.startswith("{"):
                values = _parse_object(text)
                line["id"] = _id(values)
            question = _question(values)
            arguments = _arguments(library, values)
            line["question"] = question
            answer, page = ask(question, **arguments), find(question, **arguments)
            yield line | answer_values(answer, page, is_explained=is_explained)
        except QuestionError as error:
            yield line | _failed(str(error))
        except PROGRAM_ERRORS as error:
            yield line | _failed(f"an error in this program ({type(error).__name__})")


def _failed(error: str) -> dict[str, Any]:
    nothing = {"confident": False, "confidence": 0.0, "certainty": Certainty.NONE}
    return nothing | {"quotes": [], "articles": [], "milliseconds": 0.0, "error": error}


def require_valid_text(text: str, name: str) -> str:
    """Return a text if it is valid Unicode.

    Raises:
        QuestionError: If it holds a lone surrogate, as undecodable bytes become.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise QuestionError(f"{name}: not valid UTF-8 text") from None
    return text


def answer_values(
    answer: Answer, page: HeadlinePage | None = None, *, is_explained: bool = False
) -> dict[str, Any]:
    """Convert an answer, and the articles that were asked for, to the values of a JSON object."""
    period = answer.period
    values = {
        "confident": answer.confident,
        "confidence": round(answer.confidence, 4),
        "certainty": answer.certainty,
        "quotes": [_quote(quote) for quote in answer.quotes],
        "articles": [_headline(row) for row in page.headlines] if page else [],
        "milliseconds": round(answer.milliseconds, 2),
        "period": {"since": period.first, "until": period.last} if period else None,
    }
    return values | ({"explanation": explanation_values(answer)} if is_explained else {})


def scope_of(library: Library, reference: str) -> list[int]:
    """Find an article by id or URL, and return its number as a scope.

    Raises:
        QuestionError: If there is none.
    """
    article = library.find(require_valid_text(reference, "article"))
    if article is None:
        raise QuestionError(f"no article has the id or URL {reference!r}")
    return [article.number]


def _parse_object(text: str) -> dict[str, Any]:
    """Parse a line that is a JSON object."""
    try:
        values: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise QuestionError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise QuestionError("not valid JSON: nested too deeply") from None
    return values


def _id(values: dict[str, Any]) -> str | int | float | None:
    given = values.get("id")
    if given is None or isinstance(given, (str, int, float)):
        return given
    raise QuestionError("id: expected text or a number")


def _question(values: dict[str, Any]) -> str:
    question = values.get("question")
    if not isinstance(question, str):
        raise QuestionError("question: expected text")
    return require_valid_text(question, "question")


def _arguments(library: Library, values: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `Library.ask` that the object of a line gives.

    Raises:
        QuestionError: If they are invalid, or there is no such article.
    """
    article, limit = values.get("article"), values.get("limit")
    arguments: dict[str, Any] = {}
    if article is not None:
        if isinstance(article, bool) or not isinstance(article, (str, int)):
            raise QuestionError("article: expected an id or URL")
        arguments["scope"] = scope_of(library, str(article))
    if limit is not None:
        is_number = isinstance(limit, int) and not isinstance(limit, bool)
        if not (is_number and 1 <= limit <= MOST_QUOTES):
            raise QuestionError(f"limit: expected a whole number from 1 to {MOST_QUOTES}")
        arguments["limit"] = limit
    return arguments


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "score": round(quote.score, 4),
        "article": _named(quote.article),
        "also_in": [_named(article) for article in quote.also_in],
    }


def _headline(row: Headline) -> dict[str, Any]:
    quote = row.quote
    return _named(row.article) | {
        "sources": list(row.sources),
        "quote": {"text": quote.text, "start": quote.start, "end": quote.end},
    }


def _named(article: StoredArticle) -> dict[str, Any]:
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
    }
