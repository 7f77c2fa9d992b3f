"""Tables for lists and search, made from the trail, and leases. Whoever upgrades rebuilds them (``Store.rebuild``)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.Text),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("uscc", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "batches",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("row", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("package", sa.String(64), primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_index("packages_case", "packages", ["case_id"])
    op.create_index("packages_content", "packages", ["content"])
    op.create_index("packages_last", "packages", ["last_seq"])
    op.create_index("cases_last", "cases", ["last_seq"])
    op.create_index("cases_uscc", "cases", ["uscc", "policy"])


def downgrade() -> None:
    for table in ("leases", "batches", "cases", "packages"):
        op.drop_table(table)
