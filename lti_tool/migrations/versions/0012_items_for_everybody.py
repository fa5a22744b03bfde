"""Say of an item that it is for every platform, and find a platform's own by index.

Until now an item without a row in `item_platform` was for every platform, so that removing the
platform which an item was for made it one for all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MADE_IN_A_COURSE = "dag" + 16 * "_"
"""What the ids of preparations look like that a designer made; that of a platform long removed
stays hidden."""


def upgrade() -> None:
    op.add_column(
        "item", sa.Column("everywhere", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    item = sa.table("item", *map(sa.column, ("id", "slug", "everywhere")))
    limit = sa.table("item_platform", sa.column("item_id"))
    op.execute(
        sa.update(item)
        .where(
            ~sa.exists().where(limit.c.item_id == item.c.id),
            item.c.slug.not_like(MADE_IN_A_COURSE),
        )
        .values(everywhere=sa.true())
    )
    op.create_index("ix_item_everywhere", "item", ["everywhere"])
    op.create_index("ix_item_platform_platform_id", "item_platform", ["platform_id"])


def downgrade() -> None:
    op.drop_index("ix_item_platform_platform_id", table_name="item_platform")
    op.drop_index("ix_item_everywhere", table_name="item")
    with op.batch_alter_table("item") as table:
        table.drop_column("everywhere")
