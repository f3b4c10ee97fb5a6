"""`hoibao evaluate`: measure answers by gold questions, or by the chat's votes."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.cli.context import Context, pluralise, print_json
from bot.cli.progress import Articles, ingest_with_progress, with_progress
from index.alerts.announcer import Alert
from index.evaluation import (
    Figures,
    GoldQuestion,
    QuestionSet,
    Report,
    ask_all,
    compute_report,
    judge_votes,
    read_questions,
    remove_diacritics,
    sample_evenly,
)
from index.language.sentences import split_sentences
from index.library import Library
from index.models.article import Article, IngestReport

TOPIC_HALVES = {"even": 0, "odd": 1}

COLUMNS = (
    *(("questions", 10), ("MRR@10", 8), ("95%", 15)),
    *(("hit@1", 7), ("@3", 6), ("@5", 6)),
    *(("article@1", 11), ("@3", 6), ("@5", 6), ("answered", 10)),
)
"""Headings of the table, with the width of each column."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--over",
    multiple=True,
    metavar="PATH",
    type=click.Path(exists=True),
    help="Ask these articles instead of the data folder's; may be given several times.",
)
@click.option("--sentences", type=click.IntRange(1), help="Use only this many sentences of --over.")
@click.option("--unmarked", "is_unmarked", is_flag=True, help="Ask without Vietnamese diacritics.")
@click.option(
    "--limit-questions", type=click.IntRange(1), help="Ask only this many questions, evenly spread."
)
@click.option("--only", type=click.Choice(list(TOPIC_HALVES)), help="Every other topic of SQuAD.")
@click.option("--feedback", "is_feedback", is_flag=True, help="Judge by the chat's votes instead.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON line.")
@click.pass_obj
def evaluate(
    context: Context,
    file: Path | None,
    over: tuple[str, ...],
    sentences: int | None,
    is_unmarked: bool,
    limit_questions: int | None,
    only: str | None,
    is_feedback: bool,
    as_json: bool,
) -> None:
    """Measure answers by FILE: SQuAD, or JSON Lines of question, article and gold sentences.

    SQuAD is asked over its own paragraphs, with those of --over; other files over the data
    folder, or over --over.
    """
    if sentences and not over:
        raise click.UsageError("--sentences needs --over")
    if is_feedback:
        if file or over or only or is_unmarked or limit_questions:
            raise click.UsageError("--feedback takes no FILE, and no option except --json")
        _evaluate_votes(context, as_json=as_json)
        return
    if file is None:
        raise click.UsageError("give a FILE of questions, or --feedback")
    found = read_questions(file, half=TOPIC_HALVES[only] if only else None)
    questions: Sequence[GoldQuestion] = found.questions
    if limit_questions:
        questions = sample_evenly(questions, limit_questions)
    if is_unmarked:
        questions = [remove_diacritics(question) for question in questions]
    if not (over or found.contexts):
        with context.open_library() as library:
            _evaluate(library, questions, where=str(context.data), as_json=as_json)
        return
    with _temporary(context, found, over, sentences) as (library, report):
        for rejection in report.rejected:
            click.echo(f"rejected {rejection.input}: {rejection.reason}", err=True)
        _evaluate(library, questions, where=" ".join(over) or str(file), as_json=as_json)
    if report.rejected:
        sys.exit(1)


@contextmanager
def _temporary(
    context: Context,
    found: QuestionSet,
    over: Sequence[str],
    sentences: int | None,
) -> Iterator[tuple[Library, IngestReport]]:
    """Open a temporary library of the file's contexts and of the articles of `over`."""

    def select(articles: Articles) -> Articles:
        return chain(found.contexts, _first(articles, sentences) if sentences else articles)

    with (
        TemporaryDirectory(prefix="hoibao-") as folder,
        context.open_library(Path(folder)) as library,
    ):
        report = ingest_with_progress(library, over, alert=Alert.NONE, select=select)
        yield library, report


def _first(articles: Articles, sentences: int) -> Articles:
    """Take articles up to a number of sentences."""
    taken = 0
    for article in articles:
        yield article
        taken += len(split_sentences(article.text)) if isinstance(article, Article) else 0
        if taken >= sentences:
            return


def _evaluate(
    library: Library, questions: Sequence[GoldQuestion], *, where: str, as_json: bool
) -> None:
    state = library.status()
    if not state.articles:
        raise click.ClickException(f"there are no articles in {where} to ask")
    outcomes = list(ask_all(library, with_progress(questions, "questions")))
    if not outcomes:
        raise click.ClickException(
            f"{where} does not contain the articles these questions are about"
        )
    report = compute_report(outcomes)
    if as_json:
        sizes = {"articles": state.articles, "sentences": state.sentences}
        print_json(sizes | asdict(report))
        return
    click.echo(
        f"{pluralise(len(outcomes), 'question')}, {pluralise(state.sentences, 'sentence')} of "
        f"{pluralise(state.articles, 'article')}; "
        f"{report.median_milliseconds:.1f} ms a question, 95% below "
        f"{report.slow_milliseconds:.1f} ms\n"
    )
    for line in _table(report):
        click.echo(line)


def _table(report: Report) -> Iterator[str]:
    rows: list[tuple[str, Figures | None]] = [("all", report.overall)]
    for part in (report.by_type, report.by_language, report.by_marks):
        rows += part.items() if len(part) > 1 else ()
    rows.append(("follow-ups", report.follow_ups))
    yield _row("", *(heading for heading, _ in COLUMNS))
    for name, figures in rows:
        if figures:
            hits = (figures.hit_1, figures.hit_3, figures.hit_5)
            articles = (figures.article_1, figures.article_3, figures.article_5)
            interval = " to ".join(map(_percent, figures.mrr_interval or ()))
            shares = map(_percent, (*hits, *articles, figures.answered))
            yield _row(name, figures.questions, _percent(figures.mrr), interval or "–", *shares)
    for name, part_of in (
        ("that nothing answers", report.unanswerable),
        ("whose article is not there", report.absent),
    ):
        if part_of:
            asked = pluralise(part_of.questions, "question")
            yield f"\n{asked} {name}: {_percent(part_of.answered)}% answered"


def _row(name: str, *cells: object) -> str:
    columns = zip(cells, COLUMNS, strict=True)
    return f"{name:<12}" + "".join(f"{cell:>{width}}" for cell, (_, width) in columns)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _evaluate_votes(context: Context, *, as_json: bool) -> None:
    with context.open_library() as library:
        report = judge_votes(library, with_progress(list(library.feedback.all()), "votes"))
    if as_json:
        print_json(asdict(report))
        return
    click.echo(
        f"👍 {report.good}: {report.good_first} still first, "
        f"{report.good_in_three} among the first three\n"
        f"👎 {report.bad}: {report.bad_no_longer_first} no longer first"
    )
    if report.without_question:
        click.echo(
            f"{pluralise(report.without_question, 'vote')} without a question; questions are kept "
            "with keep_questions = true"
        )
