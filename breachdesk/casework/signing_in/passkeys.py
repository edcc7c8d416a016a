"""Passkeys (WebAuthn): somebody's own device holds a key and proves it with a finger, a face or a PIN. Both steps of signing in, in one.

Needs the extra `passkeys`, and an address that browsers allow it on: https, or localhost. A challenge is used once.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in import sessions
from breachdesk.casework.signing_in.account_told import PASSKEY_ADDED, PASSKEY_GONE, tell_owner
from breachdesk.casework.signing_in.sessions import PASSKEY, Place, Presence
from breachdesk.casework.signing_in.tries import is_first_use, require_try
from breachdesk.errors import Invalid, NotFound, Refused
from breachdesk.store import second_factors as rows
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

MOST = 10
_NOT_KEPT = "Your device's answer could not be checked, so the passkey was not kept. Try again."


def can_be_used(desk: Desk) -> bool:
    """Whether this desk can take passkeys: the extra is there, and browsers allow them at its address."""
    parts = urlsplit(desk.base_url)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return find_spec("webauthn") is not None and (parts.scheme == "https" or parts.hostname == "localhost")
    return False


def _host(desk: Desk) -> str:
    """The host that passkeys of this desk are bound to. Raises NotFound where there are none."""
    if not can_be_used(desk):
        raise NotFound("This desk takes no passkeys.")
    return urlsplit(desk.base_url).hostname or ""


def _origin(desk: Desk) -> str:
    parts = urlsplit(desk.base_url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device is asked: the options for the browser, as JSON, and the challenge in them, to be kept until the answer comes."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class PasskeyShown:
    """A passkey, for its owner."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


def own_passkeys(session: Session, present: Presence) -> Sequence[PasskeyShown]:
    return [PasskeyShown(row.id, row.name, row.created_at, row.last_used_at) for row in rows.passkeys_of(session, present.actor.account_id)]


def ask_to_register(desk: Desk, present: Presence) -> Challenge:
    """Ask a device for a new passkey: one that it finds by itself, and that it guards."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )
    host = _host(desk)
    with desk.database.read() as session:
        known = rows.passkeys_of(session, present.actor.account_id)
    options = generate_registration_options(
        rp_id=host, rp_name="Breachdesk", user_name=present.actor.email, user_display_name=present.actor.name,
        user_id=_handle(desk, present.actor.account_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in known])
    return Challenge(options_to_json(options), bytes_to_base64url(options.challenge))


def _handle(desk: Desk, account_id: int) -> bytes:
    """A name for the account that tells a device nothing about it."""
    return hmac.new(desk.secret.encode(), f"passkey {account_id}".encode(), sha256).digest()


def register(desk: Desk, present: Presence, challenge: str, answer: str, name: str) -> None:
    """Keep a new passkey. Raises Invalid when the answer is not one to the challenge, Refused when there are too many."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    host, name = _host(desk), name.strip()[:60] or "Passkey"
    if not name.isprintable():
        raise Invalid({"name": "Give the passkey a name of at most 60 characters, on one line."})
    if not challenge:
        raise Invalid({"credential": _NOT_KEPT})
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=host, expected_origin=_origin(desk),
            require_user_verification=True)
    except Exception as fault:
        raise Invalid({"credential": _NOT_KEPT}) from fault
    account_id, credential_id = present.actor.account_id, bytes_to_base64url(made.credential_id)

    def work(session: Session) -> None:
        if not is_first_use(session, desk, challenge) or rows.passkey(session, credential_id):
            raise Invalid({"credential": _NOT_KEPT})
        if len(rows.passkeys_of(session, account_id)) >= MOST:
            raise Refused(f"You have {MOST} passkeys already. Remove one that you do not use any more.")
        rows.insert_passkey(session, account_id, credential_id, made.credential_public_key, made.sign_count, name, desk.wall())
        _record(session, desk, account_id, "account:passkey_added")
        tell_owner(session, desk, account_id, PASSKEY_ADDED)
    desk.database.transact(work)


def forget(desk: Desk, present: Presence, passkey_id: int) -> bool:
    """Take one of the person's own passkeys away; False when there is none like it."""
    def work(session: Session) -> bool:
        gone = rows.forget_passkey(session, present.actor.account_id, passkey_id)
        if gone:
            sessions.end_sessions_of(session, present.actor.account_id, "passkey removed", but=present.token)
            _record(session, desk, present.actor.account_id, "account:passkey_removed")
            tell_owner(session, desk, present.actor.account_id, PASSKEY_GONE)
        return gone
    return desk.database.transact(work)


def ask_to_prove(desk: Desk) -> Challenge:
    """Ask for any passkey of this desk. Nobody has to say who they are, so nothing is given away about who is known."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import UserVerificationRequirement
    options = generate_authentication_options(rp_id=_host(desk), user_verification=UserVerificationRequirement.REQUIRED)
    return Challenge(options_to_json(options), bytes_to_base64url(options.challenge))


def sign_in(desk: Desk, challenge: str, answer: str, place: Place) -> str | None:
    """A new sign-in's token for whoever's passkey answered the challenge, or None. Raises TooManyTries."""
    row = _proved(desk, challenge, answer, place)
    if row is None:
        return None
    return desk.database.transact(lambda session: sessions.begin(session, desk, row.account_id, PASSKEY, place)
                                  if _use(session, desk, challenge, row) else None)


def confirm(desk: Desk, present: Presence, challenge: str, answer: str, place: Place) -> str | None:
    """Prove again by a passkey who one is; the sign-in's new token, or None. Raises TooManyTries."""
    row = _proved(desk, challenge, answer, place)
    if row is None or row.account_id != present.actor.account_id:
        return None
    return desk.database.transact(lambda session: sessions.confirmed(session, desk, present.token)
                                  if _use(session, desk, challenge, row) else None)


@dataclass(frozen=True, slots=True)
class _Proved:
    """A passkey that answered rightly, and how often it says that it was used."""

    id: int
    account_id: int
    before: int
    count: int


def _proved(desk: Desk, challenge: str, answer: str, place: Place) -> _Proved | None:
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
    host = _host(desk)
    desk.database.transact(lambda session: require_try(session, desk, "passkey", address=place.address))
    if not challenge:
        return None
    try:
        credential = parse_authentication_credential_json(answer)
        row = _row(desk, bytes_to_base64url(credential.raw_id))
        checked = verify_authentication_response(
            credential=credential, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=host, expected_origin=_origin(desk),
            credential_public_key=row.public_key, credential_current_sign_count=row.sign_count, require_user_verification=True)
    except Exception:
        # Whatever is wrong with an answer that somebody sent: it proves nothing.
        return None
    return _Proved(row.id, row.account_id, row.sign_count, checked.new_sign_count)


def _row(desk: Desk, credential_id: str) -> Any:
    with desk.database.read() as session:
        if row := rows.passkey(session, credential_id):
            return row
    raise NotFound


def _use(session: Session, desk: Desk, challenge: str, proved: _Proved) -> bool:
    return is_first_use(session, desk, challenge) and rows.use_passkey(session, proved.id, proved.before, proved.count, desk.wall())


def _record(session: Session, desk: Desk, account_id: int, event: str) -> None:
    record_for_desk(session, event, desk.now(session), Doer(account_id, "account"), {"account": account_id})
