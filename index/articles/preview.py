"""Preview an article: what a page or record would become, without storing it."""

from dataclasses import dataclass

from index.articles.readers import Cut, Reading
from index.articles.validation import validate
from index.errors import PROGRAM_ERRORS, InputError
from index.language.sentences import split_sentences
from index.models.article import Article, Rejection
from index.models.problem import program_problem, reason


@dataclass(frozen=True, slots=True)
class Preview:
    """An article as it would be stored, with its sentences; see `Reading` for the rest."""

    input: str
    article: Article
    sentences: tuple[str, ...]
    cuts: tuple[Cut, ...] = ()
    problem: str | None = None


def preview(reading: Reading) -> Preview | Rejection:
    """Validate an article that was read and split it into sentences, as ingesting would."""
    try:
        article = validate(reading.article)
        sentences = tuple(article.text[start:end] for start, end in split_sentences(article.text))
    except InputError as error:
        return Rejection(reading.input, reason(error))
    except PROGRAM_ERRORS as error:
        return Rejection(reading.input, program_problem(error))
    return Preview(reading.input, article, sentences, reading.cuts, reading.problem)
