"""Parse filters in a question: `since:2021-01-05`, `until:5/1/2021`, `source:"Tuổi Trẻ"`.

They may stand anywhere. `nguồn:` is `source:`, and so are `từ:` and `đến:`
`since:` and `until:` where a date follows; all with or without diacritics. A day
comes before its month; a month or year means its first day, or its last.

    QuestionError (see `index.errors`)
    └── FilterError
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from index.articles.validation import strip_unstorable
from index.errors import QuestionError
from index.language.dates import remove_spans
from index.language.patterns import diacritic_insensitive, fold_words, numbered_group
from index.language.spelling import nfc
from index.models.period import Period
from index.store import SourceNames

_LONGEST_SHOWN = 100  # characters of a value in an error


class FilterReason(StrEnum):
    """The reason for a filter error; in brackets the values that come with it."""

    NOT_A_DATE = "not_a_date"
    """`since:` or `until:` with something else (`field`, `value`)."""

    NO_VALUE = "no_value"
    """A filter with nothing behind it (`field`)."""

    TWICE = "twice"
    """`since:` or `until:` is there more than once (`field`)."""

    REVERSED = "reversed"
    """`since:` is after `until:` (`since`, `until`)."""

    UNKNOWN_SOURCE = "unknown_source"
    """There is no such source (`source`)."""

    NO_QUESTION = "no_question"
    """There is nothing but filters."""

    NO_SUCH_DAY = "no_such_day"
    """News of a date that does not exist (`value`)."""

    TO_COME = "to_come"
    """News of a date that is yet to come (`value`)."""


_SENTENCES = {
    FilterReason.NOT_A_DATE: "{field}: {value!r} is not a date; write 2021-01-05 or 5/1/2021",
    FilterReason.NO_VALUE: "{field}: a value is missing",
    FilterReason.TWICE: "{field}: given twice",
    FilterReason.REVERSED: "since {since} is after until {until}",
    FilterReason.UNKNOWN_SOURCE: "no source is named {source!r}; see: hoibao status",
    FilterReason.NO_QUESTION: "there are only filters, no question",
    FilterReason.NO_SUCH_DAY: "{value!r}: there is no such day",
    FilterReason.TO_COME: "{value!r} is yet to come: there is no news of it",
}


class FilterError(QuestionError):
    """A filter that cannot be understood, or that nothing can pass.

    Args:
        reason: The reason.
        values: The values in its message, by the names given with the reason.
    """

    def __init__(self, reason: FilterReason, **values: str | date) -> None:
        self.reason = reason
        self.values: Mapping[str, str | date] = MappingProxyType(
            {
                name: value[:_LONGEST_SHOWN] if isinstance(value, str) else value
                for name, value in values.items()
            }
        )
        super().__init__(_SENTENCES[reason].format(**self.values))

    def __reduce__(self) -> tuple[partial["FilterError"], tuple[()]]:
        return partial(type(self), self.reason, **self.values), ()


@dataclass(frozen=True, slots=True)
class ParsedFilters:
    """A question without its filters, and the filters."""

    question: str
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()

    def days(self, since: date | None, until: date | None) -> Period | None:
        """Return the days that pass these filters and the given ones, or None if any day does.

        Raises:
            FilterError: No day passes both.
        """
        first = max(filter(None, (self.since, since)), default=None)
        last = min(filter(None, (self.until, until)), default=None)
        if first and last and first > last:
            raise FilterError(FilterReason.REVERSED, since=first, until=last)
        return Period(first, last) if first or last else None


def parse_filters(question: str, today: date) -> ParsedFilters:
    """Parse the filters in a question, and remove them from it.

    Args:
        question: As it was typed.
        today: In Viet Nam: a day without a year is the latest that is not after it.

    Raises:
        FilterError: A filter cannot be understood.
    """
    filters = list(_filters(nfc(question)))
    if not filters:
        return ParsedFilters(question)
    days: dict[str, date] = {}
    sources = []
    for typed in filters:
        if not typed.value:
            raise FilterError(FilterReason.NO_VALUE, field=typed.field)
        if typed.field == _SOURCE:
            sources.append(typed.value)
            continue
        if typed.field in days:
            raise FilterError(FilterReason.TWICE, field=typed.field)
        day = _day(typed.field, typed.value, today)
        if day is None:
            raise FilterError(FilterReason.NOT_A_DATE, field=typed.field, value=typed.value)
        days[typed.field] = day
    asked = remove_spans(question, [typed.span for typed in filters])
    if not re.search(r"[^\W_]", asked):
        raise FilterError(FilterReason.NO_QUESTION)
    return ParsedFilters(asked, days.get(_SINCE), days.get(_UNTIL), tuple(dict.fromkeys(sources)))


def remove_filters(question: str) -> str:
    """Remove the filters from a question, valid or not."""
    filters = list(_filters(nfc(question)))
    return remove_spans(question, [typed.span for typed in filters]) if filters else question


_SINCE, _UNTIL, _SOURCE = "since", "until", "source"
_FIELDS = {
    **dict.fromkeys(("since", "tu"), _SINCE),
    **dict.fromkeys(("until", "den"), _UNTIL),
    **dict.fromkeys(("source", "nguon"), _SOURCE),
}
_ALSO_WORDS = ("tu", "den")
_QUOTES = '"“”„‟«»'
_FIELD = re.compile(
    rf"(?<![^\s(,;]){diacritic_insensitive('(since|until|source|từ|đến|nguồn)')}[:\uff1a]",
    re.IGNORECASE,
)
"""The second colon is that of keyboards for Chinese and Japanese."""
_VALUE = re.compile(
    rf"(\s*)(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s{_QUOTES}]+))?"
)
_ENDS = ",;.?!)"
_DAY = re.compile(
    r"(?P<y1>\d{4})[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)"
    r"|(?P<d2>\d\d?)[-/.](?P<m2>\d\d?)[-/.](?P<y2>\d{4})"
    r"|(?P<y3>\d{4})(?:-(?P<m3>\d\d?))?|(?P<m4>\d\d?)[-/.](?P<y4>\d{4})"
    r"|(?P<d5>\d\d?)[-/.](?P<m5>\d\d?)"
)


@dataclass(frozen=True, slots=True)
class _Filter:
    """A filter in a text, and where it stands."""

    field: str
    value: str
    span: tuple[int, int]


def _filters(text: str) -> Iterator[_Filter]:
    for name in _FIELD.finditer(text):
        found = _VALUE.match(text, name.end())
        assert found is not None
        quoted, typed = found["quoted"], (found["bare"] or "").rstrip(_ENDS)
        is_day = typed[:1].isdecimal()
        word = fold_words(name[1])
        # After a space come words, as in "ever since: what…" or `theo nguồn: Bộ Y tế`.
        is_text = bool(found[1] and typed) and (_FIELDS[word] == _SOURCE or not is_day)
        if is_text or (word in _ALSO_WORDS and not _DAY.fullmatch(typed)):
            continue
        end = found.end() - len(found["bare"] or "") + len(typed)
        value = typed if quoted is None else " ".join(quoted.split())
        yield _Filter(_FIELDS[word], value, (name.start(), end))


def _day(field: str, value: str, today: date) -> date | None:
    """Return the day of a filter: of a month or year the first, or for `until` the last."""
    typed = _DAY.fullmatch(value)
    if typed is None:
        return None
    day, month, year = (
        int(text) if (text := numbered_group(typed, letter)) else None for letter in "dmy"
    )
    try:
        if day is None or month is None:
            of_year = Period.of_year(year or 0)
            period = of_year if month is None else Period.of_months(year or 0, month, month)
            return period.last if field == _UNTIL else period.first
        return date(year, month, day) if year else _latest(month, day, today)
    except ValueError:
        return None


def _latest(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def find_sources(name: str | None, sources: SourceNames) -> tuple[str, ...]:
    """Return the sources that a name stands for; none of them for no name.

    Raises:
        FilterError: There is no such source.
    """
    if name is None:
        return ()
    if found := sources.named(strip_unstorable(name.strip())):
        return found
    raise FilterError(FilterReason.UNKNOWN_SOURCE, source=name)


def wanted_sources(name: str | None, typed: Sequence[str], sources: SourceNames) -> tuple[str, ...]:
    """Return the sources wanted by both an option and the filters of a question; none for any."""
    wanted = find_sources(name, sources)
    if not typed:
        return wanted
    named = (source for name in typed for source in find_sources(name, sources))
    both = tuple(source for source in named if not wanted or source in wanted)
    if not both:
        raise QuestionError(f"the question asks for source {typed[0]!r}, the option for {name!r}")
    return both
