"""Find a person's sessions by index: to show them, and to erase them with the person."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_launch_session_learner_id", "launch_session", ["learner_id"])


def downgrade() -> None:
    op.drop_index("ix_launch_session_learner_id", table_name="launch_session")
