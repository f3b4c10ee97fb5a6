"""Whether a chat sees link previews of articles."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; without a value the default of the kind of chat holds."""
    op.add_column("chats", sa.Column("previews", sa.Boolean))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("chats", "previews")
