"""Handing mail to a server: over TLS whose certificate is believed, and no password to one that offers none."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import serving, signed_by_itself

from breachdesk.errors import DeliveryFailed
from breachdesk.mail import smtp
from breachdesk.mail.mailer import Message
from breachdesk.mail.smtp import SmtpMailer

MESSAGE = Message("Ruth", "ruth@desk.example", "A word", "Words.", "<one@desk.example>")


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as a small server does. `tls` is what it offers TLS with, from the start when `at_once`."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.tls, self.at_once, self.heard = tls, at_once, list[str]()
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()


class _Talk(socketserver.BaseRequestHandler):
    server: MailServer

    def handle(self) -> None:
        try:
            line = self.server.tls.wrap_socket(self.request, server_side=True) if self.server.at_once and self.server.tls else self.request
            self._talk(line)
        except OSError:
            self.server.heard.append("(gone)")

    def _talk(self, line) -> None:
        line.sendall(b"220 here\r\n")
        while said := line.recv(65536).decode():
            self.server.heard.append(said.strip())
            word = said[:4].upper()
            if word == "STAR" and self.server.tls:
                line.sendall(b"220 go\r\n")
                line = self.server.tls.wrap_socket(line, server_side=True)
            elif word == "EHLO":
                offers = ["STARTTLS"] if self.server.tls and not isinstance(line, ssl.SSLSocket) else []
                lines = ["here", *offers, "AUTH PLAIN"]
                line.sendall("".join(f"250{' ' if one is lines[-1] else '-'}{one}\r\n" for one in lines).encode())
            else:
                line.sendall({"DATA": b"354 go on\r\n", "AUTH": b"235 ok\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return signed_by_itself(tmp_path)


@pytest.fixture(params=[("smtp", False), ("smtps", True)], ids=["STARTTLS", "TLS from the start"])
def tls(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[str, MailServer]]:
    """The address of a server whose certificate only it has signed, and the server."""
    scheme, at_once = request.param
    with MailServer(serving(certificate), at_once=at_once) as server:
        yield f"{scheme}://desk:secret@localhost:{server.server_address[1]}", server
        server.shutdown()


def test_a_mail_server_with_a_certificate_that_nobody_signed_gets_no_mail_and_no_password(tls: tuple[str, MailServer]) -> None:
    url, server = tls

    with pytest.raises(DeliveryFailed, match="certificate verify failed") as failed:
        SmtpMailer(url, "desk@desk.example").send(MESSAGE)

    assert not failed.value.permanent
    assert not [said for said in server.heard if said.startswith(("AUTH", "MAIL"))]


def test_one_that_the_machine_trusts_gets_it(tls: tuple[str, MailServer], certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, server = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    SmtpMailer(url, "desk@desk.example").send(MESSAGE)

    assert [said for said in server.heard if "Words." in said]


def test_no_password_goes_to_a_server_that_offers_no_tls_unless_it_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer() as server:
        mailer = SmtpMailer(f"smtp://desk:secret@localhost:{server.server_address[1]}", "desk@desk.example")
        mailer.send(MESSAGE)
        assert [said for said in server.heard if said.startswith("AUTH")]
        server.heard.clear()
        # As if it were somewhere else.
        monkeypatch.setattr(smtp, "_THIS_MACHINE", ())

        with pytest.raises(DeliveryFailed, match="offers no TLS"):
            mailer.send(MESSAGE)

        assert not [said for said in server.heard if said.startswith("AUTH")]
        server.shutdown()
