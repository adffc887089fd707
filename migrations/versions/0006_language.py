"""the language of a visit, and what a person chose"""

import sqlalchemy as sa
from alembic import op

revision = "0006_language"
down_revision = "0005_mail"
branch_labels = None
depends_on = None


def _language() -> sa.Enum:
    return sa.Enum(
        "nl", "en", name="language", native_enum=False, create_constraint=True, length=40
    )


def upgrade() -> None:
    for table in ("launch_session", "pending_launch"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column("language", _language(), nullable=False, server_default="nl")
            )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("language", server_default=None)
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("language", _language(), nullable=True))


def downgrade() -> None:
    for table in ("person", "pending_launch", "launch_session"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_language"), type_="check")
            batch.drop_column("language")
