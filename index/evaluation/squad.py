"""Read SQuAD files: topics of paragraphs, each with questions and the spans that answer them."""

import hashlib
import re
from collections.abc import Iterator

from index.articles.readers import strip_controls
from index.evaluation.gold import GoldQuestion, guess_language, guess_type
from index.evaluation.json_parts import JsonPart
from index.language.spelling import nfc
from index.models.article import Article

_SOURCE = "SQuAD"


def squad_contexts(whole: JsonPart) -> Iterator[Article]:
    """Yield each distinct paragraph as an article with its topic as title.

    Raises:
        InputError: The file is not SQuAD.
    """
    seen = set()
    for topic in whole.items("data"):
        title = _title(topic)
        for paragraph in topic.items("paragraphs"):
            text = _kept(paragraph.text("context"))
            name = _name(title, text)
            if name not in seen:
                seen.add(name)
                yield Article(id=name, title=title, text=text, source=_SOURCE)


def squad_questions(whole: JsonPart, half: int | None) -> Iterator[GoldQuestion]:
    """Yield the questions of all topics, or of those at even (0) or odd (1) places in the file.

    Raises:
        InputError: The file is not SQuAD, or an answer is not in its paragraph.
    """
    for place, topic in enumerate(whole.items("data")):
        if half is not None and place % 2 != half:
            continue
        title = _title(topic)
        for paragraph in topic.items("paragraphs"):
            context = paragraph.text("context")
            article = _name(title, _kept(context))
            for record in paragraph.items("qas"):
                yield _question(record, context, article, group=title or str(place))


def _question(record: JsonPart, context: str, article: str, *, group: str) -> GoldQuestion:
    text = record.text("question")
    is_impossible = record.has("is_impossible") and record.part("is_impossible").value is True
    answers = record.items("answers") if record.has("answers") and not is_impossible else ()
    return GoldQuestion(
        id=record.name("id"),
        text=text,
        type=guess_type(text),
        language=guess_language(text),
        group=group,
        article=article,
        spans=tuple(_span(answer, context) for answer in answers),
    )


def _span(answer: JsonPart, context: str) -> tuple[int, int]:
    """Find an answer in its paragraph as an article keeps it, nearest to where the file says."""
    wanted, text = _kept(answer.text("text")), _kept(context)
    said = len(_kept(context[: answer.number("answer_start")]))
    starts = [match.start() for match in re.finditer(re.escape(wanted), text)]
    if not starts:
        raise answer.error("not in its paragraph")
    start = min(starts, key=lambda found: abs(found - said))
    return start, start + len(wanted)


def _title(topic: JsonPart) -> str:
    return " ".join(topic.text("title").replace("_", " ").split()) if topic.has("title") else ""


def _name(title: str, text: str) -> str:
    return f"squad-{hashlib.sha256(f'{title} {text}'.encode()).hexdigest()[:16]}"


def _kept(text: str) -> str:
    """Return a text as an article keeps it, so that offsets into it hold."""
    return nfc(strip_controls(text))
