"""which questions work, and a teacher's own next steps"""

import sqlalchemy as sa
from alembic import op

revision = "0007_reflection"
down_revision = "0006_language"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("conversation") as table:
        table.add_column(sa.Column("reflected_at", sa.DateTime(timezone=True), nullable=True))
    verdict = _one_of(op.f("ck_question_mark_verdict"), "worked", "did_not_work")
    with op.batch_alter_table("question_mark") as table:
        table.add_column(sa.Column("verdict", verdict, nullable=True))
        table.add_column(
            sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_check_constraint(
            op.f("ck_question_mark_counted_once"), "verdict IS NULL OR NOT counted"
        )
    op.create_table(
        "question_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False),
        sa.Column("did_not_work", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "worked >= 0 AND did_not_work >= 0", name=op.f("ck_question_tally_counts_from_nought")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_tally_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_tally")),
        sa.UniqueConstraint(
            "person_id", "question_key", name=op.f("uq_question_tally_person_id_question_key")
        ),
    )
    op.create_table(
        "question_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visibility", _one_of("visibility", "teacher_instrument"), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_question_remark_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_remark_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_remark")),
        sa.UniqueConstraint(
            "person_id", "question_key", name=op.f("uq_question_remark_person_id_question_key")
        ),
    )
    op.create_table(
        "next_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visibility", _one_of("visibility", "teacher_pupil"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_next_step_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["enrolment.id"], name=op.f("fk_next_step_owner_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
    )
    op.create_index(op.f("ix_next_step_conversation_id"), "next_step", ["conversation_id"])
    op.create_index(op.f("ix_next_step_owner_id"), "next_step", ["owner_id"])


def downgrade() -> None:
    op.drop_table("next_step")
    op.drop_table("question_remark")
    op.drop_table("question_tally")
    with op.batch_alter_table("question_mark") as table:
        table.drop_constraint(op.f("ck_question_mark_counted_once"), type_="check")
        table.drop_constraint(op.f("ck_question_mark_verdict"), type_="check")
        table.drop_column("counted")
        table.drop_column("verdict")
    with op.batch_alter_table("conversation") as table:
        table.drop_column("reflected_at")
