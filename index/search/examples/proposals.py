"""Propose questions on an article, from its title and its sentences; only the readable ones."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from index.language.patterns import UPPER, Pattern
from index.search.examples.model import ProposedQuestion
from index.search.examples.sentences import questions_of_sentences
from index.search.examples.titles import questions_of_title

LONGEST_QUESTION = 75  # characters that still read as an example
SHORTEST_QUESTION = 4  # syllables; of one that stands alone two more


def propose_questions(title: str, sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Yield different questions on an article, the most natural first.

    Args:
        title: Its title, in NFC.
        sentences: The sentences of its body.
    """
    if _UNFIT_TITLE.search(title):
        return
    seen: set[str] = set()
    proposed = (questions_of_title(title, " ".join(sentences)), questions_of_sentences(sentences))
    for question in chain.from_iterable(proposed):
        if question.text not in seen and _is_readable(question):
            seen.add(question.text)
            yield question


def _is_readable(question: ProposedQuestion) -> bool:
    text = question.text
    if len(text) > LONGEST_QUESTION or _UNFIT.search(text):
        return False
    if not question.stands_alone:
        return len(text.split()) >= SHORTEST_QUESTION
    return len(text.split()) >= SHORTEST_QUESTION + 2 and _NAME.search(text) is not None


_NAME = Pattern(rf"(?<=\w )[{UPPER}]\w|^[{UPPER}]\w+ [{UPPER}]\w|^[{UPPER}]{{2}}")
_UNFIT = Pattern(
    r"[\"“”‘’'()\[\]…:;!]|\.\.|\b(?:này|đó|kia|ấy|tôi|chúng ta|hôm nay|hôm qua|vừa|mới đây)\b", re.I
)
_UNFIT_TITLE = Pattern(
    r"\b(?:giết|chém|hiếp|dâm|sex|tình dục|thi thể|xác|tự tử|tự sát|ấu|sàm sỡ|đồng tính|án mạng|"
    r"phân xác|bạo hành|khỏa thân|khoả thân|lộ clip)\b",
    re.IGNORECASE,
)
