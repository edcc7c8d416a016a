"""What an area settles for itself: which edition it operates from which day, by which procedure, and who can help.

`loading` makes these values from `workflows/schemes/`; casework and pages read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from breachdesk.compacts.editions import Operated, operated_on

# What the steering group meets of a dispute that reached the panel: its shared papers, an anonymised summary, or the figures alone.
REVIEWS = (PAPERS, SUMMARIES, FIGURES) = ("papers", "summaries", "figures")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class NamedContact:
    """The critical friend whom a scheme publishes for one sector in one area, and how to reach them."""

    sector: str
    area: str
    post: str
    organisation: str
    email: str
    telephone: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One area's running of a procedure under a Compact. `year_starts` is a month from 1 to 12.

    `vocabulary` has only the words that the scheme says otherwise than its Compact. `procedure_borrowed_from` says where the procedure
    is from when the Compact itself has none. `single_officer`: one person may do what otherwise takes two, which is logged each time.
    `calendars` names further ones by their role in the procedure, where the scheme wants others than this product's. No `controller`:
    there is none yet, and no case is taken before there is. `reviews` is one of REVIEWS.
    """

    slug: str
    title: str
    areas: tuple[str, ...]
    compact: str
    operates: tuple[Operated, ...]
    procedure: str
    calendar: str
    controller: str
    controller_contact: str
    vocabulary: Mapping[str, str]
    critical_friends: tuple[NamedContact, ...]
    reference_prefix: str
    year_starts: int = 4
    findings: bool = False
    procedure_borrowed_from: str = ""
    single_officer: bool = False
    calendars: Mapping[str, str] = field(default_factory=dict)
    reviews: str = PAPERS

    def operated_on(self, day: date) -> Operated | None:
        """The edition that the scheme operated on DAY."""
        return operated_on(self.operates, day)
