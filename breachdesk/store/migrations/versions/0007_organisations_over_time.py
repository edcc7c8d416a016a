"""Organisations over time, kinds of membership, the roster, absences with cover, accepted terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("terms_version", sa.String(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("terms_accepted_at", Moment(), nullable=True))
    op.add_column("organisations", sa.Column("signatory_from", sa.Date(), nullable=True))
    op.add_column("organisations", sa.Column("signatory_to", sa.Date(), nullable=True))
    # Whoever belonged to an organisation until now could complain and answer for it.
    op.add_column("memberships", sa.Column("kind", sa.String(), nullable=False, server_default="member"))
    op.create_table(
        "organisation_names", _id(), _refers("organisation_names", "organisation_id", "organisations"),
        sa.Column("name", sa.String(), nullable=False), sa.Column("until_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_names"),
        sa.UniqueConstraint("organisation_id", "until_on", name="uq_organisation_names_organisation_id_until_on"))
    op.create_table(
        "successions", _id(), _refers("successions", "predecessor_id", "organisations"),
        _refers("successions", "successor_id", "organisations"), sa.Column("from_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_successions"),
        sa.UniqueConstraint("predecessor_id", "successor_id", name="uq_successions_predecessor_id_successor_id"),
        sa.CheckConstraint("predecessor_id != successor_id", name="ck_successions_two_organisations"))
    op.create_table(
        "funding", _id(), _refers("funding", "funder_id", "organisations"), _refers("funding", "funded_id", "organisations"),
        sa.Column("from_on", sa.Date(), nullable=False), sa.Column("to_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_funding"),
        sa.CheckConstraint("funder_id != funded_id", name="ck_funding_two_organisations"))
    op.create_table(
        "roster", _refers("roster", "role_id", "roles"), sa.Column("post", sa.String(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=False), sa.Column("email", sa.String(), nullable=False),
        sa.Column("training", sa.Text(), nullable=False), sa.Column("availability", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False), sa.PrimaryKeyConstraint("role_id", name="pk_roster"))
    op.create_table(
        "absences", _id(), _refers("absences", "account_id", "accounts"), _refers("absences", "scheme_id", "schemes"),
        sa.Column("role", sa.String(), nullable=False), _refers("absences", "cover_id", "accounts"),
        sa.Column("from_on", sa.Date(), nullable=False), sa.Column("to_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sa.CheckConstraint("account_id != cover_id", name="ck_absences_two_people"))
    for table, names in (("organisation_names", ("organisation_id",)), ("successions", ("predecessor_id", "successor_id")),
                         ("funding", ("funder_id", "funded_id")), ("absences", ("account_id", "scheme_id", "cover_id"))):
        for name in names:
            op.create_index(f"ix_{table}_{name}", table, [name])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _refers(table: str, name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}", ondelete="RESTRICT"), nullable=False)
