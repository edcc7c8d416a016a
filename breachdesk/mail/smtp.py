"""Messages by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from urllib.parse import unquote, urlsplit

from breachdesk.errors import DeliveryFailed
from breachdesk.mail.mailer import Message, as_email

TIMEOUT_SECONDS = 20
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """Hands each message to a mail server: smtp:// with STARTTLS when offered, smtps:// with TLS from the start."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    @property
    def server(self) -> str:
        """The name of the machine that takes the mail."""
        return self._url.hostname or "localhost"

    def send(self, message: Message) -> None:
        mail = as_email(message, self._sender)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            raise DeliveryFailed(f"The mail server refused {message.to_address}.", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"The mail server could not be used: {error}", permanent=False) from error

    def _connected(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_SECONDS, context=_believing())
        else:
            server = smtplib.SMTP(host, self._url.port or 587, timeout=TIMEOUT_SECONDS)
            if server.has_extn("starttls") or server.ehlo()[0] == 250 and server.has_extn("starttls"):
                server.starttls(context=_believing())
        if self._url.username:
            self._require_tls(server, host)
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server

    def _require_tls(self, server: smtplib.SMTP, host: str) -> None:
        """Raise DeliveryFailed rather than send a password where anybody on the way reads it. Within this machine nobody is on the way."""
        if not isinstance(server.sock, ssl.SSLSocket) and host not in _THIS_MACHINE:
            server.close()
            raise DeliveryFailed(f"The mail server {host} offers no TLS, so the password stayed here. Use smtps:// or another server.",
                                 permanent=False)


def _believing() -> ssl.SSLContext:
    """Whom the machine trusts: a certificate must be signed by one of those, and for that very name. Left alone, smtplib checks neither."""
    return ssl.create_default_context()
