"""a visit that goes on in a tab of its own ends no later for it"""

import sqlalchemy as sa
from alembic import op

revision = "0014_same_visit"
down_revision = "0013_planning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pending_launch") as batch:
        batch.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("pending_launch") as batch:
        batch.drop_column("created_at")
