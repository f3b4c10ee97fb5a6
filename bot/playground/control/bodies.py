"""Request bodies of the control API as pydantic models, with one-line errors."""

from typing import Annotated, Self, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.playground.errors import ActionError
from bot.playground.world.state import GREATEST_ID, ChatId

MOST_DOCUMENT_BYTES = 512 * 1024  # in base64 it still fits into the longest body

UserId = Annotated[int, Field(ge=1, le=GREATEST_ID)]
MessageId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Language = Annotated[str, Field(min_length=2, max_length=35)]
TopicName = Annotated[str, Field(min_length=1, max_length=128)]  # Telegram: characters


class Body(BaseModel):
    """Base of request bodies; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class UserBody(Body):
    """A person; name and language are optional for a known one."""

    id: UserId
    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    language: Language | None = None


class CrowdBody(Body):
    """`POST /playground/people`: many people at once, with consecutive ids.

    Each is named by `name` and a number, and has a started private chat. Known
    people stay as they are.
    """

    first: UserId
    count: Annotated[int, Field(ge=1, le=100_000)]
    name: Annotated[str, Field(min_length=1, max_length=50)] = "Bạn đọc"
    language: Language = "vi"

    @model_validator(mode="after")
    def _has_possible_ids(self) -> Self:
        if self.first + self.count - 1 > GREATEST_ID:
            raise ValueError(f"the last id would be above {GREATEST_ID}")
        return self


class ControlAction(Body):
    """Base of actions of a person: in their private chat, unless a chat is given."""

    user: UserId | UserBody
    chat: ChatId | None = None


class DocumentBody(Body):
    """A file that a person sends, its content in base64."""

    name: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/\\\x00-\x1f]+$")]
    content: Annotated[Base64Bytes, Field(min_length=1, max_length=MOST_DOCUMENT_BYTES)]


class MessageBody(ControlAction):
    """`POST /playground/messages`: send a message, or change an own one by `edit`.

    The text of a photo or document is its caption. A reply without a topic goes to
    the topic of the message that it answers.
    """

    text: str = ""
    topic: MessageId | None = None
    reply_to: MessageId | None = None
    edit: MessageId | None = None
    sticker: bool = False
    photo: bool = False
    document: DocumentBody | None = None

    @property
    def kind(self) -> str:
        """Kind of the message, as in `Message.kind`."""
        if self.document:
            return "document"
        return "sticker" if self.sticker else "photo" if self.photo else "text"


class ButtonBody(ControlAction):
    """`POST /playground/buttons`: press a button, and wait up to `wait` seconds."""

    message_id: MessageId
    data: str
    wait: Annotated[float, Field(ge=0, le=60, strict=False)] = 2.0


class InlineBody(ControlAction):
    """`POST /playground/inline`: type an inline query, and wait up to `wait` seconds."""

    query: str
    wait: Annotated[float, Field(ge=0, le=60, strict=False)] = 10.0


class ChoiceBody(ControlAction):
    """`POST /playground/inline/choices`: send a result of an inline query."""

    query_id: str
    result_id: str
    topic: MessageId | None = None


class ChatBody(Body):
    """`POST /playground/chats`: create or change a group, supergroup or channel.

    A supergroup may be a forum with `topics`; a known forum keeps its topics and
    gets the new ones. The bot is a member of a group at once; a channel has to
    admit it (`POST /playground/membership`).
    """

    id: Annotated[int, Field(ge=-GREATEST_ID, lt=0)]
    title: Annotated[str, Field(min_length=1, max_length=128)]
    type: Annotated[str, Field(pattern="^(group|supergroup|channel)$")] = "supergroup"
    username: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]{3,31}$")] | None = None
    is_forum: bool = False
    topics: tuple[TopicName, ...] = ()

    @model_validator(mode="after")
    def _fits_the_type(self) -> Self:
        if self.is_forum and self.type != "supergroup":
            raise ValueError("only a supergroup can be a forum")
        if self.topics and not self.is_forum:
            raise ValueError("only a forum has topics: set is_forum")
        if self.username and self.type == "group":
            raise ValueError("only a supergroup or channel has a username")
        return self


class MembershipBody(ControlAction):
    """`POST /playground/membership`: set the status of the bot or a `member` in a chat."""

    status: str
    member: UserId | None = None


AnyBody = TypeVar("AnyBody", bound=BaseModel)


def read_body(kind: type[AnyBody], content: bytes) -> AnyBody:
    """Validate a JSON body.

    Raises:
        ActionError: One line that names the field and its error.
    """
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        what = str(first["msg"]).replace("\n", " ")
        raise ActionError(f"{where}: {what}" if where else f"body: {what}") from None
