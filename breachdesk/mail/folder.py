"""Messages as .eml files in a folder: for practice, and for a desk that has no mail yet."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from breachdesk.mail.mailer import Message, as_email


class FolderMailer:
    """Writes each message to a file. The same message written twice is one file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self._sender = sender

    def send(self, message: Message) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = sha256(message.message_id.encode()).hexdigest()[:24]
        (self.folder / f"{name}.eml").write_bytes(as_email(message, self._sender).as_bytes())
