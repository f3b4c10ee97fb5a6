"""Prompts: ask for a text, and recognise the message that answers.

The rules, in order:

1. A reply to a prompt answers it. The message of a prompt holds a link to the bot that encodes the
   purpose of the answer, as messages with articles hold links to them: no state is kept.
2. In a private chat the next message answers as well, unless ten minutes have passed. A command, a
   button or a reply to another message ends the prompt instead; see `end_prompt`.
3. In a group nobody else than the person asked may answer.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import ForceReply, InlineKeyboardMarkup, Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.conversation.context import BotContext, ChatContext, Context, RefusedError
from bot.conversation.memory import Aim, OpenPrompts, Prompt
from bot.conversation.question_text import has_words, question_of
from bot.messages.html import Piece, join

PROMPT_SIGN = "✍️"
"""First character of a prompt; it carries the link that encodes its purpose."""

_PROMPT = re.compile(
    r"https?://t\.me/(?P<bot>\w+)/?\?start=(?P<aim>[a-z])_(?P<number>m?\d{1,18})"
    r"(?:_(?P<weekday>[0-6]))?(?:_u(?P<person>\d{1,18}))?",
    re.IGNORECASE,
)
_CANCELLED = frozenset(
    {"hủy", "huỷ", "huy", "thôi", "thoi", "bỏ qua", "bo qua", "dừng", "dừng lại", "dung lai"}
    | {"cancel", "stop", "never mind"}
)


class AnswersPrompt(filters.MessageFilter):
    """Filter of messages that answer the bot's prompts with one of some aims."""

    def __init__(self, open_prompts: OpenPrompts, *aims: Aim) -> None:
        super().__init__()
        self._open_prompts = open_prompts
        self._aims = aims

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such an answer."""
        prompt = answered_prompt(message, self._open_prompts)
        return prompt is not None and prompt.aim in self._aims


def answered_prompt(message: Message, open_prompts: OpenPrompts) -> Prompt | None:
    """Return the prompt that a message answers; None if it answers none."""
    if message.reply_to_message:
        return prompt_of(message.reply_to_message, message.get_bot().username)
    is_private = message.chat.type == ChatType.PRIVATE
    if not is_private or message.forward_origin or filters.COMMAND.filter(message):
        return None
    return open_prompts.answered_by(message.chat_id, message.message_id)


def prompt_of(message: Message | None, bot: str) -> Prompt | None:
    """Decode the prompt in a message of the bot; None if it is no prompt."""
    if message is None or message.from_user is None or message.from_user.username != bot:
        return None
    for entity in message.entities:
        # Links further on are those of articles, which may lead anywhere.
        is_sign = entity.offset == 0 and message.parse_entity(entity) == PROMPT_SIGN
        if is_sign and entity.type == MessageEntity.TEXT_LINK and entity.url:
            return _read_link(entity.url, bot)
    return None


async def end_prompt(desk: BotContext, update: Update, _: Context) -> None:
    """End the open prompt of a private chat where anything else than its answer comes."""
    message, query = update.message, update.callback_query
    if query and query.message:
        desk.open_prompts.close(query.message.chat.id)
    elif message and not answered_prompt(message, desk.open_prompts):
        desk.open_prompts.close(message.chat_id)


def answering(
    handler: Callable[[ChatContext, Prompt, str], Awaitable[None]],
) -> Callable[[ChatContext], Awaitable[None]]:
    """Return a handler of messages that calls a handler of answers, given the prompt and its text.

    A prompt whose answer is refused stays open.
    """

    async def answer(turn: ChatContext) -> None:
        chat, number, open_prompts = (
            turn.message.chat_id,
            turn.message.message_id,
            turn.desk.open_prompts,
        )
        prompt = answered_prompt(turn.message, open_prompts)
        assert prompt is not None  # see `AnswersPrompt`
        _check_person(turn, prompt)
        text = question_of(turn.message, turn.voice.bot)
        if is_cancelling(text):
            await cancel(turn)
        elif has_words(text):
            await handler(turn, prompt, text)
            open_prompts.record_answer(chat, number, prompt)
        else:
            raise RefusedError("reply_no_words")

    return answer


def is_cancelling(text: str) -> bool:
    """Tell whether a text in NFC says no more than that nothing is to be done."""
    return text.lower().rstrip(".! ") in _CANCELLED


async def cancel(turn: ChatContext) -> None:
    """`/cancel`: wait for no answer any more."""
    turn.desk.open_prompts.close(turn.message.chat_id)
    await turn.say("cancelled")


async def ask_for(
    turn: ChatContext,
    prompt: Prompt,
    key: str,
    placeholder: str,
    keyboard: InlineKeyboardMarkup | None = None,
    **values: str,
) -> None:
    """Send a prompt, which asks for a text.

    Args:
        turn: The chat and the user to ask.
        prompt: The purpose of the answer.
        key: The key of the message that asks.
        placeholder: The key of the input field's placeholder.
        keyboard: Buttons that answer it too; Telegram shows them in place of an opened reply.
        values: The values of the message's template.
    """
    is_private = turn.message.chat.type == ChatType.PRIVATE
    asked = turn.voice.piece(key, **values)
    if turn.user and not is_private:
        prompt = replace(prompt, person=turn.user.id)
        # A selective reply opens by itself for those who are mentioned, and for nobody else.
        name = turn.user.username
        mention = f"@{name}" if name else turn.user.mention_html()
        asked = join(" ", [Piece.parse(mention) + Piece.plain(":"), asked])
    sign = Piece.plain(PROMPT_SIGN).linked(_link(prompt, turn.voice.bot))
    how = turn.voice.piece("prompt_private" if is_private else "prompt_group")
    sent = await turn.message.reply_text(
        join("\n", [join(" ", [sign, asked]), how]).html,
        reply_markup=keyboard
        or ForceReply(
            selective=not is_private, input_field_placeholder=turn.voice.plain(placeholder)
        ),
        do_quote=False,
    )
    if is_private:
        turn.desk.open_prompts.open(sent.chat_id, sent.message_id, prompt)


def _check_person(turn: ChatContext, prompt: Prompt) -> None:
    """Check that the sender of an answer was asked, or speaks as the chat.

    Raises:
        RefusedError: Somebody else was asked.
    """
    sender, message = turn.message.from_user, turn.message
    if prompt.person is None or (sender and sender.id == prompt.person):
        return
    if message.sender_chat is None or message.sender_chat.id != message.chat_id:
        raise RefusedError("prompt_of_another")


def _link(prompt: Prompt, bot: str) -> str:
    """Encode a prompt as the link that its message holds."""
    number = str(prompt.number).replace("-", "m")
    weekday = "" if prompt.weekday is None else f"_{prompt.weekday}"
    person = "" if prompt.person is None else f"_u{prompt.person}"
    return f"https://t.me/{bot}?start={prompt.aim}_{number}{weekday}{person}"


def _read_link(url: str, bot: str) -> Prompt | None:
    """Decode the link of a prompt of this bot; None if it is another link."""
    link = _PROMPT.fullmatch(url)
    if link is None or link["bot"].lower() != bot.lower() or link["aim"] not in set(Aim):
        return None
    return Prompt(
        Aim(link["aim"]),
        int(link["number"].replace("m", "-")),
        weekday=int(link["weekday"]) if link["weekday"] else None,
        person=int(link["person"]) if link["person"] else None,
    )
