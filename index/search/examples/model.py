"""A question that was made of an article."""

from dataclasses import dataclass

from index.search.query.model import AnswerType


@dataclass(frozen=True, slots=True)
class ProposedQuestion:
    """A question on an article, which may or may not be answered.

    Args:
        text: The question.
        kind: The type of its answer.
        stands_alone: Whether it is understood without the article.
        answer: Words that its answer holds; empty if any answer of the type will do.
    """

    text: str
    kind: AnswerType
    stands_alone: bool = True
    answer: str = ""


def as_sentence(text: str) -> str:
    """Return a question with a capital in front and its mark behind."""
    return f"{text[:1].upper()}{text[1:]}?"
