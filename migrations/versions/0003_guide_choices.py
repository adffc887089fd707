"""how a teacher wants the guide"""

import sqlalchemy as sa
from alembic import op

revision = "0003_guide_choices"
down_revision = "0002_school_words"
branch_labels = None
depends_on = None

CHOICES = {"guide_one_by_one": sa.false(), "guide_keys": sa.true(), "guide_clock": sa.true()}


def upgrade() -> None:
    for name, usual in CHOICES.items():
        column = sa.Column(name, sa.Boolean(), server_default=usual, nullable=False)
        op.add_column("person", column)


def downgrade() -> None:
    for name in CHOICES:
        op.drop_column("person", name)
