"""Gold questions: questions whose answers are known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.language.english import is_english
from index.language.spelling import fold
from index.search.query import answer_type

OTHER_TYPE = "other"
ENGLISH, VIETNAMESE = "en", "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with the texts or articles that answer it.

    `gold` are sentences that answer it; `spans` are the `[start, end)` of the text of `article`
    that do. With neither, nothing does. `article` is the id or URL of the article that answers,
    if that is known, and the only one that is asked if `is_follow_up`. Questions of one `group`
    are about one subject: they are no independent evidence. `id` is for messages and tables.
    """

    id: str
    text: str
    type: str
    language: str
    group: str
    article: str | None = None
    gold: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    is_follow_up: bool = False

    @property
    def is_answerable(self) -> bool:
        """Whether the question has an answer."""
        return bool(self.gold or self.spans)


def guess_type(question: str) -> str:
    """Guess the type of a question whose file does not say."""
    return answer_type(question) or OTHER_TYPE


def guess_language(question: str) -> str:
    """Guess the language of a question whose file does not say."""
    return ENGLISH if is_english(question) else VIETNAMESE


def unify_language(questions: Iterable[GoldQuestion]) -> list[GoldQuestion]:
    """Set the language of all questions of a file to that of most of them."""
    several = list(questions)
    seeming = Counter(question.language for question in several)
    return [replace(question, language=seeming.most_common(1)[0][0]) for question in several]


def remove_diacritics(question: GoldQuestion) -> GoldQuestion:
    """Return the question typed without Vietnamese diacritics."""
    return replace(question, text=fold(question.text))


def sample_evenly(questions: Sequence[GoldQuestion], number: int) -> list[GoldQuestion]:
    """Sample at most so many questions, evenly from all of them."""
    wanted = min(number, len(questions))
    return [questions[place * len(questions) // wanted] for place in range(wanted)]
