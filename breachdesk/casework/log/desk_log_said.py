"""What each event of the desk's own log says, as sentences with words in braces; `desk_log` reads the entries and looks names up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from breachdesk.clock import local_day
from breachdesk.timekeeping.said import said_date, said_day
from breachdesk.workflow.wording import counted

_Facts = Mapping[str, Any]
_Names = Mapping[int, str]
# Facts that are the number of an account, or of an organisation.
ACCOUNTS = ("account", "cover", "proposed_by", "asked_by")
_ORGANISATIONS = ("organisation", "successor", "funder", "funded")
_DAYS = ("from", "until", "dated_on", "made_at")
_SETTLED = {"controller": "the data controller", "calendar": "the calendar", "words": "what the sectors are called",
            "reviews": "what the steering group reviews", "retention": "how long words and files are kept"}


def said_of(event: str, facts: _Facts, names: _Names, organisations: _Names) -> str:
    """The sentence of an entry; an event that has none says its own name."""
    says = _SAYS.get(event, event)
    sentence = (says if isinstance(says, str) else says(facts)).format_map(_Words(facts, names, organisations))
    return sentence[:1].upper() + sentence[1:] if sentence.startswith(("somebody ", "an organisation ")) else sentence


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands for a word in braces: a fact, or a name, a day or a phrase that is made of facts."""

    facts: _Facts
    names: _Names
    organisations: _Names

    def __getitem__(self, word: str) -> object:
        if phrase := _PHRASES.get(word):
            return phrase(self)
        if word in ACCOUNTS:
            return self.names.get(self.facts[word], "somebody")
        if word in _ORGANISATIONS:
            return self.organisations.get(self.facts[word], "an organisation")
        fact = self.facts[word]
        return _day(fact) if word in _DAYS else f"{fact[:12]}…" if word.endswith("digest") else fact


def _day(text: str) -> str:
    return said_day(local_day(datetime.fromisoformat(text))) if "T" in text else said_date(date.fromisoformat(text))


def _as_what(one: _Words) -> str:
    """Where somebody belongs and what they are, as an account was made for them."""
    places = ", ".join(one.organisations.get(number, "an organisation") for number in one.facts["organisations"])
    roles = ", ".join(role.replace("_", " ") for role in one.facts["roles"])
    parts = "; ".join(part for part in (f"at {places}" if places else "", f"as {roles}" if roles else "") if part)
    return f", {parts}" if parts else ""


_PHRASES: Mapping[str, Callable[[_Words], object]] = {
    "role": lambda one: f"{one.facts['role'].replace('_', ' ')} in “{one.facts['scheme']}”",
    "to its end": lambda one: f", until {_day(one.facts['to'])}" if one.facts["to"] else "",
    "what is erased": lambda one: f"the words and files of {one.facts['case']}" if one.facts.get("case") else str(one["account"]),
    "what changed": lambda one: ", ".join(one.facts["changed"]).replace("_", " "),
    "what was settled": lambda one: _SETTLED[one.facts["what"]],
    "pages": lambda one: sum(read["times"] for read in one.facts["reads"]),
    "readers": lambda one: counted(len({read["account"] for read in one.facts["reads"]}), "person", "people"),
    "years": lambda one: f"{one.facts['first'][:4]} to {one.facts['last'][:4]}",
    "moved to": lambda one: _day(one.facts["to"]),
    "days more": lambda one: len(one.facts["added"]),
    "fewer": lambda one: len(one.facts["removed"]),
    "as what": _as_what,
}


def _restored(facts: _Facts) -> str:
    lost = "" if facts["known"] else ", and nobody could say how many came after them"
    if facts["known"] > facts["entries"]:
        lost = ", and {known:,} had been signed for: those between were lost"
    return ("A backup of {made_at} was restored. The log had {entries:,} sealed entries in it" + lost
            + ". Since then it goes on under another name, signed by another key: {key}.")


# One sentence for each event of the desk itself; `events.EVENTS` says what each carries.
_SAYS: Mapping[str, str | Callable[[_Facts], str]] = {
    "desk:created": lambda facts: "This practice desk was made." if facts["practice"] else "This desk was made.",
    "desk:clock_moved": "The clock of this practice desk was moved from {from} to {moved to}.",
    "reads:noted": "Pages about cases that were read: {pages}, by {readers}.",
    "desk:backed_up": lambda facts: (f"A backup of this desk was made, {'' if facts['enciphered'] else 'not '}enciphered"
                                     f"{', with its keys' if facts['with_keys'] else ''}."),
    "desk:restored": _restored,
    "messages:released": lambda facts: ("{waiting:,} messages that were held back since a backup was restored "
                                        + ("are not to be sent." if facts["dropped"] else "were let go.")),
    "figures:kept": "The figures as they stood in {month} were kept (digest {digest}).",
    "log:key_made": "The key that signs this log was made: {key}.",
    "log:key_changed": "The key that signs this log was changed. The new one: {key}.",
    "log:key_lost": "The key that signed this log was lost, and a new one was made: {key}.",
    "log:exported": lambda facts: "The log was handed out as a file ({format})" + (", only of {only}." if facts["only"] else "."),
    "log:reader_added": "Somebody of the {sector} sector is sent what was signed of this log from now on, and keeps it.",
    "log:reader_removed": "Somebody of the {sector} sector is no longer sent what was signed of this log.",
    "compact:adopted": "The Compact “{compact}” was taken in (file {file_digest}).",
    "compact:changed": "What the desk holds about the Compact “{compact}” was renewed (file {file_digest}).",
    "edition:imported": "The wording of edition {edition} of “{compact}” was imported: {status}, dated {dated_on} (file {file_digest}).",
    "procedure:added": "The procedure “{procedure}”, version {version}, was taken in (file {digest}).",
    "procedure:proposed": "Version {version} of the procedure “{procedure}” was proposed for publication (file {digest}).",
    "procedure:published": lambda facts: "Version {version} of the procedure “{procedure}” was published, " + (
        "by one person alone, in the single-officer mode of “{single_officer}” (file {digest})." if facts["single_officer"]
        else "as proposed by {proposed_by} (file {digest})."),
    "scheme:procedure_used": "The scheme “{scheme}” lets new cases begin under version {version} of the procedure “{procedure}” "
                             "from {from}.",
    "scheme:single_officer": lambda facts: ("In the scheme “{scheme}” one person may " + ("now" if facts["allowed"] else "no longer")
                                            + " do what otherwise takes two."),
    "move:began": "Move {move} of open cases to another version began (plan {plan_digest}).",
    "move:ended": "Move {move} of open cases ended: {moved} went over, {refused} could not.",
    "move:reverted": "Move {move} of open cases was taken back: {reverted} went back, {left} had been touched since.",
    "calendar:added": "The working days of “{calendar}” were taken in, from {years}.",
    "calendar:changed": "The calendar {calendar} was changed: {days more} days more, {fewer} fewer. {moved} deadlines in {cases} cases got "
                        "a later day; {kept} would have become earlier and were kept.",
    "scheme:created": "The scheme “{scheme}” was set up (file {file_digest}).",
    "scheme:settled": lambda facts: ("In the scheme “{scheme}” this was settled anew: {what was settled}"
                                     + (": {to}." if facts["to"] else ".")),
    "scheme:operates": "The scheme “{scheme}” works by edition {edition} from {from}.",
    "mail:tried": lambda facts: ("{account} had a test message sent to their own address; "
                                 + ("it was handed over." if facts["taken"] else "it could not be sent.")),
    "organisation:added": "{organisation} was added ({sector} sector).",
    "organisation:changed": "What is known of {organisation} was changed ({what changed}).",
    "organisation:renamed": "{organisation} has another name from {from}.",
    "organisation:name_taken_back": "That {organisation} had another name from {from} was taken back.",
    "organisation:succeeded": "{successor} came after {organisation} on {from}.",
    "organisation:succession_taken_back": "That {successor} came after {organisation} was taken back.",
    "funding:noted": "{funder} funds {funded} from {from}{to its end}.",
    "funding:ended": "{funder} funded {funded}{to its end}.",
    "funding:taken_back": "That {funder} funds {funded} was taken back.",
    "membership:began": "{account} belongs to {organisation} ({kind}) from {from}{to its end}.",
    "membership:ended": "{account} belonged to {organisation} ({kind}){to its end}.",
    "role:began": "{account} is {role} from {from}{to its end}.",
    "role:ended": "{account} was {role}{to its end}.",
    "roster:changed": lambda facts: ("What the roster says of {account} as {role} was changed{to its end}; "
                                     + ("named on the public page." if facts["published"] else "not named on the public page.")),
    "absence:noted": "{account} is away as {role} from {from}{to its end}; {cover} covers.",
    "absence:ended": "{cover} no longer covers for {account} as {role}.",
    "account:added": "An account was made for {account}{as what}.",
    "account:invited": "{account} was sent an invitation.",
    "account:deactivated": "The account of {account} was switched off.",
    "account:reactivated": "The account of {account} was switched on again.",
    "account:password_changed": "{account} chose a new password.",
    "account:second_factor_set_up": "{account} set up a second step of signing in.",
    "account:second_factor_removed": "The second step of signing in was removed for {account}.",
    "account:passkey_added": "{account} added a passkey to sign in with.",
    "account:passkey_removed": "{account} removed a passkey.",
    "account:address_changed": "{account} has a new address for mail.",
    "session:began": "{account} signed in.",
    "session:ended": "{account} signed out.",
    "terms:accepted": "{account} accepted version {version} of the terms of use.",
    "person:copied": "Everything that is held on {account} was put together for them.",
    "retention:looked": "The list of what is due to be deleted in “{scheme}” was looked at; what was due until {until} goes.",
    "erasure:asked": "It was asked that {what is erased} be erased.",
    "erasure:refused": "That {what is erased} be erased was not agreed to.",
    "erasure:done": lambda facts: "What the desk held of {what is erased} was erased, as {asked_by} had asked" + (
        "; one person alone did both, as the scheme allows." if facts["single_officer"] else "."),
    "erasure:repeated": "What the desk held of {what is erased} had been erased, came back with a backup, and was erased again.",
}
