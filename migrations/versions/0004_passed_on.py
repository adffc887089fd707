"""conversations that a pupil, or the school, passes on to the teachers of another course"""

import sqlalchemy as sa
from alembic import op

revision = "0004_passed_on"
down_revision = "0003_guide_choices"
branch_labels = None
depends_on = None

BEFORE = ("viewed", "changed", "sent", "started", "closed", "reopened")
NEW = ("passed_on", "taken_back")


def _acts(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="act", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "passed_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_passed_on_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["enrolment.id"], name=op.f("fk_passed_on_to_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_on")),
        sa.UniqueConstraint(
            "conversation_id", "to_id", name=op.f("uq_passed_on_conversation_id_to_id")
        ),
    )
    op.create_index(op.f("ix_passed_on_to_id"), "passed_on", ["to_id"])
    op.add_column(
        "school_words",
        sa.Column("school_passes_on", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("access_log") as batch:
        batch.alter_column("act", existing_type=_acts(*BEFORE), type_=_acts(*BEFORE, *NEW))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM access_log WHERE act IN ('passed_on', 'taken_back')"))
    with op.batch_alter_table("access_log") as batch:
        batch.alter_column("act", existing_type=_acts(*BEFORE, *NEW), type_=_acts(*BEFORE))
    op.drop_column("school_words", "school_passes_on")
    op.drop_table("passed_on")
