"""What a chat asked to remember: its interface language."""

from sqlalchemy import insert, select, update

from index.store.database import Database
from index.store.tables import chats


class Chats:
    """Settings of chats, by their number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def language(self, chat: int) -> str | None:
        """The language that the chat chose, or None."""
        with self._database.reading() as connection:
            return connection.scalar(select(chats.c.language).where(chats.c.id == chat))

    def set_language(self, chat: int, language: str) -> None:
        """Remember the chat's choice of language."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(chats).where(chats.c.id == chat).values(language=language)
            )
            if changed.rowcount == 0:
                connection.execute(insert(chats).values(id=chat, language=language))
