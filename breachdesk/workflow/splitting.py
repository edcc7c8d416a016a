"""Where the part of a case begins that goes on as a case of its own, and with which limits. Pure."""

from __future__ import annotations

from datetime import date

from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.clocks import Started, Turn, clocks_after
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.facts import CaseFacts


def start_of_stage(procedure: Procedure, status: str) -> str:
    """The status at which the stage of STATUS begins: the first of that stage in the file."""
    return next(one.name for one in procedure.statuses.values() if one.stage == procedure.statuses[status].stage)


def limits_of_part(procedure: Procedure, facts: CaseFacts, today: date) -> tuple[Started, ...]:
    """The limits of a new case that begins where FACTS say, today.

    What has run since the complaint came in goes on from then: the new case is no younger than the one it was part of.
    """
    attempt = Attempt(facts, {}, 0, today)
    anew, since_receipt = (clocks_after(procedure, Turn(procedure.opening, "", facts.status, attempt, day)).started
                           for day in (today, facts.received_on))
    first = procedure.opening.opens
    return tuple(old if first in procedure.limits[new.limit].statuses else new for new, old in zip(anew, since_receipt, strict=True))
