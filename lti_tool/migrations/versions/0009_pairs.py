"""Two colleagues who lay their ways beside each other, for minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=43), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("other_agreed", sa.Boolean(), nullable=False),
        sa.Column("laid", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_pair_learner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["learner.id"], name=op.f("fk_pair_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_pair_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    op.create_index("ix_pair_learner_id", "pair", ["learner_id"], unique=True)
    op.create_index("ix_pair_other_id", "pair", ["other_id"], unique=True)
    op.create_index("ix_pair_code_hash", "pair", ["code_hash"], unique=True)
    op.create_index("ix_pair_until", "pair", ["until"])


def downgrade() -> None:
    for name in ("until", "code_hash", "other_id", "learner_id"):
        op.drop_index(f"ix_pair_{name}", table_name="pair")
    op.drop_table("pair")
