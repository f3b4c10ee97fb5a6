"""Localised texts about sources: errors, kinds, states, results of checks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.messages.captions import clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered, fit_to_limit
from bot.messages.voice import Translator
from index.articles.readers import CutReason, Mark
from index.models.period import from_seconds
from index.models.problem import Code, Problem
from index.sources.report import CheckReport
from index.store.sources import Source, SourceReadings

TROUBLE_LIMIT = 140  # UTF-16 units
NAME_LIMIT = 60  # UTF-16 units
ADDRESS_LIMIT = 300  # UTF-16 units
INPUT_LIMIT = 120  # UTF-16 units
FAILED_LIMIT = 3  # articles that failed and are named; more is no longer read

REASONS_LIMIT = 3  # why lines were cut

_CUTS: Mapping[str, str] = {
    CutReason.OUTSIDE: "cut_beside",
    CutReason.LINK: "cut_link",
    CutReason.TEASER: "cut_teaser",
    CutReason.LABEL: "cut_label",
    CutReason.TOOL: "cut_tool",
    CutReason.PLAYER: "cut_player",
    CutReason.INVITATION: "cut_invitation",
    Mark.IMPRINT: "cut_imprint",
    CutReason.AUTHOR: "cut_byline",
    CutReason.DATE: "cut_byline",
    CutReason.TITLE: "cut_headline",
    CutReason.SECTION: "cut_headline",
    CutReason.REPEATED: "cut_repeated",
}
_SHARED: Mapping[str, Iterable[Code]] = {
    "trouble_address": (Code.NOT_HTTP, Code.NUMERIC_HOST, Code.BAD_REDIRECT, Code.NO_PLACE),
    "trouble_large": (
        *(Code.LARGE_BODY, Code.LARGE_FEED, Code.LARGE_LIST, Code.LARGE_PAGE),
        *(Code.DEEP_PAGE, Code.LARGE_TAG, Code.MANY_TAGS),
    ),
    "trouble_no_feed": (Code.NO_SITEMAP, Code.SITEMAP, Code.OTHER_JSON),
    "trouble_empty": (Code.EMPTY_ANSWER,),
    "trouble_unreadable": (
        *(Code.NUL_CHARACTERS, Code.NUL_BYTES, Code.CONTROLS, Code.NO_TEXT_FILE),
        *(Code.UNKNOWN_ENCODING, Code.NO_PAGE),
    ),
    "trouble_hostile": (Code.HOSTILE_DOCTYPE,),
    "trouble_damaged": (
        *(Code.DAMAGED_BODY, Code.CUT_BODY, Code.DAMAGED_FEED, Code.CUT_FEED),
        *(Code.DAMAGED_SITEMAP, Code.DAMAGED_JSON, Code.DAMAGED_TEXT),
    ),
    "trouble_no_article": (Code.NO_HTML,),
}
_KEYS = {code: key for key, codes in _SHARED.items() for code in codes}


def message_key(code: Code) -> str:
    """Return the catalogue key of an error code; several codes share one."""
    return _KEYS.get(code, f"trouble_{code}")


def localize_error(voice: Translator, trouble: str) -> str:
    """Translate an error to plain text on one line.

    Args:
        voice: Translates.
        trouble: A `Problem`; other text is shown unchanged.
    """
    if not isinstance(trouble, Problem):
        return clip(trouble, TROUBLE_LIMIT)
    text = voice.plain(message_key(trouble.code), **trouble.values)
    return clip(f"{text} ({trouble.place})" if trouble.place else text, TROUBLE_LIMIT)


def render_name(source: Source) -> Piece:
    """Render the name of a source in bold."""
    return Piece.plain(clip(source.name, NAME_LIMIT)).within("b")


def render_kind(voice: Translator, source: Source) -> Piece:
    """Render the kind of a source."""
    return voice.piece(f"source_kind_{source.kind}")


def render_address(source: Source) -> Piece:
    """Render the address of a source, linked if it is on the web."""
    address = Piece.plain(clip(source.address, ADDRESS_LIMIT))
    return address.linked(source.address) if source.is_on_web else address


def render_state(voice: Translator, source: Source, now: float) -> Piece:
    """Render the state of a source: last and next check, error, pause."""
    error = localize_error(voice, source.last_error or "")
    later = voice.plain("moment_soon")
    if source.next_check_at > now:
        later = render_time(voice, source.next_check_at, now)
    if source.paused_by_failures:
        return voice.piece("source_gave_out", failures=source.failures, error=error)
    if source.paused is not None:
        return voice.piece("source_paused")
    if source.checked_at is None:
        return voice.piece("source_unread")
    if source.last_error is not None:
        times = max(source.failures, 1)  # none is counted any more of one that was resumed
        return voice.piece("source_failing", failures=times, error=error, next=later)
    checked = render_time(voice, source.checked_at, now)
    return voice.piece("source_fine", checked=checked, next=later)


def render_readings(voice: Translator, readings: SourceReadings) -> Piece:
    """Render how the last articles of a source read; there must be one."""
    numbers = {
        "fewest": readings.sentences[0],
        "most": readings.sentences[-1],
        "usual": readings.usual,
        "articles": len(readings.sentences),
    }
    counts = {key: voice.count(number) for key, number in numbers.items()}
    troubles = {"readings_undated": readings.undated, "readings_from_feed": readings.from_feed}
    is_same = counts["fewest"] == counts["most"]
    lines = [voice.piece("readings_same" if is_same else "readings", **counts)]
    lines += [
        voice.piece(key, count=voice.count(number)) for key, number in troubles.items() if number
    ]
    cuts: Counter[str] = Counter()
    for reason, number in readings.cuts.items():
        cuts[voice.plain(_CUTS.get(reason, "cut_other"))] += number
    if cuts:
        parts = (f"{word} {voice.count(n)}" for word, n in cuts.most_common(REASONS_LIMIT))
        lines.append(voice.piece("readings_cuts", cuts=", ".join(parts)))
    return join("\n", lines)


def render_outcome(voice: Translator, report: CheckReport | None) -> Piece:
    """Render the result of a check; None is a check still running."""
    if report is None:
        return voice.piece("check_goes_on")
    if report.error is not None:
        return voice.piece("check_failed", error=localize_error(voice, report.error))
    done = voice.piece("check_done", counts=render_counts(voice, [report]))
    failed = [
        voice.piece(
            "check_failed_article",
            article=clip(rejection.input, INPUT_LIMIT),
            reason=localize_error(voice, rejection.reason),
        )
        for rejection in report.failed[:FAILED_LIMIT]
    ]
    return join("\n", [done, *failed])


def render_counts(voice: Translator, reports: Sequence[CheckReport]) -> str:
    """Render the numbers of new, updated and failed articles as plain text."""
    numbers = {
        "count_new": sum(report.new for report in reports),
        "count_updated": sum(report.updated for report in reports),
        "count_failed": sum(len(report.failed) for report in reports),
    }
    counts = [
        voice.plain(key, count=voice.count(number)) for key, number in numbers.items() if number
    ]
    return ", ".join(counts) or voice.plain("count_none")


def render_time(voice: Translator, seconds: int, now: float) -> str:
    """Render a time in Vietnamese time, with the day if it is not today, as plain text."""
    then, today = (from_seconds(stamp) for stamp in (seconds, now))
    clock = f"{then:%H:%M}"
    if then.date() == today.date():
        return clock
    day = f"{then.day}/{then.month}" if voice.language == "vi" else f"{then.day} {then:%b}"
    return voice.plain("moment_other_day", clock=clock, day=day)


def render_more(voice: Translator, left: int) -> Piece:
    """Render how many sources are left out of a list; empty for none."""
    return voice.piece("sources_more", count=voice.count(left)) if left else Piece()


def fit_lines(voice: Translator, heading: Piece, lines: Sequence[Piece], total: int) -> Rendered:
    """Render as many lines of a list of sources as fit into a message; see `render_lines`."""
    return fit_to_limit(heading, lines, lambda shown: render_more(voice, total - shown))


def render_lines(voice: Translator, heading: Piece, lines: Sequence[Piece], total: int) -> Piece:
    """Render the first lines of a list of sources, and how many of the total are left out."""
    more = render_more(voice, total - len(lines))
    return join("\n", [heading, *lines, more] if more.length else [heading, *lines])
