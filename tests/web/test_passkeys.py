"""Passkeys over HTTP: what a device has to prove, and what forged answers get. tests/journeys uses them in a browser."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256

import cbor2
import pytest
from conftest import PASSWORD
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from web.page_reader import PageReader

ORIGIN, HOST = "http://localhost", "localhost"


class Device:
    """A device with one key, that can lie. What it says of itself can be changed: where it thinks it is, whether it asked its owner."""

    def __init__(self):
        self.key, self.id, self.count = ec.generate_private_key(ec.SECP256R1()), b"a device's own number", 0
        self.origin, self.host, self.verified, self.challenge = ORIGIN, HOST, True, None

    def _client(self, kind, options):
        return json.dumps({"type": kind, "challenge": self.challenge if self.challenge is not None else options["challenge"],
                           "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, more=b"", flags=0):
        flags |= 0x01 | (0x04 if self.verified else 0)
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _answer(self, **response):
        told = {name: b64(value) for name, value in response.items()}
        return json.dumps({"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": told, "clientExtensionResults": {}})

    def register(self, options):
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        data = self._data(bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public, 0x40)
        return self._answer(clientDataJSON=self._client("webauthn.create", options),
                            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))

    def prove(self, options):
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)


def b64(value):
    return urlsafe_b64encode(value).decode().rstrip("=")


@pytest.fixture
def app(app, desk):
    app.extensions["breachdesk"] = replace(desk, base_url=ORIGIN)
    return app


@pytest.fixture
def device():
    return Device()


def token(person, path="/sign-out"):
    return person.open(path).form().one("input", name="csrf_token")["value"]


def asked(person, path):
    return person.client.post(path, data={"csrf_token": token(person)}).json


def kept(person, device, name="My telephone"):
    options = asked(person, "/account/passkeys/options")
    return person.client.post("/account/passkeys", data={"csrf_token": token(person), "name": name, "credential": device.register(options)})


def proved(person, device, path="/sign-in/passkey"):
    answer = device.prove(asked(person, "/sign-in/passkey/options"))
    return person.client.post(path, data={"csrf_token": token(person), "credential": answer, "next": "/cases"}), answer


def test_a_passkey_is_kept_and_lets_its_owner_in_without_password_or_code(reader, app, device):
    ruth = reader("ruth")
    assert kept(ruth, device).status_code == 303
    assert "My telephone" in ruth.open("/account/passkeys").main

    somebody = PageReader(app)
    answer, _ = proved(somebody, device)

    assert answer.location == "/cases"
    assert "with a passkey" in somebody.open("/account").main


def test_a_passkey_takes_both_steps_in_one(reader, app, device):
    kept(reader("olive"), device)

    olive = PageReader(app)
    proved(olive, device)

    assert olive.open("/home")


LIES = {"from another site": {"origin": "http://localhost.evil.example"}, "for another site": {"host": "evil.example"},
        "without asking its owner": {"verified": False}, "to another challenge": {"challenge": "YW5vdGhlcg"},
        "to no challenge": {"challenge": ""}}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_forged_answer_lets_nobody_in(reader, app, device, lie):
    kept(reader("ruth"), device)
    for name, value in lie.items():
        setattr(device, name, value)
    thief = PageReader(app)

    assert proved(thief, device)[0].status_code == 422
    assert thief.client.get("/home").status_code == 302


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_forged_passkey_is_not_kept(reader, device, lie):
    ruth = reader("ruth")
    for name, value in lie.items():
        setattr(device, name, value)

    assert kept(ruth, device).status_code == 422
    assert "My telephone" not in ruth.open("/account/passkeys").main


def test_another_key_under_the_same_number_lets_nobody_in(reader, app, device):
    kept(reader("ruth"), device)
    thief = PageReader(app)

    assert proved(thief, Device())[0].status_code == 422


def test_an_answer_is_good_once_even_with_the_same_cookie(reader, app, device):
    kept(reader("ruth"), device)
    somebody, thief = PageReader(app), PageReader(app)
    options = asked(somebody, "/sign-in/passkey/options")
    cookie = somebody.client.get_cookie("desk").value
    device.count = -1       # Many devices do not count: they always say nought.
    answer = device.prove(options)
    device.count = 0
    data = {"csrf_token": token(somebody), "credential": answer}
    assert somebody.client.post("/sign-in/passkey", data=data).status_code == 302

    thief.client.set_cookie("desk", cookie)

    assert thief.client.post("/sign-in/passkey", data=data).status_code == 422


def test_an_answer_that_comes_too_late_lets_nobody_in(reader, app, device, clock):
    kept(reader("ruth"), device)
    somebody = PageReader(app)
    answer = device.prove(asked(somebody, "/sign-in/passkey/options"))
    clock.move(minutes=6)

    assert somebody.client.post("/sign-in/passkey", data={"csrf_token": token(somebody), "credential": answer}).status_code == 422


def test_a_copied_key_that_counts_backwards_lets_nobody_in(reader, app, device):
    kept(reader("ruth"), device)
    device.count = 7
    proved(PageReader(app), device)
    device.count = 3

    assert proved(PageReader(app), device)[0].status_code == 422


@pytest.mark.parametrize("nonsense", ["", "x", "{}", "[]", "null", '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}',
                                      "\x00", "9" * 9999])
def test_nonsense_is_answered_in_words(reader, app, nonsense):
    ruth, somebody = reader("ruth"), PageReader(app)
    asked(ruth, "/account/passkeys/options")
    asked(somebody, "/sign-in/passkey/options")

    assert ruth.client.post("/account/passkeys", data={"csrf_token": token(ruth), "credential": nonsense}).status_code == 422
    assert somebody.client.post("/sign-in/passkey", data={"csrf_token": token(somebody), "credential": nonsense}).status_code == 422


def test_one_confirms_with_ones_own_passkey_and_nobody_elses(reader, app, device, clock):
    ruth, omar = reader("ruth"), reader("omar")
    kept(ruth, device)
    clock.move(minutes=11)

    assert proved(omar, device, "/confirm/passkey")[0].status_code == 422
    assert proved(ruth, device, "/confirm/passkey")[0].location == "/cases"
    assert ruth.open("/account/address")


def test_a_passkey_is_removed_by_its_owner_alone(reader, app, device):
    ruth, omar = reader("ruth"), reader("omar")
    kept(ruth, device)
    form = next(form for form in ruth.open("/account/passkeys").one("main").all("form") if form["action"].endswith("/remove"))
    omar.client.post(form["action"], data={"csrf_token": token(omar)})
    assert "My telephone" in ruth.open("/account/passkeys").main

    ruth.send(form)

    assert "My telephone" not in ruth.open("/account/passkeys").main
    assert proved(PageReader(app), device)[0].status_code == 422


def test_a_deactivated_account_is_not_let_in(reader, app, device, desk):
    kept(reader("ruth"), device)
    with desk.database.begin() as session:
        session.connection.exec_driver_sql("UPDATE accounts SET active = 0 WHERE email = 'ruth@desk.example'")

    assert proved(PageReader(app), device)[0].status_code == 422


def test_what_is_asked_says_nothing_about_who_has_an_account(app):
    options = asked(PageReader(app), "/sign-in/passkey/options")

    assert not options.get("allowCredentials")
    assert options["userVerification"] == "required"


@pytest.mark.parametrize(("base_url", "usable"), [("https://desk.example", True), ("http://localhost:8000", True),
                                                  ("http://127.0.0.1:8000", False), ("http://desk.example", False),
                                                  ("https://192.0.2.7", False)])
def test_a_desk_offers_passkeys_only_where_browsers_allow_them(app, desk, base_url, usable):
    app.extensions["breachdesk"] = replace(desk, base_url=base_url)
    person = PageReader(app)

    assert ("passkey" in person.open("/sign-in").main) is usable
    assert (person.client.post("/sign-in/passkey/options", data={"csrf_token": token(person)}).status_code == 200) is usable
    person.sign_in("ruth@desk.example", PASSWORD)
    assert ("takes no passkeys" in person.open("/account/passkeys").main) is not usable
