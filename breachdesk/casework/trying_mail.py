"""Whether mail arrives: one message to whoever asks, to themselves."""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import urlsplit

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.scheme_settings import office_in
from breachdesk.errors import DeliveryFailed, Refused
from breachdesk.identity import Actor
from breachdesk.mail.mailer import Message
from breachdesk.store.audit_log import record_for_desk

_TEXT = """Dear {name},

This is a test. You asked for it where the scheme “{scheme}” is set up, and mail from the desk reaches you.

{base}
"""


def try_mail(desk: Desk, actor: Actor, slug: str) -> str:
    """Send a test message to the one who asks; what became of it. Raises NotFound, or Refused with what the mail server said."""
    with desk.database.read() as session:
        scheme = desk.scheme(session, slug)
        office = office_in(actor, scheme)
    host = urlsplit(desk.base_url).hostname or "localhost"
    trouble = ""
    try:
        desk.mailer.send(Message(actor.name, actor.email, "A test message from Breachdesk",
                                 _TEXT.format(name=actor.name, scheme=scheme.title, base=desk.base_url), f"<test-{token_hex(8)}@{host}>"))
    except DeliveryFailed as error:
        trouble = str(error)
    desk.database.transact(lambda session: record_for_desk(
        session, "mail:tried", desk.now(session), Doer(actor.account_id, office), {"account": actor.account_id, "taken": not trouble}))
    if trouble:
        raise Refused(f"The test message could not be sent. {trouble} The operator looks after the mail server.")
    return f"A test message to {actor.email} was handed over. If it does not arrive within a quarter of an hour, ask the operator."
