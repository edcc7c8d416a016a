"""What can carry a message away. `smtp` and `folder` are the two ways."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol

from breachdesk.errors import DeliveryFailed


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `message_id` comes from the notice, so that a receiver can tell a repetition."""

    to_name: str
    to_address: str
    subject: str
    text: str
    message_id: str


class Mailer(Protocol):
    """Carries messages away."""

    def send(self, message: Message) -> None:
        """Send one message. Raises DeliveryFailed, permanent or not."""


def as_email(message: Message, sender: str) -> EmailMessage:
    """The message as a mail to exactly one address. Raises DeliveryFailed (permanent) when it cannot be one."""
    mail = EmailMessage()
    try:
        name, _, domain = message.to_address.rpartition("@")
        mail["To"] = Address(display_name=message.to_name, username=name, domain=domain)
        mail["From"] = sender
        mail["Subject"] = message.subject
        mail["Message-ID"] = message.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
    except (ValueError, IndexError) as error:
        raise DeliveryFailed(f"This cannot be an email to {message.to_address!r}: {error}", permanent=True) from error
    return mail
