"""What an action can do to a case beside moving it and its limits, as frozen values. Part of `definition`."""

from __future__ import annotations

from dataclasses import dataclass

# What becomes of a remedy, in words.
REMEDY_STATES = {"open": "To be done", "reported": "Reported as done", "done": "Done", "not_done": "Not done",
                 "waived": "No longer asked for"}
LINK_KINDS = {"counter": "Complaint the other way round", "merged": "Taken together with", "split": "Parted from",
              "joint": "Heard together with", "successor": "Goes on as", "related": "Related to"}


@dataclass(frozen=True, slots=True)
class Appoints:
    """People whom an action names to a role in the case: the answers that hold them."""

    role: str
    answers: tuple[str, ...]
    chair: str = ""


@dataclass(frozen=True, slots=True)
class Decides:
    """Whether allegations fall under the Compact: all that are open, BUT those that the answer to a question names."""

    admissible: bool
    but: str = ""


@dataclass(frozen=True, slots=True)
class AddsRemedy:
    """A remedy that the parties agreed on: the questions that say what kind, who owes it and by when."""

    what: str
    kind: str
    owner: str
    due_on: str


@dataclass(frozen=True, slots=True)
class SettlesRemedy:
    """What becomes of a remedy: the question that names it, and its new state."""

    remedy: str
    state: str


@dataclass(frozen=True, slots=True)
class Links:
    """Another case beside this one: the question that names it, and of what kind the link is."""

    case: str
    kind: str


@dataclass(frozen=True, slots=True)
class Releases:
    """People whose role in the case ends: all who have it, or the one whom a question names."""

    role: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Represents:
    """An organisation that acts for the party of the step from now on: the questions that name it, and the day of the party's consent."""

    by: str
    consent_on: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What an action does beside moving the case and its limits."""

    appoints: Appoints | None = None
    releases: Releases | None = None
    declares_interest: bool = False
    decides: Decides | None = None
    position: str = ""
    adds_remedy: AddsRemedy | None = None
    settles_remedy: SettlesRemedy | None = None
    links: Links | None = None
    splits: str = ""
    represents: Represents | None = None
    succeeded_by: str = ""
    leaves: bool = False


NOTHING = Effects()
