"""Export and import of source lists as OPML files in admins' chats."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from telegram import Document, InputFile
from telegram.error import BadRequest
from telegram.ext import filters

from bot.conversation.context import ChatContext
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.sources.context import SourceAdmin, StatusMessage
from bot.sources.registry import add_outlines
from bot.sources.words import fit_lines, localize_error
from index.errors import HoiBaoError
from index.models.problem import Code, Problem, reason
from index.sources.feeds import parse_opml, write_opml

FILE_NAME = "hoibao.opml"
IS_SOURCE_LIST = filters.Document.FileExtension("opml") | filters.Document.FileExtension("xml")
MOST_MEGABYTES = 2  # of a list: twice what five thousand sources take
MOST_WILDCARDS = 3  # in a pattern of links: more of them may take for ever to match
SKIPPED_LIMIT = 10  # sources that are named with why they were left out


async def export_list(source_admin: SourceAdmin, turn: ChatContext, _: str) -> None:
    """`/sources export`: send the sources as an OPML file."""
    listed = [source for source in await source_admin.all() if source.is_on_web]
    if not listed:
        await turn.say("followed_none")
        return
    content = await asyncio.to_thread(write_opml, listed)
    caption = turn.voice.text("exported_sources", count=turn.voice.count(len(listed)))
    await turn.message.reply_document(InputFile(content, FILE_NAME), caption=caption, do_quote=True)


async def explain_import(_: SourceAdmin, turn: ChatContext, __: str) -> None:
    """`/sources import`: explain that sending the file imports it."""
    await turn.say("import_how")


async def import_list(source_admin: SourceAdmin, turn: ChatContext) -> None:
    """Import a source list sent as an OPML file."""
    document = turn.message.document
    assert document
    if (document.file_size or 0) > MOST_MEGABYTES * 1_000_000:
        await turn.say("import_too_large", most=MOST_MEGABYTES)
        return
    await turn.say("importing")
    status = StatusMessage(source_admin, turn.voice, replace(turn, edited=True).reply)
    status.start(_import(status, document))


async def _import(status: StatusMessage, document: Document) -> None:
    name = document.file_name or FILE_NAME
    try:
        file = await document.get_file()
        content = bytes(await file.download_as_bytearray())
        outlines = await asyncio.to_thread(parse_opml, content, name)
    except (HoiBaoError, BadRequest) as error:
        await status.say("import_failed", error=localize_error(status.voice, reason(error)))
        return
    followed = status.source_admin.library.followed
    wanted = [outline for outline in outlines if _is_harmless(outline.pattern)]
    added, skipped = await asyncio.to_thread(add_outlines, followed, wanted)
    skipped += [
        Problem(Code.PATTERN, outline.url)
        for outline in outlines
        if not _is_harmless(outline.pattern)
    ]
    await status.show(_render_import(status.voice, added, skipped))


def _is_harmless(pattern: str | None) -> bool:
    """Whether a pattern from an untrusted list is safe from catastrophic backtracking."""
    return pattern is None or (not pattern.startswith("^") and pattern.count("*") <= MOST_WILDCARDS)


def _render_import(voice: Translator, added: int, skipped: Sequence[str]) -> Rendered:
    """Render the result of an import: sources added, and those skipped with the reason."""
    heading = [voice.piece("imported" if added else "imported_none", added=voice.count(added))]
    if skipped:
        heading.append(voice.piece("import_skipped", count=voice.count(len(skipped))))
    lines = [Piece.plain(f"• {localize_error(voice, error)}") for error in skipped[:SKIPPED_LIMIT]]
    return fit_lines(voice, join("\n\n", heading), lines, len(skipped))
