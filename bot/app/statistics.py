"""`/stats`: how the bot was used in the last 30 days, for admins in their private chats."""

from collections.abc import Mapping

from telegram.constants import ChatType

from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.usage import SLOW, Outcome, today_in_vietnam
from bot.messages.captions import clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from index.store import UsageSummary

UNANSWERED_SHOWN = 10  # questions that found nothing
QUESTION_LIMIT = 80  # UTF-16 units


async def show_statistics(turn: ChatContext) -> None:
    """`/stats`: show an admin the counts of use.

    Raises:
        RefusedError: It is no admin, or not in their private chat.
    """
    admins = turn.desk.settings.admins
    is_private = turn.message.chat.type == ChatType.PRIVATE
    if turn.user is None or turn.user.id not in admins or not is_private:
        raise RefusedError("stats_admins_only", id=turn.user.id if turn.user else 0)
    bot = turn.message.get_bot().id
    await turn.desk.usage.store(bot)
    usage = turn.desk.library.usage
    summary = await turn.searching(usage.summary, bot, today_in_vietnam(), UNANSWERED_SHOWN)
    kept = turn.desk.settings.keep_questions
    await turn.reply(render_statistics(turn.voice, summary, keep_questions=kept))


def render_statistics(
    voice: Translator, summary: UsageSummary, *, keep_questions: bool
) -> Rendered:
    """Render the counts of use.

    Args:
        voice: The translator.
        summary: The counts.
        keep_questions: Whether questions that found nothing are kept.
    """
    asked, asked_today = _questions(summary.counts), _questions(summary.today)
    day, week, month = (voice.count(people) for people in summary.people)
    questions = {"count": voice.count(asked), "today": voice.count(asked_today)}
    good, bad = (voice.count(votes) for votes in summary.votes)
    lines = [
        voice.piece("stats_heading"),
        voice.piece("stats_people", today=day, week=week, month=month),
        voice.piece("stats_questions", **questions),
        *(
            voice.piece(f"stats_{outcome.value}", share=_percent(summary.counts[outcome], asked))
            for outcome in Outcome
            if summary.counts.get(outcome)
        ),
        voice.piece("stats_votes", good=good, bad=bad),
        voice.piece("stats_alerts", count=voice.count(summary.alerts)),
        voice.piece("stats_slow", count=voice.count(summary.counts.get(SLOW, 0))),
    ]
    unanswered = _unanswered(voice, summary) if keep_questions else voice.piece("stats_not_kept")
    return Rendered(join("\n\n", [join("\n", lines), unanswered]).html)


def _unanswered(voice: Translator, summary: UsageSummary) -> Piece:
    """Render the questions that found nothing, the most frequent first."""
    if not summary.unanswered:
        return voice.piece("stats_all_found")
    rows = [
        voice.piece(
            "stats_unanswered_row",
            question=clip(question, QUESTION_LIMIT),
            count=voice.count(times),
        )
        for question, times in summary.unanswered
    ]
    return join("\n", [voice.piece("stats_unanswered"), *rows])


def _questions(counts: Mapping[str, int]) -> int:
    return sum(counts.get(outcome, 0) for outcome in Outcome)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)
