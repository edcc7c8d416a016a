"""Signing in through an organisation's own provider (OpenID Connect): authorization code with state, nonce and PKCE.

It lets in whoever has an active account here with an address that the provider says it has verified; it never makes an account. Needs
the extra `oidc`. What a browser has to bring back (state, nonce, the PKCE verifier) is in its own signed cookie, once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog

from breachdesk.casework.desk import Desk, Provider
from breachdesk.casework.signing_in import sessions
from breachdesk.casework.signing_in.sessions import Place
from breachdesk.errors import NotFound, Refused
from breachdesk.store import sessions as rows
from breachdesk.store.session import Session

log = structlog.get_logger()
PROVIDER = "provider"
TIMEOUT_SECONDS = 10
# How far the provider's clock may be from ours.
LEEWAY_SECONDS = 60
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_AWAY = "The sign-in service of your organisation could not be reached. Try again later, or sign in another way."


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser is sent to the provider with: where to, and what it has to bring back."""

    url: str
    state: str
    nonce: str
    verifier: str


def the_provider(desk: Desk) -> Provider:
    """The provider of this desk. Raises NotFound when there is none."""
    if desk.provider is None:
        raise NotFound("Nobody signs in to this desk through their organisation.")
    return desk.provider


def _callback(desk: Desk) -> str:
    """The address that the provider sends browsers back to: the desk's own setting, never what a request said."""
    return f"{desk.base_url.rstrip('/')}/sign-in/provider/back"


def begin(desk: Desk) -> Errand:
    """Send a browser to the provider. Raises NotFound, or Refused when the provider is away."""
    provider = the_provider(desk)
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    url, state = _client(desk, provider).create_authorization_url(
        _described(provider)["authorization_endpoint"], nonce=nonce, code_verifier=verifier)
    return Errand(url, state, nonce, verifier)


def sign_in(desk: Desk, errand: Errand, given: Mapping[str, str], place: Place) -> str | None:
    """A new sign-in's token for whom the provider vouches, or None: whatever is wrong, and whoever is unknown, looks the same."""
    provider = the_provider(desk)
    state, code = given.get("state", ""), given.get("code", "")
    if not errand.state or not code or not hmac.compare_digest(state.encode(), errand.state.encode()):
        return None
    try:
        email = _vouched_for(desk, provider, errand, code)
    except Refused:
        raise
    except Exception as fault:
        # Nothing of what the provider or the browser said goes into the log: it may hold tokens.
        log.warning("provider_not_believed", reason=type(fault).__name__)
        return None

    def work(session: Session) -> str | None:
        row = rows.account_by_email(session, email.strip().casefold()[:254])
        return sessions.begin(session, desk, row.id, PROVIDER, place) if row else None
    return desk.database.transact(work) if email else None


def _vouched_for(desk: Desk, provider: Provider, errand: Errand, code: str) -> str:
    """The verified address of whom the code is for, or nothing. Raises whatever is wrong with what the provider says."""
    described = _described(provider)
    token = _client(desk, provider).fetch_token(described["token_endpoint"], code=code, code_verifier=errand.verifier,
                                                timeout=TIMEOUT_SECONDS)
    claims = _claims(desk, provider, _fetched(described["jwks_uri"]), str(token["id_token"]), errand.nonce)
    return str(claims["email"]) if claims.get("email_verified") is True and isinstance(claims.get("email"), str) else ""


def _claims(desk: Desk, provider: Provider, keys: Any, id_token: str, nonce: str) -> Mapping[str, Any]:
    """What the provider signed. Raises when it did not, not for us, not now, or not for this errand."""
    from joserfc import jwt
    from joserfc.jwk import KeySet

    claims: Mapping[str, Any] = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims
    registry = jwt.JWTClaimsRegistry(
        now=int(desk.wall().timestamp()), leeway=LEEWAY_SECONDS, iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id}, exp={"essential": True}, iat={"essential": True},
        sub={"essential": True}, nonce={"essential": True, "value": nonce})
    registry.validate(dict(claims))
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise ValueError("the token is for somebody else")
    return claims


def _client(desk: Desk, provider: Provider) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(provider.client_id, provider.client_secret, scope="openid email", redirect_uri=_callback(desk),
                         code_challenge_method="S256")


def _described(provider: Provider) -> Mapping[str, str]:
    """What the provider says about itself. Raises Refused when it is away, or is another one than was set."""
    described: Mapping[str, str] = _fetched(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    secure = all(urlsplit(str(described.get(name, ""))).scheme == urlsplit(provider.issuer).scheme
                 for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"))
    if described.get("issuer") != provider.issuer or not secure:
        log.error("provider_differs_from_settings")
        raise Refused(_AWAY)
    return described


def _fetched(url: str) -> Any:
    import requests

    try:
        answer = requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as fault:
        log.warning("provider_away", reason=type(fault).__name__)
        raise Refused(_AWAY) from None
