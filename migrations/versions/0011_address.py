"""whether a school addresses its teachers with je or u"""

import sqlalchemy as sa
from alembic import op

revision = "0011_address"
down_revision = "0010_takeaways"
branch_labels = None
depends_on = None


def upgrade() -> None:
    address = sa.Enum(
        "je", "u", name="address", native_enum=False, create_constraint=True, length=40
    )
    with op.batch_alter_table("school_words") as batch:
        batch.add_column(sa.Column("to_teachers", address, nullable=False, server_default="je"))


def downgrade() -> None:
    with op.batch_alter_table("school_words") as batch:
        batch.drop_constraint("address", type_="check")
        batch.drop_column("to_teachers")
