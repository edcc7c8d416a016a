"""What a case holds: allegations decided one by one, remedies, interests, representatives, links; and the concern log.

Columns are added with what they mean for cases that are there already. None of them points at another table: SQLite would have to
copy the whole table for that, and others point at it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0002"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("cases", sa.Column("has_holdings", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("parties", sa.Column("left_on", sa.Date(), nullable=True))
    for column in (sa.Column("admissible", sa.Boolean(), nullable=True), sa.Column("decided_seq", sa.Integer(), nullable=True),
                   sa.Column("position", sa.String(), nullable=True), sa.Column("required", sa.String(), nullable=True),
                   sa.Column("happened", sa.String(), nullable=True)):
        op.add_column("allegations", column)
    op.create_table(
        "remedies", _id(), _refers("remedies", "case_id", "cases"), sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False), _refers("remedies", "owner_id", "parties"),
        sa.Column("due_on", sa.Date(), nullable=True), sa.Column("state", sa.String(), nullable=False),
        sa.Column("added_seq", sa.Integer(), nullable=False), sa.Column("settled_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remedies"), sa.UniqueConstraint("case_id", "number", name="uq_remedies_case_id_number"))
    op.create_table(
        "interests", _refers("interests", "case_id", "cases"), _refers("interests", "account_id", "accounts"),
        sa.Column("seq", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("case_id", "account_id", name="pk_interests"))
    op.create_table(
        "representations", _id(), _refers("representations", "case_id", "cases"), _refers("representations", "party_id", "parties"),
        _refers("representations", "organisation_id", "organisations"), sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True), sa.PrimaryKeyConstraint("id", name="pk_representations"))
    op.create_table(
        "case_links", _id(), _refers("case_links", "case_id", "cases"), _refers("case_links", "other_id", "cases"),
        sa.Column("kind", sa.String(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_case_links"),
        sa.UniqueConstraint("case_id", "other_id", "kind", name="uq_case_links_case_id_other_id_kind"))
    op.create_table(
        "concerns", _id(), _refers("concerns", "scheme_id", "schemes"),
        _refers("concerns", "about_id", "organisations", nullable=True),
        _refers("concerns", "commitment_id", "commitments", nullable=True), sa.Column("noted_on", sa.Date(), nullable=False),
        _refers("concerns", "by_account_id", "accounts"), sa.Column("seq", sa.Integer(), nullable=False),
        _refers("concerns", "case_id", "cases", nullable=True), sa.PrimaryKeyConstraint("id", name="pk_concerns"),
        sa.UniqueConstraint("seq", name="uq_concerns_seq"))
    for table, names in (("remedies", ("case_id", "owner_id")), ("representations", ("case_id", "party_id", "organisation_id")),
                         ("case_links", ("case_id", "other_id")),
                         ("concerns", ("scheme_id", "about_id", "commitment_id", "by_account_id", "case_id"))):
        for name in names:
            op.create_index(f"ix_{table}_{name}", table, [name])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _refers(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}", ondelete="RESTRICT"), nullable=nullable)
