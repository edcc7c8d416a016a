"""What somebody typed into a form that was sent after their sign-in had ceased to be fresh: kept until they have confirmed who they are.

One form for each account, the newest; encrypted under the desk's key, and gone after a quarter of an hour.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.one_time_codes import deciphered, enciphered
from breachdesk.casework.signing_in.sessions import hashed
from breachdesk.errors import Refused
from breachdesk.store import kept_forms as rows

LASTS = timedelta(minutes=15)
# The longest form of ours with room to spare; whatever is longer was not typed.
LONGEST = 200_000
Pairs = Sequence[tuple[str, str]]


def keep_form(desk: Desk, account_id: int, action: str, typed: Pairs) -> str:
    """Keep what was sent to an address; the key under which its owner gets it back, or nothing when it is too long.

    Never hand in a password or a code: whoever calls says which forms have none.
    """
    text = json.dumps({"action": action, "typed": list(typed)})
    if len(text) > LONGEST:
        return ""
    key, kept = secrets.token_urlsafe(16), enciphered(desk, text)
    desk.database.transact(lambda session: rows.put_form(session, account_id, hashed(key), kept, desk.wall()))
    return key


def kept_form(desk: Desk, account_id: int, key: str, action: str) -> Pairs:
    """What its owner sent to that address a short while ago; nothing for anybody else, for another address, or later."""
    with desk.database.read() as session:
        kept = rows.form_of(session, account_id, hashed(key), desk.wall() - LASTS)
    try:
        found = json.loads(deciphered(desk, kept)) if kept else {}
    except Refused:
        # The desk has another key by now: what was typed cannot be read any more.
        return ()
    return [(str(name), str(value)) for name, value in found["typed"]] if found.get("action") == action else ()
