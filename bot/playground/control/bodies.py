"""What the control API accepts, as types; what does not fit is one line of explanation."""

from typing import Annotated, Self, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.playground.errors import ActionError

MOST_DOCUMENT_BYTES = 512 * 1024  # in base64 it still fits into the longest body
GREATEST_ID = 2**52 - 1  # Telegram: ids of users and chats have at most 52 significant bits

UserId = Annotated[int, Field(ge=1, le=GREATEST_ID)]
ChatId = Annotated[int, Field(ge=-GREATEST_ID, le=GREATEST_ID)]
MessageId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Language = Annotated[str, Field(min_length=2, max_length=35)]
TopicName = Annotated[str, Field(min_length=1, max_length=128)]  # Telegram: characters


class Body(BaseModel):
    """A body of a request; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class UserBody(Body):
    """A person; name and language may be left out for one who is known."""

    id: UserId
    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    language: Language | None = None


class CrowdBody(Body):
    """`POST /playground/people`: many people at once, with ids that follow each other.

    They are called by the name and a number, and each has a private chat that
    was started. Who is there already stays as they are.
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
    """Something that a person does: in their private chat, unless a chat is given."""

    user: UserId | UserBody
    chat: ChatId | None = None


class DocumentBody(Body):
    """A file that a person sends, its content in base64."""

    name: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/\\\x00-\x1f]+$")]
    content: Annotated[Base64Bytes, Field(min_length=1, max_length=MOST_DOCUMENT_BYTES)]


class MessageBody(ControlAction):
    """`POST /playground/messages`; with `edit` an own message is changed.

    The text of a photo or document is its caption. A reply without a topic goes to
    that of the message that it answers.
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
        """What kind of message it is."""
        if self.document:
            return "document"
        return "sticker" if self.sticker else "photo" if self.photo else "text"


class ButtonBody(ControlAction):
    """`POST /playground/buttons`; `wait` is how many seconds the answer may take."""

    message_id: MessageId
    data: str
    wait: Annotated[float, Field(ge=0, le=60, strict=False)] = 2.0


class InlineBody(ControlAction):
    """`POST /playground/inline`."""

    query: str
    wait: Annotated[float, Field(ge=0, le=60, strict=False)] = 10.0


class ChoiceBody(ControlAction):
    """`POST /playground/inline/choices`."""

    query_id: str
    result_id: str
    topic: MessageId | None = None


class ChatBody(Body):
    """`POST /playground/chats`: a group, supergroup or channel.

    A supergroup may be a forum with `topics`; a forum that is there already
    keeps its topics and gets those that are new. The bot is a member of a group
    at once, while to a channel it is to be admitted (`POST /playground/membership`).
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
    """`POST /playground/membership`: the bot's place in a chat, or that of a `member`."""

    status: str
    member: UserId | None = None


class FaultBody(Body):
    """`POST /playground/faults`."""

    method: Annotated[str, Field(min_length=1)]
    error: int | str
    chat: ChatId | None = None
    retry_after: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1)] = 1


AnyBody = TypeVar("AnyBody", bound=Body)


def read_body(kind: type[AnyBody], content: bytes) -> AnyBody:
    """Reads a JSON body.

    Raises:
        DeedError: One line that names what is wrong.
    """
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        what = str(first["msg"]).replace("\n", " ")
        raise ActionError(f"{where}: {what}" if where else f"body: {what}") from None
