"""the access log notes what was taken along"""

import sqlalchemy as sa
from alembic import op

revision = "0010_takeaways"
down_revision = "0009_corrections"
branch_labels = None
depends_on = None

BEFORE = (
    "viewed",
    "changed",
    "sent",
    "started",
    "closed",
    "reopened",
    "passed_on",
    "taken_back",
)
NEW = ("exported",)


def _acts(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="act", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.alter_column("act", existing_type=_acts(*BEFORE), type_=_acts(*BEFORE, *NEW))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM access_log WHERE act = 'exported'"))
    with op.batch_alter_table("access_log") as batch:
        batch.alter_column("act", existing_type=_acts(*BEFORE, *NEW), type_=_acts(*BEFORE))
