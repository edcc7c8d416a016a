"""Every event that the log knows, and the facts that an entry of it must carry. No fact holds words that somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping

Facts = Mapping[str, object]

_STEP = frozenset({"action", "from", "to", "stage", "party", "answers", "limits", "effects"})
EVENTS: Mapping[str, frozenset[str]] = {
    # A case. `party` is the id of the party whom a step was for, or 0. `limits` is {"started": [...], "ended": [...]}, each item
    # {"limit", "party", "due_on"}, an ended one with "ending": met, late, moot, replaced or kept; a started one with what its timers are
    # made of: "from", "calendar" (where it is another than that of the limit before), "lasts" and "reminders". `answers` holds what is
    # not words. `effects` holds what the step did to people, allegations, remedies, other cases, pauses and more time, by name; nothing
    # when it did nothing. `allegations` are [party, commitment, number]; a part of another case has under `carried` what was known of it.
    "case:opened": _STEP | {"reference", "scheme", "procedure", "procedure_digest", "received_on", "event_on", "channel", "parties",
                            "allegations", "calendar_digest"},
    "case:acted": _STEP,
    # `ended_in` is the stage in which it ended; days are working days: handling without pauses and the complainant's windows.
    "case:closed": _STEP | {"outcome", "ended_in", "calendar_digest", "handling_days", "elapsed_days"},
    # The case goes on: another `episode` begins, and how it had ended stays in the entry that closed it.
    "case:reopened": _STEP | {"episode"},
    # Another case was linked with this one, of which the other's log says more.
    "link:made": frozenset({"case", "kind"}),
    # A case moved to another version of its procedure, and back. `rules` says for each limit by which rule, and its day before and
    # after; `lengths` what a limit that stayed was promised before; `resumed` and `opened` which pauses ended and began.
    "case:migrated": frozenset({"move", "plan_digest", "old_procedure", "new_procedure", "from", "to", "stage", "limits", "rules",
                                "lengths", "resumed", "opened"}),
    "case:migration_reverted": frozenset({"move", "old_procedure", "new_procedure", "from", "to", "stage", "limits", "kept"}),
    # A changed calendar: `rules` says of each limit whether it moved or its day was kept, and its day before and after the fresh count.
    "case:recounted": frozenset({"calendar", "from", "to", "stage", "limits", "rules"}),
    # What is said beside the steps: in which compartment, with which file, added to which entry (0: none). A release says from where to
    # where; a room is opened to somebody who was named later. Notes are gone some time after the case has closed.
    "room:said": frozenset({"room", "file", "belongs_to"}),
    "room:released": frozenset({"room", "of", "to", "file"}),
    "room:opened": frozenset({"room", "account"}),
    "note:written": frozenset({"room", "file", "belongs_to"}),
    "note:gone": frozenset({"notes"}),
    # Words (`details`: [entry, name] of this very chain) and files (by their names in the folder) were erased, on a ground: because of a
    # person (`account`), or a whole case. `asked` is the desk's entry by which `asked_by` asked; `rows` counts what else was deleted.
    # Whoever restores an older backup does it again from this.
    "erasure:asked": frozenset({"account", "case", "ground"}),
    "erasure:refused": frozenset({"account", "case", "ground", "asked_by", "asked"}),
    "erasure:done": frozenset({"account", "case", "ground", "asked_by", "asked", "single_officer", "details", "files", "rows"}),
    # The same because its time was over: `what` is files or record, `due_on` the day from which on it was to go.
    "disposal:done": frozenset({"what", "due_on", "details", "files"}),
    # Everything that is held on somebody was put together for them: how many texts and files.
    "person:copied": frozenset({"account", "texts", "files"}),
    # A coordinator has looked at the list of what was due until a day.
    "retention:looked": frozenset({"scheme", "until"}),
    # The same again, after an older backup was restored: `of` is the hash of the entry that said so and is lost; `whole`: all of a case.
    "erasure:repeated": frozenset({"of", "ground", "account", "whole", "details", "files"}),
    "hold:set": frozenset({"case", "kind", "review_on"}),
    "hold:lifted": frozenset({"case", "kind"}),
    "file:scanned": frozenset({"of", "found"}),
    "file:downloaded": frozenset({"of", "sha256"}),
    # Somebody has said whether they have an interest in the case, outside a step of the procedure.
    "interest:declared": frozenset({"nature"}),
    # Somebody who is not part of the case opened its shared papers in an emergency, until a moment.
    "access:broken_glass": frozenset({"until"}),
    # A coordinator has confirmed what an anonymised summary says was learned, and how much else it shows.
    "summary:confirmed": frozenset({"shows"}),
    "limit:reminded": frozenset({"limit", "party", "rung", "due_on", "nominal_at"}),
    "limit:ran_out": frozenset({"limit", "party", "due_on", "nominal_at", "then", "refused"}),
    # The name of a party that complained unnamed. `asked_by` is an account, 0 where the organisation showed it itself; `single_officer`:
    # one person both asked and agreed, as the scheme allows.
    "identity:unmask_asked": frozenset({"party"}),
    "identity:unmasked": frozenset({"party", "asked_by", "single_officer"}),
    "identity:unmask_refused": frozenset({"party", "asked_by"}),
    # A message, by its name and the entry it tells of, went to a party as a letter.
    "notice:posted": frozenset({"notice", "entry", "party", "posted_on"}),
    # The desk itself.
    "desk:created": frozenset({"practice"}),
    "desk:clock_moved": frozenset({"from", "to"}),
    # What was read: who (account), as what, which kind of page, which case, how often.
    "reads:noted": frozenset({"reads"}),
    # A backup was made; one was restored: it was made when the log had so many `entries` with a place, and the newest checkpoint that was
    # `known` then spoke of so many (0: none was). Since then the log goes on under another name, signed by another key. Messages that
    # waited were let go, or `dropped`.
    "desk:backed_up": frozenset({"enciphered", "with_keys"}),
    "desk:restored": frozenset({"made_at", "entries", "known", "old_key", "key"}),
    "messages:released": frozenset({"waiting", "dropped"}),
    # The figures as they stood were kept, once a month: `digest` binds the row that holds them.
    "figures:kept": frozenset({"month", "digest"}),
    # The public halves of the keys that sign the log, as they are written.
    "log:key_made": frozenset({"key"}),
    "log:key_changed": frozenset({"old_key", "key"}),
    "log:key_lost": frozenset({"old_key", "key"}),
    # The log was handed out as a file: all of it, or only one case or scheme.
    "log:exported": frozenset({"format", "only"}),
    # Somebody who keeps checkpoints, by the number of their row.
    "log:reader_added": frozenset({"sector"}),
    "log:reader_removed": frozenset({"sector"}),
    "compact:adopted": frozenset({"compact", "file_digest"}),
    "compact:changed": frozenset({"compact", "file_digest"}),
    "edition:imported": frozenset({"compact", "edition", "dated_on", "status", "file_digest"}),
    "procedure:added": frozenset({"procedure", "version", "digest"}),
    "procedure:proposed": frozenset({"procedure", "version", "digest"}),
    # `single_officer` is the scheme whose single-officer mode let one person publish what they had proposed; otherwise empty.
    "procedure:published": frozenset({"procedure", "version", "digest", "proposed_by", "single_officer"}),
    "scheme:procedure_used": frozenset({"scheme", "procedure", "version", "digest", "from"}),
    "scheme:single_officer": frozenset({"scheme", "allowed"}),
    "move:began": frozenset({"move", "plan_digest", "from", "to"}),
    "move:ended": frozenset({"move", "moved", "refused"}),
    "move:reverted": frozenset({"move", "reverted", "left"}),
    "calendar:added": frozenset({"calendar", "digest", "first", "last"}),
    "calendar:changed": frozenset({"calendar", "old_digest", "new_digest", "added", "removed", "cases", "moved", "kept"}),
    "scheme:created": frozenset({"scheme", "file_digest", "procedure_digest"}),
    # `what` is a part of the scheme's page; `to` what it was set to, where that is one of a few words of ours, otherwise empty.
    "scheme:settled": frozenset({"scheme", "what", "to"}),
    "mail:tried": frozenset({"account", "taken"}),
    "scheme:operates": frozenset({"scheme", "edition", "from"}),
    "organisation:added": frozenset({"organisation", "sector"}),
    # What is known of an organisation, by the names of what changed; its names, who came after it and who funds whom, by days and ids.
    "organisation:changed": frozenset({"organisation", "changed"}),
    "organisation:renamed": frozenset({"organisation", "from"}),
    "organisation:name_taken_back": frozenset({"organisation", "from"}),
    "organisation:succeeded": frozenset({"organisation", "successor", "from"}),
    "organisation:succession_taken_back": frozenset({"organisation", "successor"}),
    "funding:noted": frozenset({"funder", "funded", "from", "to"}),
    "funding:ended": frozenset({"funder", "funded", "to"}),
    "funding:taken_back": frozenset({"funder", "funded"}),
    # Who is what and when; `to` is the last day, or nothing as long as none is known.
    "membership:began": frozenset({"account", "organisation", "kind", "from", "to"}),
    "membership:ended": frozenset({"account", "organisation", "kind", "to"}),
    "role:began": frozenset({"account", "scheme", "role", "from", "to"}),
    "role:ended": frozenset({"account", "scheme", "role", "to"}),
    "roster:changed": frozenset({"account", "scheme", "role", "to", "published"}),
    "absence:noted": frozenset({"account", "scheme", "role", "cover", "from", "to"}),
    "absence:ended": frozenset({"account", "scheme", "role", "cover", "to"}),
    "account:invited": frozenset({"account"}),
    "account:deactivated": frozenset({"account"}),
    "account:reactivated": frozenset({"account"}),
    "terms:accepted": frozenset({"account", "version"}),
    "account:added": frozenset({"account", "roles", "organisations"}),
    "account:password_changed": frozenset({"account"}),
    "account:second_factor_set_up": frozenset({"account"}),
    "account:second_factor_removed": frozenset({"account"}),
    "account:passkey_added": frozenset({"account"}),
    "account:passkey_removed": frozenset({"account"}),
    "account:address_changed": frozenset({"account"}),
    # Concerns are words kept apart, and never cases.
    "concern:noted": frozenset({"scheme", "about", "commitment"}),
    "concern:led_to_case": frozenset({"concern", "case"}),
    "session:began": frozenset({"account"}),
    "session:ended": frozenset({"account"}),
}


def require_facts(event: str, facts: Facts) -> None:
    """Raise ValueError unless the facts are just those that the event declares."""
    if (declared := EVENTS.get(event)) is None:
        raise ValueError(f"there is no event “{event}”")
    if declared != facts.keys():
        raise ValueError(f"{event} carries {sorted(declared)}, not {sorted(facts)}")
