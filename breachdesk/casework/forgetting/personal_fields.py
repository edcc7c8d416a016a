"""What the desk holds about people: every column, every kind of file, every text that somebody writes, every field of the program's log.

Whoever adds one says here what it is, or a test fails: whose it is, why it is kept and what erasure does to it; or, in a word, why it is
no personal data. `erasing` does what is said here; `docs/privacy.md` is made from it (`as_table`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Erasure(Enum):
    """What erasing a person or a case does to what is held in a place."""

    BLANKED = "put in neutral words"
    ROW_GONE = "the row is deleted"
    WORDS_GONE = "value and salt are deleted; the log stays whole"
    ENDED = "ended on that day, as an interest that still counts"
    NUMBER_STAYS = "stays, and leads only to “Erased person” and a number"
    FILE_GONE = "the file is deleted; that there was one stays"
    OVER_SOON = "not touched: it goes by itself"
    BY_HAND = "not touched: whoever wrote it changes it"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held in some PLACES. Without WHOSE it is no personal data, and `why` says why not."""

    places: tuple[str, ...]
    why: str
    whose: str = ""
    erasure: Erasure | None = None

    @property
    def personal(self) -> bool:
        return bool(self.whose)


ACCOUNT = "people with an account"
ANYBODY = "whoever is named in it, and whoever wrote it"


def _columns(said: str) -> tuple[str, ...]:
    """`"cases: id title; desk: id"` as cases.id, cases.title, desk.id."""
    tables = (one.partition(":") for one in said.split(";"))
    return tuple(f"{table.strip()}.{column}" for table, _, columns in tables for column in columns.split())


def _personal(columns: str, whose: str, why: str, erasure: Erasure) -> Kept:
    return Kept(_columns(columns), why, whose, erasure)


def _no(columns: str, why: str) -> Kept:
    return Kept(_columns(columns), why)


_ABOUT_PEOPLE = (
    _personal("accounts: name email", ACCOUNT, "to sign in, to be written to, and to say who did what", Erasure.BLANKED),
    _personal("accounts: password_hash", ACCOUNT, "to sign in; the password cannot be read from it", Erasure.BLANKED),
    _personal("accounts: active terms_version terms_accepted_at", ACCOUNT, "whether they can sign in, and which terms they accepted",
              Erasure.BLANKED),
    _personal("accounts: created_at", ACCOUNT, "since when there is an account", Erasure.NUMBER_STAYS),
    _personal("sessions: token_hash account_id created_at last_seen_at confirmed_at halfway way device ended_at why", ACCOUNT,
              "where and how they are signed in", Erasure.ROW_GONE),
    _personal("second_factors: account_id secret last_step added_at confirmed_at; recovery_codes: id account_id code_hash used_at; "
              "passkeys: id account_id credential_id public_key sign_count name created_at last_used_at", ACCOUNT,
              "to prove who they are", Erasure.ROW_GONE),
    _personal("mailed_links: id account_id purpose address asked_at tries trouble token_hash sent_at expires_at done_at", ACCOUNT,
              "links that were mailed to them, for 30 days", Erasure.ROW_GONE),
    _personal("kept_forms: account_id key_hash sealed kept_at", ACCOUNT,
              "what they typed when they had to confirm who they are: encrypted, for a quarter of an hour", Erasure.ROW_GONE),
    _personal("tries: what subject since count", "whoever tries to sign in", "so that nobody guesses; under a keyed hash, for a day",
              Erasure.OVER_SOON),
    _personal("memberships: account_id organisation_id from_on to_on kind", ACCOUNT,
              "for whom they act, and in whose cases they have an interest", Erasure.ENDED),
    _personal("roles: account_id scheme_id role sector area from_on to_on", ACCOUNT, "what they are in a scheme, and were when",
              Erasure.ENDED),
    _personal("roster: role_id post telephone email training availability published", "critical friends and panel members",
              "so that people find them, and the coordinator knows whom to ask", Erasure.ROW_GONE),
    _personal("absences: id account_id scheme_id role cover_id from_on to_on", "those who are away, and who covers",
              "who does their work meanwhile", Erasure.ROW_GONE),
    _personal("drafts: id account_id scheme_id answers updated_at reference", ACCOUNT, "a complaint that they are writing",
              Erasure.ROW_GONE),
    _personal("schemes: file_text controller_contact", "the people whom the scheme names in public",
              "so that people find the critical friends and the controller", Erasure.BY_HAND),
    _personal("checkpoint_readers: name address sector; checkpoint_copies: kept_by trouble", "those who keep what was sealed",
              "so that it lies outside the desk, too", Erasure.BY_HAND),
)

_ABOUT_CASES = (
    _personal("cases: title", ANYBODY, "what the case is called on pages and lists", Erasure.BLANKED),
    _personal("details: salt value", ANYBODY, "the words of the record, apart from the log that binds them", Erasure.WORDS_GONE),
    _personal("details: subject seq name audience", ANYBODY, "which words of which entry, and who reads them", Erasure.WORDS_GONE),
    _personal("deliveries: trouble; notices: trouble", ACCOUNT, "why a message did not arrive; a mail server may repeat the address",
              Erasure.BLANKED),
    _personal("entries: body", ACCOUNT, "the log: who did what when, by the number of the account, in no words of theirs",
              Erasure.NUMBER_STAYS),
    _personal("appointments: account_id; messages: account_id; concerns: by_account_id; declarations: account_id nature; "
              "interests: account_id because; broken_glass: account_id; deliveries: account_id message_id; extensions: by_account_id; "
              "pauses: by_account_id; moves: begun_by reverted_by; postings: posted_by; procedures: proposed_by published_by; "
              "room_openings: account_id; unmaskings: asked_by decided_by; "
              "erasures: account_id asked_by decided_by; holds: set_by lifted_by", ACCOUNT,
              "who did it, was named or was told, by the number of the account", Erasure.NUMBER_STAYS),
    _personal("files: stored", ANYBODY, "where the file lies", Erasure.FILE_GONE),
    _personal("files: sha256 kind size side", ANYBODY, "which file it was: its digest, and not what is in it", Erasure.NUMBER_STAYS),
)

_NO_PERSONAL_DATA = (
    _no("accounts: id; appointments: id case_id role chair seq from_at ended_at; broken_glass: id case_id from_at until_at seq; "
        "concerns: id scheme_id about_id commitment_id noted_on seq case_id; declarations: id case_id declared_on seq; "
        "deliveries: id notice_id sent_at; interests: case_id seq; memberships: id; roles: id; "
        "messages: case_id seq compartment role party_id at belongs_to released_from gone_at; postings: notice_id party_id posted_on seq; "
        "room_openings: party_id seq; unmaskings: id case_id party_id asked_at asked_seq decided_at agreed; "
        "entries: id subject seq event at prev_hash hash request_key", "numbers, days and words of ours, without the account"),
    _no("cases: id scheme_id reference procedure_digest status stage stage_visit version episode channel received_on entered_at event_on "
        "tried_directly reached_panel respondents_told has_ledger has_holdings next_due_on outcome closed_on reopened_on last_seq "
        "last_hash",
        "about a dispute between organisations"),
    _no("parties: id case_id organisation_id side is_lead taken taken_visit left_on identity; case_links: id case_id other_id kind; "
        "allegations: id case_id party_id commitment_id ending admissible decided_seq position required happened; "
        "remedies: id case_id number kind owner_id due_on state added_seq settled_seq; "
        "representations: id case_id party_id organisation_id consent_on ended_at", "about organisations, in words of ours and spans"),
    _no("timers: id case_id kind subject generation rung started_on due_on calendar_digest lasts fires_at nominal_at ended_at ending tries "
        "trouble; pauses: id case_id kind limits from_on to_on because review_on; extensions: id case_id kind subject working_days because "
        "over; notices: id case_id seq name subject days queued_at sent_at taken_until tries",
        "about limits and messages, in the words of the procedure"),
    _no("erasures: id case_id ground asked_at asked_seq decided_at agreed; holds: id case_id kind set_at review_on seq lifted_at; "
        "leftovers: path since", "that something was to go or stay; never what stood there"),
    _no("places: place entry_id; tiles: level number hashes; sealing: id size; checkpoints: size note sealed_at; "
        "log_keys: id verifier from_at until_at; checkpoint_readers: id added_at; checkpoint_copies: size left_at tried_at",
        "hashes and signatures of the log, which holds no words"),
    _no("files: case_id seq state tries scan_after gone_at", "where a file stands"),
    _no("organisations: id slug name sector kind area signatory_from signatory_to; organisation_names: id organisation_id name until_on; "
        "successions: id predecessor_id successor_id from_on; funding: id funder_id funded_id from_on to_on; "
        "closed_days: id organisation_id calendar_id set_at", "about organisations"),
    _no("desk: id practice created_at offset_seconds last_seq last_hash messages_held_at; "
        "jobs_done: id job period taken_until done_at tries trouble result; "
        "processes: name node kind began_at seen_at", "about the desk's own work"),
    _no("schemes: id slug title compact_id procedure_digest calendar_id reference_prefix controller year_starts single_officer calendars "
        "vocabulary reviews keep_files_months keep_record_years disposes_by_itself disposal_looked_on; compacts: id slug title file_text; "
        "editions: id compact_id label dated_on status register_text; "
        "commitments: id edition_id code theme section owed_by wording measure; operated_editions: id scheme_id edition_id from_on to_on; "
        "procedures: digest name version file_text added_at state proposed_at published_at; "
        "procedures_used: id scheme_id procedure_digest from_on; calendars: id name digest snapshot added_at; "
        "moves: id plan_digest plan_text from_digest to_digest begun_at finished_at reverted_at", "what was published or agreed"),
)

COLUMNS: tuple[Kept, ...] = (*_ABOUT_PEOPLE, *_ABOUT_CASES, *_NO_PERSONAL_DATA)


def _words(names: str, whose: str, why: str) -> Kept:
    return Kept(tuple(names.split()), why, whose, Erasure.WORDS_GONE)


# What people write, by the name that it has in `details`: the questions of procedures, and what is asked beside them.
TEXTS: tuple[Kept, ...] = (
    _words("contact person tried_with who_answers target read_back behalf_said_by behalf_read_back_to", "the person it names",
           "whom to talk to, and who said it"),
    _words("adjustments", "the person who needs them; it may be about health", "so that they can take part"),
    _words("worries wish", "the people who fear for themselves or their organisation", "so that the coordinator can protect them"),
    _words("dp_about foi_body", "whoever complains or asks", "to deal with a complaint about data, or a request for information"),
    _words("title what_happened effect happened required outcome_sought tried_reply other_routes route_reference route_stage "
           "information missing understanding answer offer comment correction evidence found agreed remaining still_open proposal "
           "remedy draft statement summary update next_steps advice remark why_late", ANYBODY,
           "what the dispute is about and how it was settled"),
    _words("reason reasons why", ANYBODY, "why something was done; it may name people"),
    _words("learning observations recommendations learned_in_summary", ANYBODY, "what the steering group learned"),
    _words("what", ANYBODY, "a concern without a case"),
    _words("also", "somebody who is to be erased", "under which other words they are found, until they are erased"),
    _words("words", ANYBODY, "what was said in a room, or noted by a critical friend"),
    _words("file", ANYBODY, "what a file was called where it came from"),
)

# What lies in the desk's folder beside the database.
FILES: tuple[Kept, ...] = (
    Kept(("files/",), "what people added to a case", ANYBODY, Erasure.FILE_GONE),
    Kept(("outbox/",), "copies of messages, on a desk that sends no mail", "whoever was written to or is named", Erasure.FILE_GONE),
    Kept(("breachdesk.db",), "the columns above", ANYBODY, Erasure.WORDS_GONE),
    Kept(("secret_key", "log-key", "log-key-before", "checkpoints.txt", "erasures.txt", "sending.lock"),
         "the desk's own keys, what was signed, what was erased (by numbers and digests), and its lock"),
)

# The fields of the program's log on standard error, which whoever operates the machine keeps as long as they say.
LOG_FIELDS: Mapping[str, str] = {
    "account": "the number of an account", "place": "the network address of somebody who was refused: personal, kept by the operator",
    "error": "what went wrong, in the program's words", "error_type": "the kind of fault", "code": "the kind of error",
    "number": "the number that the person was told", "path": "which page: an address of ours, with the reference of a case",
    "step": "which step of signing in", "what": "what was tried", "reason": "the kind of fault", "notice": "the number of a message",
    "to": "where a checkpoint was to go: file, witness or mail", "trouble": "why it did not get there",
    "link": "the number of a mailed link", "timer": "the number of a timer", "why": "why a timer was parked", "job": "a job of the desk",
    "period": "a day or month", "work": "which part of the program",
    "answered": "with which status a request was refused", "method": "how it was asked",
    "address": "where, as a pattern without what was asked for",
    "permission": "the permission that the address needs", "case": "the number of a case", "many": "how many lines were left out"}


def all_kept() -> tuple[Kept, ...]:
    return (*COLUMNS, *TEXTS, *FILES)


def placed(kept: tuple[Kept, ...]) -> Mapping[str, Kept]:
    """Each place with what is held there. Raises ValueError for a place that stands twice."""
    found: dict[str, Kept] = {}
    for one in kept:
        for place in one.places:
            if place in found:
                raise ValueError(f"“{place}” is registered twice: say once what it is")
            found[place] = one
    return found


def as_table() -> Iterator[str]:
    """The record of what is processed, as the rows of a table in Markdown: what is personal, whose, why, and what erasure does."""
    yield "| where | whose | why it is kept | when it is erased |"
    yield "|---|---|---|---|"
    for one in (*COLUMNS, *TEXTS, *FILES):
        if one.personal and one.erasure:
            yield f"| {', '.join(f'`{place}`' for place in one.places)} | {one.whose} | {one.why} | {one.erasure.value} |"
