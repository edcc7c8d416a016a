"""Signing in through one's own organisation, against a small provider that runs here: what it vouches for, and what is not believed."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from certificates import serving, signed_by_itself
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from second_steps import code_now, made_ready_for_codes
from structlog.testing import capture_logs
from web.page_reader import PageReader
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from breachdesk.casework.desk import Provider
from breachdesk.casework.signing_in import oidc
from breachdesk.errors import BadSettings, Refused
from breachdesk.settings import read_settings

CLIENT, SECRET = "breachdesk-here", "a secret between the two"
KEY, STRANGERS_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))


class LocalProvider:
    """A provider that lets Ruth in. `says` is put over the claims, `signs` and `algorithm` say how it signs them."""

    def __init__(self, clock):
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.issuer = f"http://127.0.0.1:{self.server.port}"
        self.says, self.signs, self.header, self.down = {}, KEY, {"alg": "RS256", "kid": "one"}, False
        self._clock, self._codes = clock, {}
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def __call__(self, environ, start_response):
        request = Request(environ)
        answer = {"/.well-known/openid-configuration": self._described, "/keys": self._keys, "/token": self._token}[request.path](request)
        return (Response(status=503) if self.down else answer)(environ, start_response)

    def _described(self, request):
        return _json({"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
                      "jwks_uri": f"{self.issuer}/keys"})

    def _keys(self, request):
        return _json(KeySet([RSAKey.import_key(KEY.as_dict(private=False))]).as_dict())

    def agrees(self, url):
        """What happens in the browser at the provider: it looks at the request, and sends the browser back with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return f"/sign-in/provider/back?code={code}&state={asked['state']}"

    def _token(self, request):
        asked = self._codes.pop(request.form["code"], None)
        challenge = urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest()).decode().rstrip("=")
        known = request.authorization and (request.authorization.username, request.authorization.password) == (CLIENT, SECRET)
        if asked is None or not known or challenge != asked["code_challenge"] or request.form["redirect_uri"] != asked["redirect_uri"]:
            return Response('{"error": "invalid_grant"}', 400, mimetype="application/json")
        now = int(self._clock().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                  "email": "Ruth@desk.example", "email_verified": True, **self.says}
        claims = {name: value for name, value in claims.items() if value is not None}
        return _json({"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(self.header, claims, self.signs)})


def _json(data):
    return Response(json.dumps(data), mimetype="application/json")


@pytest.fixture
def provider(clock):
    provider = LocalProvider(clock)
    yield provider
    provider.server.shutdown()


@pytest.fixture
def trusting(desk, provider):
    """The desk, whose people may sign in through that provider."""
    return replace(desk, provider=Provider(provider.issuer, CLIENT, SECRET, "Amberdale Council"))


@pytest.fixture
def person(app, trusting):
    app.extensions["breachdesk"] = trusting
    return PageReader(app)


def sent_there(person, after="/cases"):
    answer = person.client.get(f"/sign-in/provider?next={after}")
    assert answer.status_code == 302
    return answer.location


def refused(person, back):
    page = person.open(back, 422)
    assert page.heading == "You could not be signed in that way"
    assert person.client.get("/home").status_code == 302


def test_whoever_has_an_account_is_let_in_and_led_on(person, provider):
    link = next(link for link in person.open("/sign-in").all("a") if "Amberdale Council" in link.text)
    assert link["href"].startswith("/sign-in/provider")

    assert person.follow(provider.agrees(sent_there(person))).path.endswith("/cases")
    assert "through your organisation" in person.open("/account").main


@pytest.mark.parametrize("says", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": None}, {"exp": 1}, {"exp": None},
    {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"iss": "https://elsewhere.example"},
    {"email": "stranger@elsewhere.example"}, {"email": None}, {"azp": "somebody-else", "aud": [CLIENT, "somebody-else"]},
], ids=str)
def test_what_the_provider_does_not_vouch_for_lets_nobody_in(person, provider, says):
    provider.says = says

    refused(person, provider.agrees(sent_there(person)))


def test_a_token_that_is_too_old_is_not_believed(person, provider, clock):
    provider.says = {"iat": int(clock().timestamp()) - 900, "exp": int(clock().timestamp()) - 300}

    refused(person, provider.agrees(sent_there(person)))


def test_a_token_that_somebody_else_signed_is_not_believed(person, provider):
    provider.signs = STRANGERS_KEY

    refused(person, provider.agrees(sent_there(person)))


def test_a_token_that_nobody_signed_is_not_believed(person, provider, monkeypatch):
    def unsigned(header, claims, key):
        parts = ({"alg": "none"}, claims)
        return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
    monkeypatch.setattr(jwt, "encode", unsigned)

    refused(person, provider.agrees(sent_there(person)))


def test_a_code_that_was_used_lets_nobody_in_again(person, provider):
    back = provider.agrees(sent_there(person))
    person.client.get(back)
    thief = PageReader(person.app)

    refused(thief, back)
    thief.client.get("/sign-in/provider")
    refused(thief, back)


def test_a_state_that_this_browser_did_not_bring_lets_nobody_in(person, provider):
    back = provider.agrees(sent_there(person))

    refused(person, back.partition("&state=")[0] + "&state=another")
    refused(person, back)


def test_a_deactivated_account_is_not_let_in(person, provider, trusting):
    with trusting.database.begin() as session:
        session.connection.exec_driver_sql("UPDATE accounts SET active = 0 WHERE email = 'ruth@desk.example'")

    refused(person, provider.agrees(sent_there(person)))


def test_the_second_step_is_asked_for_all_the_same(person, provider, trusting):
    made_ready_for_codes(trusting, "olive@desk.example")
    provider.says = {"email": "olive@desk.example"}

    page = person.follow(provider.agrees(sent_there(person)))

    assert page.heading == "Give your code"
    assert person.send(page.form(), {"code": code_now(trusting)}).path.endswith("/cases")


def test_it_leads_to_no_other_site(person, provider):
    assert person.client.get(provider.agrees(sent_there(person, "//elsewhere.example/"))).location == "/home"


def test_a_provider_that_is_away_is_said(person, provider):
    provider.down = True

    assert "could not be reached" in person.open("/sign-in/provider", 409).main


def test_a_provider_that_calls_itself_otherwise_is_not_used(person, provider, trusting):
    provider.issuer += "/another"

    person.open("/sign-in/provider", 409)


def test_the_settings_come_together_and_over_https():
    with pytest.raises(BadSettings, match="OIDC_CLIENT_ID"):
        read_settings({"BREACHDESK_OIDC_ISSUER": "https://login.example"})
    with pytest.raises(BadSettings, match="must begin with https"):
        read_settings({"BREACHDESK_OIDC_ISSUER": "http://login.example", "BREACHDESK_OIDC_CLIENT_ID": "x",
                       "BREACHDESK_OIDC_CLIENT_SECRET": "y"})


def test_a_provider_whose_certificate_nobody_signed_is_not_asked(tmp_path):
    server = make_server("127.0.0.1", 0, lambda *_: [b"{}"], ssl_context=serving(signed_by_itself(tmp_path)))
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()

    with capture_logs() as logged, pytest.raises(Refused, match="could not be reached"):
        oidc._fetched(f"https://localhost:{server.port}/.well-known/openid-configuration")

    server.shutdown()
    assert [one["reason"] for one in logged] == ["SSLError"]
