"""Which other subscriptions of its chat a delivery could be filed under."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; of what is owed already nothing else is known."""
    op.add_column("deliveries", sa.Column("others", sa.Text))


def downgrade() -> None:
    """Forget the other subscriptions."""
    op.drop_column("deliveries", "others")
