"""mail to pupils, and where a course is in its LMS"""

import sqlalchemy as sa
from alembic import op

revision = "0005_mail"
down_revision = "0004_passed_on"
branch_labels = None
depends_on = None

TASKS = ("read_roster", "make_column", "report_grade")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _change_tasks(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """SQLite writes the table anew, so it is told every constraint the table has now."""
    table = sa.Table(
        "outbox",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_in(before), name="ck_outbox_task"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts_from_zero"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("task", "record_id", name="uq_outbox_task_record_id"),
        sa.Index("ix_outbox_due_at", "due_at"),
    )
    with op.batch_alter_table("outbox", copy_from=table) as batch_op:
        batch_op.drop_constraint(op.f("ck_outbox_task"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outbox_task"), _in(after))


def _in(tasks: tuple[str, ...]) -> str:
    return f"task IN ({', '.join(repr(one) for one in tasks)})"


def upgrade() -> None:
    _change_tasks(TASKS, (*TASKS, "send_mail"))
    op.add_column(
        "registration", sa.Column("mails", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("course", sa.Column("address", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "mail_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_address_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_address")),
        sa.UniqueConstraint("person_id", name=op.f("uq_mail_address_person_id")),
    )
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("kind", "invitation", "reminder", "agreements"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("without_address", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_mailing_round_id_round")),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["enrolment.id"], name=op.f("fk_mailing_sent_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
        sa.UniqueConstraint("round_id", "kind", "day", name=op.f("uq_mailing_round_id_kind_day")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", _one_of("state", "waiting", "sent", "failed", "dropped"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent_has_moment")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_mail_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_mail_mailing_id_mailing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "mailing_id", "enrolment_id", name=op.f("uq_mail_mailing_id_enrolment_id")
        ),
    )
    op.create_index("ix_mail_enrolment_id", "mail", ["enrolment_id"])


def downgrade() -> None:
    op.drop_index("ix_mail_enrolment_id", table_name="mail")
    for table in ("mail", "mailing", "mail_address"):
        op.drop_table(table)
    op.drop_column("course", "address")
    op.drop_column("registration", "mails")
    op.execute("DELETE FROM outbox WHERE task = 'send_mail'")
    _change_tasks((*TASKS, "send_mail"), TASKS)
