"""A link keeps the address of the LMS's completion service."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("resource_link") as table:
        table.add_column(sa.Column("completion_url", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("resource_link") as table:
        table.drop_column("completion_url")
