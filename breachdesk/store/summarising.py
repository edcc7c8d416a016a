"""What an anonymised summary of a dispute is made of: sectors, themes, the days it took. And the names that must not stand in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from breachdesk.store.audit_log import DETAILS
from breachdesk.store.cases import ORGANISATIONS, PARTIES
from breachdesk.store.holdings import ALLEGATIONS
from breachdesk.store.people import ACCOUNTS
from breachdesk.store.reading import COMMITMENTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_people import FormerNameRow

FORMER_NAMES = table_of(FormerNameRow)


def sides_of(session: Session, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, side, sector) of everybody who is or was a party, the lead first."""
    return session.all(select(PARTIES.c.case_id, PARTIES.c.side, ORGANISATIONS.c.sector)
                       .join(ORGANISATIONS, ORGANISATIONS.c.id == PARTIES.c.organisation_id)
                       .where(PARTIES.c.case_id.in_(case_ids)).order_by(PARTIES.c.id))


def themes_of_cases(session: Session, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, theme) of the commitments that are said to be broken."""
    return session.all(select(ALLEGATIONS.c.case_id, COMMITMENTS.c.theme)
                       .join(COMMITMENTS, COMMITMENTS.c.id == ALLEGATIONS.c.commitment_id)
                       .where(ALLEGATIONS.c.case_id.in_(case_ids)).order_by(ALLEGATIONS.c.id))


def words_called(session: Session, case_ids: Sequence[int], names: Sequence[str], compartments: Sequence[str]) -> Sequence[Any]:
    """(case id, entry, name, words) of answers of these names, as far as the compartments are open, in the order of the log."""
    return session.all(select(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name, DETAILS.c.value)
                       .where(DETAILS.c.subject.in_(case_ids), DETAILS.c.name.in_(names), DETAILS.c.audience.in_(compartments))
                       .order_by(DETAILS.c.subject, DETAILS.c.seq))


def everybodys_names(session: Session) -> list[str]:
    """The name of every organisation, today's and earlier ones, and of every person that the desk knows."""
    return [row[0] for column in (ORGANISATIONS.c.name, FORMER_NAMES.c.name, ACCOUNTS.c.name) for row in session.all(select(column))]
