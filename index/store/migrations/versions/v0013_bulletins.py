"""Bulletins: top stories once a day, delivered without an article."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table, and let a delivery be of no article."""
    op.create_table(
        "bulletins",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "chat",
            sa.BigInteger,
            sa.ForeignKey("chats.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("thread", sa.BigInteger),
        sa.Column("minute", sa.SmallInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
    )
    op.create_index("bulletins_by_next_at", "bulletins", ["next_at"])
    _set_article_nullable(nullable=True)


def downgrade() -> None:
    """Drop the table and the deliveries of bulletins."""
    op.drop_table("bulletins")
    op.execute("DELETE FROM deliveries WHERE article IS NULL")
    _set_article_nullable(nullable=False)


def _set_article_nullable(*, nullable: bool) -> None:
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("article", existing_type=sa.BigInteger, nullable=nullable)
