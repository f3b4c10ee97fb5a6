"""Settings of a chat for all of its subscriptions: the time of digests, and sound."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns; empty ones stand for the defaults."""
    op.add_column("chats", sa.Column("digest_minute", sa.SmallInteger))
    op.add_column("chats", sa.Column("is_silent", sa.Boolean))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("chats") as table:
        table.drop_column("is_silent")
        table.drop_column("digest_minute")
