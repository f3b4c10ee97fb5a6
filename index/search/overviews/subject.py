"""Analyse the words of a subject: what articles on it hold, and what is no subject."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, pairwise

from index.engine.protocol import Field, Snapshot
from index.language.analyser import Terms
from index.language.english import parse_english_question
from index.language.patterns import fold_words
from index.language.spelling import nfc
from index.models.headlines import ArticleRequestKind
from index.search.pipeline import SearchContext
from index.search.query.analysis import literal_query
from index.search.query.article_requests import bare_subject, is_subject
from index.search.query.model import Query
from index.search.query.requirements import SubjectRequirements, subject_requirements

NAME_FROM = 0.05
"""How often a name is held for each time that its translation is: `Grab` is also `giành`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: its words, analysed, and what articles on it hold."""

    text: str
    query: Query
    required: SubjectRequirements


def analyse_subject(
    text: str, kind: ArticleRequestKind, context: SearchContext, snapshot: Snapshot
) -> Subject | None:
    """Analyse the words of a subject; None if they are no subject.

    Args:
        text: The words, as typed.
        kind: The kind of articles that are asked for.
        context: The parts of the library.
        snapshot: The engine, which knows what articles hold.
    """
    analyser = context.analyser
    query = analyser.analyse(text, snapshot)
    if _is_held_as_typed(text, query, snapshot, analyser.terms(text)):
        query = literal_query(text, analyser.terms(text))
    if not is_subject(query, analyser.terms(query.question), kind):
        return None
    if _is_another_name(text, query.question):
        return None
    bare = bare_subject(query.question)
    if bare != query.question:
        return analyse_subject(bare, kind, context, snapshot)
    required = subject_requirements(query)
    return Subject(bare, query, required) if required.phrase or required.words else None


def _is_held_as_typed(typed: str, query: Query, snapshot: Snapshot, terms: Terms) -> bool:
    """Whether a name is not to be read as something else: `Nha Trang`, `Grab`.

    Articles hold it as it was typed, and its translation, if it has one, is not the name of a
    place, and not many times as common.
    """
    syllables = terms.syllables
    pairs = [f"{one}_{two}" for one, two in pairwise(syllables)]
    field, parts = (Field.BIGRAMS, pairs) if pairs else (Field.SYLLABLES, syllables)
    frequencies = snapshot.document_frequencies({field: parts})[field]
    held = min((frequencies[part] for part in parts), default=0)
    if typed == typed.lower() or not held or query.kind is not None:
        return False
    words = parse_english_question(typed) or ()
    if any(word.equivalents and not word.equivalents[0].islower() for word in words):
        return False
    if pairs or not any(word.equivalents for word in words):
        return True
    others = defaultdict[Field, list[str]](list)
    for alternatives in subject_requirements(query).words:
        for term in chain.from_iterable(alternatives):
            others[term.field].append(term.text)
    found = snapshot.document_frequencies(others)
    most = max(found[field][text] for field, texts in others.items() for text in texts)
    return held >= NAME_FROM * most


def _is_another_name(typed: str, analysed: str) -> bool:
    """Whether a name was taken for a slip of the keyboard, since no article holds it."""
    return typed != typed.lower() and fold_words(nfc(typed)) != fold_words(nfc(analysed))
