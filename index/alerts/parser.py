"""Parse the text typed after /subscribe into a standing query.

The rules, in order:

1. Nothing, or `*`, is everything. Words must all occur; their order is free.
   `OR`, `|` and `hoặc` (also `hoac`, `hoặc là`) part alternatives: one of them must fit
   as a whole. `or` in small letters does so in English chats only, for elsewhere it is a
   word of foreign titles; within quotes all of these are words. Where a side has no
   words there is nothing to part, and an alternative `*` makes the query one for everything.
2. Quotes (`"…"`, `“…”`, `«…»`) hold neighbouring syllables of one sentence. A
   quote that is not closed goes on to the end. Outside of quotes, neighbours that
   make one word or name belong together too: see `index.alerts.compounds`.
3. `-` before a word or quote excludes it, as do the dashes that phones make of it.
   A dash between spaces is a dash.
4. `title:` and `source:` (`tiêu đề:`, `nguồn:`, with or without diacritics) say where
   the word or quote behind them is to be; a minus may stand before them. Of several
   sources one will do, of several titles all must fit. Sources and excluded words
   count for all alternatives, wherever they stand.
5. A query without any diacritic in its words is one typed without them: `bao lu`
   finds `bão lũ`. A diacritic anywhere says that the person types them: each word is
   then exact, also one without, so `ma trận` does not find `mà`. The name of a source
   goes by its own diacritics.
6. A syllable that decides alone, as the only one of its alternative or as one excluded, is
   exact without diacritics too if it is a usual word of its own: `ma` finds `ma`, not
   `mà`; `lu`, which is hardly one, finds `lũ`. (Usual: of the thousand commonest
   syllables of news, see `index.language.word_frequency`.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.alerts.compounds import Compound, join_syllables, split_compounds
from index.alerts.errors import SubscriptionError, SubscriptionReason
from index.alerts.query import EVERYTHING, OR, AlertPhrase, AlertQuery, FieldScope
from index.language.analyser import Analyser, syllable_spans
from index.language.spelling import fold, has_diacritics, nfc
from index.language.word_frequency import word_frequency

TYPED_MAX = 4_096
"""Characters of text that is read at all: Telegram's limit of a message."""

CANONICAL_MAX = 256
"""Characters of a query as text: it is shown in lists, some lines of a phone at most."""

SYLLABLES_MAX = 24
"""Syllables of a query: 99 of 100 headlines have fewer (22 or less in 5,000 of vietnews-60k)."""

_QUOTES = '"“”„‟«»'
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_FIELDS = {
    "source": FieldScope.SOURCE,
    "nguon": FieldScope.SOURCE,
    "title": FieldScope.TITLE,
    "tieude": FieldScope.TITLE,
}
_PIECE = re.compile(
    rf"""
    (?<!\s)\s*+(?=\S)
    (?:
        (?P<connector>\|++|(?:or|hoặc(?:\s++là)?|hoac(?:\s++la)?)(?!\w))
        |
        (?P<minus>[{_DASHES}](?=\S))?
        (?:(?P<field>source|nguồn|nguon|title|tiêu\s?đề|tieu\s?de)[ ]?:\s*)?
        (?:
            [{_QUOTES}] (?P<quoted>[^{_QUOTES}]*) [{_QUOTES}]?
            | (?P<bare>[^\s|{_QUOTES}]+)
            | (?P<nothing>)
        )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OTHER_FIELD = re.compile(r"([^\W\d_]+):(?!//)\S")
_WORDLIKE = re.compile(r"[^\W_]")


def parse(text: str, analyser: Analyser, *, english: bool = False) -> AlertQuery:
    """Parse a text into a standing query.

    Args:
        text: The text typed after the command.
        analyser: That of articles and questions.
        english: Whether it was typed in English, where `or` parts alternatives; a stored text
            is not.

    Raises:
        SubscriptionError: The text cannot be understood, with a reason; nothing
            else is raised, whatever the text.
    """
    text = nfc(text[: TYPED_MAX + 1])
    if len(text) > TYPED_MAX:
        raise SubscriptionError(SubscriptionReason.TOO_LONG, limit=CANONICAL_MAX)
    parts = list(_parts(text, english=english))
    groups = _with_exactness([_group(items, analyser) for items in parts])
    query = AlertQuery.of(*groups)
    if any(map(_is_everything, parts, groups)):
        query = AlertQuery((), query.sources, query.excluded)
    elif not query.phrases and _PIECE.search(text):
        raise SubscriptionError(SubscriptionReason.NO_WORDS)
    elif query.excluded and not query.wanted and not query.sources:
        raise SubscriptionError(SubscriptionReason.ONLY_EXCLUDED)
    _check_size(query)
    return query


@dataclass(slots=True)
class _Item:
    """A quoted or bare part of the text, with its prefix.

    `joinable`: the next bare words may continue it, unlike a quote or a sign.
    """

    text: str
    place: FieldScope
    field: str | None
    excluded: bool
    quoted: bool
    opening: bool
    joinable: bool


def _parts(text: str, *, english: bool) -> Iterator[list[_Item]]:
    """Split a text into alternatives, and these into quotes and bare words that belong together."""
    items: list[_Item] = []
    for piece in _PIECE.finditer(text):
        if _is_connector(piece, english=english):
            yield items
            items = []
            continue
        item = _item(piece, opening=piece.start() == 0)
        if items and items[-1].joinable and _continues(item):
            items[-1].text += piece[0]
            items[-1].joinable = item.joinable
        else:
            items.append(item)
    yield items


def _is_connector(piece: re.Match[str], *, english: bool) -> bool:
    typed = piece["connector"]
    return typed is not None and (typed.lower() != "or" or typed == OR or english)


def _item(piece: re.Match[str], *, opening: bool) -> _Item:
    bare = piece["bare"] or piece["connector"] or ""
    other = _OTHER_FIELD.match(piece.string, piece.start("bare")) if piece["bare"] else None
    if other:
        raise SubscriptionError(SubscriptionReason.UNKNOWN_FIELD, field=other[1])
    field = piece["field"]
    key = "".join(fold(field).lower().split()) if field else ""
    return _Item(
        text=bare or piece["quoted"] or "",
        place=_FIELDS.get(key, FieldScope.ANYWHERE),
        field=field,
        excluded=piece["minus"] is not None,
        quoted=piece["quoted"] is not None,
        opening=opening and field is None,
        joinable=bare != "" and _WORDLIKE.match(bare[-1]) is not None,
    )


def _continues(item: _Item) -> bool:
    """Whether bare words can go on from those before them."""
    is_plain = item.field is None and not item.excluded and not item.quoted
    return is_plain and _WORDLIKE.match(item.text) is not None


def _is_everything(items: Sequence[_Item], group: Sequence[AlertPhrase]) -> bool:
    """Whether an alternative is `*`, with nothing beside it but sources and excluded words."""
    return any(item.text == EVERYTHING for item in items) and not AlertQuery.of(group).wanted


def _group(items: Sequence[_Item], analyser: Analyser) -> list[AlertPhrase]:
    """Return the phrases of an alternative, each once."""
    return list(dict.fromkeys(phrase for item in items for phrase in _phrases(item, analyser)))


def _phrases(item: _Item, analyser: Analyser) -> Iterator[AlertPhrase]:
    """Yield the phrases of an item; its prefix applies to the first one only."""
    groups: Sequence[Compound]
    if item.quoted:
        spans = syllable_spans(item.text)
        groups = [join_syllables(item.text, spans)] if spans else []
    else:
        groups = split_compounds(item.text, analyser, opening=item.opening)
    if item.field is not None and not groups:
        raise SubscriptionError(SubscriptionReason.NO_VALUE, field=item.field)
    for group in groups[:1]:
        yield AlertPhrase(group.syllables, item.place, item.excluded, typed=group.text)
    for group in groups[1:]:
        yield AlertPhrase(group.syllables, typed=group.text)


def _with_exactness(groups: Sequence[Sequence[AlertPhrase]]) -> list[list[AlertPhrase]]:
    """Settle which phrases are exact (rules 5 and 6)."""
    any_accented = any(
        _is_accented(phrase)
        for group in groups
        for phrase in group
        if phrase.place != FieldScope.SOURCE
    )

    def settled(phrase: AlertPhrase, wanted: int) -> AlertPhrase:
        if phrase.place == FieldScope.SOURCE:
            return replace(phrase, exact=_is_accented(phrase))
        decides_alone = len(phrase.syllables) == 1 and (phrase.excluded or wanted == 1)
        usual = decides_alone and word_frequency(phrase.syllables[0]) > 0
        return replace(phrase, exact=any_accented or usual)

    return [[settled(phrase, _syllables_wanted(group)) for phrase in group] for group in groups]


def _syllables_wanted(group: Sequence[AlertPhrase]) -> int:
    return sum(len(phrase.syllables) for phrase in AlertQuery.of(group).wanted)


def _is_accented(phrase: AlertPhrase) -> bool:
    return any(map(has_diacritics, phrase.syllables))


def _check_size(query: AlertQuery) -> None:
    count = sum(len(phrase.syllables) for phrase in query.phrases)
    if count > SYLLABLES_MAX:
        raise SubscriptionError(SubscriptionReason.TOO_MANY_WORDS, limit=SYLLABLES_MAX, count=count)
    if max(len(str(query)), len(query.as_typed)) > CANONICAL_MAX:
        raise SubscriptionError(SubscriptionReason.TOO_LONG, limit=CANONICAL_MAX)
