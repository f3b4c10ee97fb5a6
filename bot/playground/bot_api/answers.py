"""answerCallbackQuery and answerInlineQuery: answers to pressed buttons and inline queries."""

from bot.playground.bot_api.messages import read_draft
from bot.playground.bot_api.parameters import Handler, Parameters
from bot.playground.errors import Json, bad_request
from bot.playground.world.entities import utf16_length
from bot.playground.world.queries import Queries
from bot.playground.world.state import Message, World

LONGEST_ANSWER = 200  # Telegram: characters of a callback answer
MOST_RESULTS = 50  # Telegram: results of an inline query
LONGEST_RESULT_ID = 64  # Telegram: bytes


class AnswerMethods:
    """answerCallbackQuery and answerInlineQuery.

    Args:
        world: The state with the messages.
        queries: The open queries.
    """

    def __init__(self, world: World, queries: Queries) -> None:
        self._world = world
        self._queries = queries

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        return {
            "answerCallbackQuery": self._answer_callback_query,
            "answerInlineQuery": self._answer_inline_query,
        }

    def _answer_callback_query(self, parameters: Parameters) -> object:
        text = parameters.text("text")
        if utf16_length(text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        answer: Json = {"text": text, "show_alert": parameters.flag("show_alert")}
        if parameters.text("url"):
            answer["url"] = parameters.text("url")
        query = self._queries.answer_callback_query(parameters.text("callback_query_id"), answer)
        pressed = {"user": query.user.id, "chat": query.chat, "message_id": query.message_id}
        self._world.report("answer", pressed | answer)
        return True

    def _answer_inline_query(self, parameters: Parameters) -> object:
        results = parameters.json("results", what="inline query results")
        if not isinstance(results, list):
            raise bad_request("can't parse inline query results: expected an Array")
        if len(results) > MOST_RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        read = [_read_result(result) for result in results]
        by_id = {str(shown["id"]): (shown, message) for shown, message in read}
        if len(by_id) < len(read):
            raise bad_request("RESULT_ID_DUPLICATE")
        self._queries.answer_inline_query(parameters.text("inline_query_id"), by_id)
        return True


def _read_result(result: object) -> tuple[Json, Message]:
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: unsupported type")
    result_id = str(result.get("id", ""))
    if not 1 <= len(result_id.encode()) <= LONGEST_RESULT_ID:
        raise bad_request("RESULT_ID_INVALID")
    if not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    shown = {
        "id": result_id,
        "title": str(result["title"]),
        "description": str(result.get("description", "")),
    }
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad_request("can't parse inline query result: Message content is not specified")
    parameters = Parameters(content | {"reply_markup": result.get("reply_markup")})
    return shown, read_draft(parameters, text_name="message_text", only_inline=True)
